package dev.cloche.toolchains;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A temporary folder and the compilers that run for one build; {@link #close} ends and deletes all of it. */
final class Workshop implements AutoCloseable {
    private static final int LONGEST_OUTPUT = 32_768;
    private static final int OUTPUT_SECONDS = 10;
    private static final int OPEN_FILES = 256;

    private final BuildLimits limits;
    private final Programs programs;
    private final Path folder;
    private final long end;
    private int made;

    Workshop(BuildLimits limits, Programs programs) {
        this.limits = limits;
        this.programs = programs;
        this.end = System.nanoTime() + limits.time().toNanos();
        try {
            folder = Files.createTempDirectory("cloche-build");
            Files.createDirectory(folder.resolve("tmp"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Programs programs() {
        return programs;
    }

    /** A number that no other file of this build has. */
    int next() {
        return made++;
    }

    /** A path in the folder. */
    Path file(String name) {
        return folder.resolve(name);
    }

    /**
     * Runs a program to its end.
     *
     * @return what it printed
     */
    Run run(Path in, Map<String, String> variables, List<String> command) {
        List<String> whole = new ArrayList<>(fences());
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole).directory(in.toFile()).redirectErrorStream(true);
        if (limits.alone()) {
            builder.environment().clear();
            builder.environment().putAll(Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "HOME", folder.toString(), "LANG", "C.UTF-8"));
        }
        builder.environment().put("TMPDIR", folder.resolve("tmp").toString());
        builder.environment().putAll(variables);
        try {
            Process process = builder.start();
            return wait(process, Path.of(command.getFirst()).getFileName().toString());
        } catch (IOException e) {
            return new Run(false, command.getFirst() + " cannot be started: " + e.getMessage());
        }
    }

    private Run wait(Process process, String name) throws IOException {
        try {
            process.getOutputStream().close();
            CompletableFuture<String> output = new CompletableFuture<>();
            Thread.ofVirtual().name("compiler-output").start(() -> output.complete(read(process.getInputStream())));
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            if (!process.waitFor(left.toNanos(), TimeUnit.NANOSECONDS)) {
                return new Run(false, name + " took longer than the " + limits.time().toSeconds() + " seconds that a build may take.");
            }
            // not the process itself: ending it closes what it printed and is still to be read
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            return new Run(process.exitValue() == 0, output.completeOnTimeout("", OUTPUT_SECONDS, TimeUnit.SECONDS).join().strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Run(false, name + " was interrupted.");
        } finally {
            end(process);
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String read(InputStream in) {
        try (in) {
            byte[] head = in.readNBytes(LONGEST_OUTPUT);
            boolean more = in.skip(1) > 0;
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return new String(head, StandardCharsets.UTF_8) + (more ? "\n..." : "");
        } catch (IOException e) {
            return "";
        }
    }

    /** The words before a command that set its limits, as far as this machine can. */
    private List<String> fences() {
        List<String> words = new ArrayList<>();
        Optional<Path> limit = programs.first("prlimit");
        if (limit.isPresent() && limits.memory() > 0) {
            words.addAll(List.of(limit.get().toString(), "--as=" + limits.memory(), "--fsize=" + limits.file(), "--nofile=" + OPEN_FILES, "--core=0",
                    "--cpu=" + limits.time().toSeconds()));
        }
        if (limits.alone()) {
            words.addAll(withoutNetwork());
        }
        return words;
    }

    private List<String> withoutNetwork() {
        Optional<Path> unshare = programs.first("unshare");
        if (unshare.isEmpty()) {
            return List.of();
        }
        List<String> words = List.of(unshare.get().toString(), "--user", "--map-root-user", "--net");
        List<String> trial = new ArrayList<>(words);
        trial.add("true");
        try {
            Process process = new ProcessBuilder(trial).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            try {
                return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0 ? words : List.of();
            } finally {
                end(process);
            }
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Deletes the folder. */
    @Override
    public void close() {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * How a program ended.
     *
     * @param done whether with status 0
     * @param output what it printed, shortened
     */
    record Run(boolean done, String output) {}
}
