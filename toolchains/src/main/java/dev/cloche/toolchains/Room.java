package dev.cloche.toolchains;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where compilers of foreign sources run, as far as this machine lets a process without privileges make it: a root with the system's
 * programs, the compiler and the sources to read and the build's own folder to write, without network and without other processes
 * ({@code room.sh}). Else without network; else as they are. One build's.
 */
final class Room {
    private static final List<String> BESIDE_PROGRAMS = List.of("lib", "libexec", "share", "include");

    private final Programs programs;
    private final Path workshop;
    private final Kind kind;

    private enum Kind { OWN_ROOT, WITHOUT_NETWORK, OPEN }

    /**
     * The best that this machine makes.
     *
     * @param workshop the build's folder
     * @param works runs a command and says whether it did
     */
    Room(Programs programs, Path workshop, Predicate<List<String>> works) {
        this.programs = programs;
        this.workshop = workshop;
        this.kind = Stream.of(Kind.OWN_ROOT, Kind.WITHOUT_NETWORK).filter(one -> programs.first("unshare").isPresent())
                .filter(one -> works.test(words(one, workshop, workshop, List.of("true")))).findFirst().orElse(Kind.OPEN);
    }

    /** A command with what puts it there; it may read the folder and runs in it, or in a folder below. */
    List<String> words(Path folder, Path in, List<String> command) {
        return words(kind, folder, in, command);
    }

    /** Whether it has a root of its own, in which there is nothing else of the machine. */
    boolean isClosed() {
        return kind == Kind.OWN_ROOT;
    }

    private List<String> words(Kind which, Path folder, Path in, List<String> command) {
        List<String> words = new ArrayList<>();
        Optional<Path> unshare = programs.first("unshare");
        if (which != Kind.OPEN && unshare.isPresent()) {
            words.addAll(List.of(unshare.get().toString(), "--user", "--map-root-user", "--net"));
        }
        if (which == Kind.OWN_ROOT) {
            words.addAll(List.of("--pid", "--mount", "--ipc", "--fork", "--kill-child=KILL", "sh", "-c", script(), "room", root().toString(), workshop.toString(), in.normalize().toString()));
            words.addAll(readable(folder, Path.of(command.getFirst())));
            words.add("--");
        }
        words.addAll(command);
        return words;
    }

    private Path root() {
        try {
            return Files.createDirectories(workshop.resolve("room"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sources, and the program with what belongs to it. */
    private static Set<String> readable(Path folder, Path program) {
        Set<String> places = new LinkedHashSet<>();
        places.add(folder.normalize().toString());
        if (!program.isAbsolute() || program.startsWith("/usr") || program.startsWith("/bin")) {
            return places;
        }
        Path bin = real(program).resolveSibling(".").normalize();
        places.add(bin.toString());
        for (String name : BESIDE_PROGRAMS) {
            Path beside = bin.resolveSibling(name);
            if (bin.endsWith("bin") && Files.isDirectory(beside)) {
                places.add(beside.toString());
            }
        }
        return places;
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file;
        }
    }

    private static String script() {
        try (InputStream in = Room.class.getResourceAsStream("room.sh")) {
            return new String(Objects.requireNonNull(in, "room.sh").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
