package dev.cloche.storage;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The operating-system account that the database runs as: ourselves, or, since PostgreSQL refuses to run as root, a
 * numeric account that nobody else uses.
 *
 * <p>{@code initdb} alone looks its account up in the list of users; it runs as {@code nobody} and its result is handed
 * over, so that other services that run as {@code nobody} cannot read the data.
 */
sealed interface PostgresAccount {
    /** The command prefix under which {@code initdb} runs. */
    List<String> forInitdb();

    /** The command prefix under which the server runs; the kernel stops it (fast shutdown) when the starting thread ends. */
    List<String> forServer();

    /** Gives a fresh folder to {@code initdb}. */
    void giveToInitdb(Path path);

    /** Gives what {@code initdb} made to the server. */
    void giveToServer(Path tree);

    /** The account to use for this process. */
    static PostgresAccount current() {
        for (String tool : List.of("setpriv", "setsid")) {
            if (Stream.of("/usr/bin/", "/bin/").noneMatch(folder -> Files.isExecutable(Path.of(folder + tool)))) {
                throw Problem.of(ErrorCode.NOT_AVAILABLE, "The program '" + tool + "' is missing, without which the embedded "
                        + "PostgreSQL cannot be started safely; apt-get install util-linux");
            }
        }
        return isRoot() ? new Separate(65522, 65534) : new Own();
    }

    /** Whether this process runs as root. */
    static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** The account of this process. */
    record Own() implements PostgresAccount {
        @Override
        public List<String> forInitdb() {
            return List.of();
        }

        @Override
        public List<String> forServer() {
            return List.of("setsid", "setpriv", "--pdeathsig", "INT", "--no-new-privs");
        }

        @Override
        public void giveToInitdb(Path path) {
            // it is ours already
        }

        @Override
        public void giveToServer(Path tree) {
            // it is ours already
        }
    }

    /**
     * Accounts without rights, for a process of root.
     *
     * @param server the numeric user and group of the server, outside the ranges that Debian and systemd hand out
     * @param initdb the numeric user of {@code nobody}
     */
    record Separate(int server, int initdb) implements PostgresAccount {
        @Override
        public List<String> forInitdb() {
            return as(initdb, List.of("setpriv"));
        }

        @Override
        public List<String> forServer() {
            return as(server, List.of("setsid", "setpriv", "--pdeathsig", "INT"));
        }

        @Override
        public void giveToInitdb(Path path) {
            give(path, initdb);
        }

        @Override
        public void giveToServer(Path tree) {
            try (Stream<Path> paths = Files.walk(tree)) {
                paths.forEach(path -> give(path, server));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private static List<String> as(int account, List<String> start) {
            List<String> command = new ArrayList<>(start);
            command.addAll(List.of("--reuid=" + account, "--regid=" + account, "--clear-groups", "--no-new-privs"));
            return command;
        }

        private static void give(Path path, int account) {
            try {
                Files.setAttribute(path, "unix:uid", account, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:gid", account, LinkOption.NOFOLLOW_LINKS);
            } catch (IOException e) {
                throw Problem.of(ErrorCode.UNAVAILABLE, "Running as root, but " + path + " cannot be given to the account " + account
                        + " of the database (" + e + "). Run Cloche as a normal user, or set CLOCHE_DATABASE_URL.");
            }
        }
    }
}
