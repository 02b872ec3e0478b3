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
    private static final int OPEN_FILES = 512;
    private static final int TRIAL_SECONDS = 10;

    private final BuildLimits limits;
    private final Programs programs;
    private final Path folder;
    private final long end;
    private final @Nullable Room room;
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
        room = limits.alone() ? new Room(programs, folder, this::works) : null;
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

    /** Whether the sources are those of others. */
    boolean isForeign() {
        return limits.alone();
    }

    /** Whether compilers run in a root of their own. */
    boolean isClosed() {
        return room != null && room.isClosed();
    }

    /**
     * Runs a program to its end on the sources in a folder; where they are foreign, in a room of its own.
     *
     * @return what it printed
     */
    Run run(Path sources, Map<String, String> variables, List<String> command) {
        return run(sources, sources, variables, command);
    }

    /** As above, but the program begins in another folder than that of the sources. */
    Run run(Path sources, Path in, Map<String, String> variables, List<String> command) {
        return ran(in, variables, command, room == null ? command : room.words(sources, in, command));
    }

    /** As {@link #run}, but with the network and the machine's files: for programs that run nothing of the sources. */
    Run runOpen(Path in, Map<String, String> variables, List<String> command) {
        return ran(in, variables, command, command);
    }

    private Run ran(Path in, Map<String, String> variables, List<String> command, List<String> whole) {
        try {
            return wait(started(in, variables, whole), Path.of(command.getFirst()).getFileName().toString());
        } catch (IOException e) {
            return new Run(false, command.getFirst() + " cannot be started: " + e.getMessage());
        }
    }

    private Process started(Path in, Map<String, String> variables, List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(bounds());
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole).directory(in.toFile()).redirectErrorStream(true);
        if (limits.alone()) {
            builder.environment().clear();
            builder.environment().putAll(Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "HOME", folder.toString(), "LANG", "C.UTF-8"));
        }
        builder.environment().put("TMPDIR", folder.resolve("tmp").toString());
        builder.environment().putAll(variables);
        return builder.start();
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
    private List<String> bounds() {
        Optional<Path> limit = programs.first("prlimit");
        return limit.isEmpty() || limits.memory() == 0 ? List.of() : List.of(limit.get().toString(), "--as=" + limits.memory(), "--fsize=" + limits.file(),
                "--nofile=" + OPEN_FILES, "--core=0", "--cpu=" + limits.time().toSeconds());
    }

    private boolean works(List<String> command) {
        try {
            Process process = started(folder, Map.of(), command);
            try {
                process.getInputStream().close();
                return process.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            } finally {
                end(process);
            }
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
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
