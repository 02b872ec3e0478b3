package dev.cloche.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.kernel.DataDirectory;
import dev.cloche.kernel.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedPostgresTest {
    @TempDir Path folder;

    @BeforeEach
    void othersMayWalkThrough() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Test
    void dataSurviveARestart() {
        try (EmbeddedPostgres first = start();
                DatabasePool pool = new DatabasePool(first.address(), 2)) {
            pool.database().write(handle -> handle.execute("CREATE TABLE kept AS SELECT 42 AS answer"));
        }

        try (EmbeddedPostgres second = start()) {
            assertThat(answer(second)).isEqualTo(42);
        }
    }

    @Test
    void nothingRunsAfterClose() {
        EmbeddedPostgres postgres = start();
        long pid = postgres.pid();
        assertThat(ProcessHandle.of(pid)).isPresent();

        postgres.close();

        assertThat(alive(pid)).isFalse();
    }

    @Test
    void aServerThatIsKilledIsStartedAgainAndNothingIsLost() {
        try (EmbeddedPostgres postgres = start();
                DatabasePool pool = new DatabasePool(postgres.address(), 2)) {
            pool.database().write(handle -> handle.execute("CREATE TABLE kept AS SELECT 42 AS answer"));
            long first = postgres.pid();

            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            while (postgres.pid() == first) {
                LockSupport.parkNanos(10_000_000);
            }

            assertThat(answer(postgres)).isEqualTo(42);
            while (!pool.answers()) {
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    @Test
    void theServerIsPostgres18AndDurable() {
        try (EmbeddedPostgres postgres = start();
                DatabasePool pool = new DatabasePool(postgres.address(), 2)) {
            assertThat(show(pool, "server_version")).startsWith("18.");
            assertThat(show(pool, "fsync")).isEqualTo("on");
            assertThat(show(pool, "synchronous_commit")).isEqualTo("on");
            assertThat(show(pool, "listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(show(pool, "is_superuser")).isEqualTo("off");
            assertThat(pool.answers()).isTrue();
        }
    }

    @Test
    void nobodyGetsInWithoutThePassword() {
        try (EmbeddedPostgres postgres = start()) {
            DatabaseAddress address = postgres.address();
            for (String password : new String[] {"", "wrong", "cloche"}) {
                assertThatThrownBy(() -> DriverManager.getConnection(address.url(), address.user(), password).close())
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("password");
            }
        }
    }

    @Test
    void thePasswordsAreForOurEyesOnly() throws Exception {
        start().close();

        Path passwords = folder.resolve("data/postgres/passwords");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwords))).isEqualTo("rw-------");
        assertThat(folder.resolve("data/postgres/initdb.password")).doesNotExist();
    }

    @Test
    void rootNeverRunsTheServerAsItself() throws Exception {
        try (EmbeddedPostgres postgres = start()) {
            Object owner = Files.getAttribute(Path.of("/proc/" + postgres.pid()), "unix:uid");

            assertThat(owner).isNotEqualTo(0);
        }
    }

    @Test
    void killingTheOwnerLeavesNoServerAndLosesNothing() throws Exception {
        Process owner = child();
        long pid = pidFrom(owner);
        assertThatThrownBy(() -> new DataDirectory(folder.resolve("data")).lock())
                .isInstanceOf(Problem.class)
                .hasMessageContaining("process " + owner.pid())
                .hasMessageContaining("--data");

        owner.destroyForcibly().waitFor();

        ProcessHandle.of(pid).ifPresent(server -> server.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        assertThat(alive(pid)).isFalse();
        try (DataDirectory.Lock free = new DataDirectory(folder.resolve("data")).lock();
                EmbeddedPostgres again = start()) {
            assertThat(answer(again)).isEqualTo(42);
        }
    }

    @Test
    void killingBothAtOnceIsRecoveredFrom() throws Exception {
        Process owner = child();
        long pid = pidFrom(owner);

        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        owner.destroyForcibly().waitFor();

        try (EmbeddedPostgres again = start()) {
            assertThat(answer(again)).isEqualTo(42);
        }
    }

    @Test
    void aServerLeftOverIsStoppedBeforeAnotherStartsOnTheSameData() {
        // as one whose owner was killed: nobody starts it again when it ends
        PostgresAccount account = PostgresAccount.current();
        PostgresPlace place = PostgresPlace.of(folder.resolve("data/postgres"), account);
        PostgresBinaries programs = PostgresBinaries.in(place.programs());
        Path cluster = PostgresCluster.in(place.home(), programs, account, true).data();
        PostgresProcess left = PostgresProcess.start(programs, account, cluster, true);

        try (EmbeddedPostgres next = start()) {
            assertThat(alive(left.pid())).isFalse();
            assertThat(next.pid()).isNotEqualTo(left.pid());
        } finally {
            left.close();
        }
    }

    @Test
    void aFirstStartCutShortIsMadeAnew() throws Exception {
        Path home = Files.createDirectories(folder.resolve("data/postgres"));
        Files.writeString(Files.createDirectories(home.resolve("cluster.new")).resolve("PG_VERSION"), "18\n");
        Files.writeString(home.resolve("passwords"), "admin=half");

        try (EmbeddedPostgres postgres = start();
                DatabasePool pool = new DatabasePool(postgres.address(), 1)) {
            assertThat(pool.answers()).isTrue();
        }
    }

    @Test
    void aDataDirectoryBelowAClosedFolderKeepsItsDataToo() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Path pointer = folder.resolve("data/postgres/location");
        try {
            try (EmbeddedPostgres first = start();
                    DatabasePool pool = new DatabasePool(first.address(), 2)) {
                pool.database().write(handle -> handle.execute("CREATE TABLE kept AS SELECT 42 AS answer"));
            }

            try (EmbeddedPostgres second = start()) {
                assertThat(answer(second)).isEqualTo(42);
            }
            assertThat(Files.exists(pointer)).isEqualTo(PostgresAccount.isRoot());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
        } finally {
            if (Files.exists(pointer)) {
                Path elsewhere = Path.of(Files.readString(pointer).strip());
                PostgresBinaries.deleteTree(folder.resolve("data"));
                start().close(); // sweeps what belonged to the directory that is gone
                assertThat(elsewhere).doesNotExist();
                PostgresBinaries.deleteTree(Path.of(Files.readString(pointer).strip()));
            }
        }
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(folder.resolve("data/postgres"));
    }

    private static int answer(EmbeddedPostgres postgres) {
        try (DatabasePool pool = new DatabasePool(postgres.address(), 2)) {
            return pool.database().read(handle -> handle.createQuery("SELECT answer FROM kept").mapTo(Integer.class).one());
        }
    }

    private static String show(DatabasePool pool, String setting) {
        return pool.database().read(handle -> handle.createQuery("SHOW " + setting).mapTo(String.class).one());
    }

    /** Gone, or a zombie whose parent (the machine's first process) has not collected it yet. */
    private static boolean alive(long pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        try {
            return process.isPresent() && !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    private Process child() throws Exception {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                        "-cp", System.getProperty("java.class.path"), PostgresHolder.class.getName(), folder.resolve("data").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static long pidFrom(Process child) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        assertThat(line).startsWith("holding ");
        return Long.parseLong(line.substring("holding ".length()));
    }
}
