package dev.cloche.cli;

import dev.cloche.kernel.DataDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Looks at this machine with the server's eyes; changes nothing. */
final class MachineCheck {
    private static final long WANTED_BYTES = 2L << 30;

    private final DataDirectory data;
    private final int port;
    private final String outbound;

    /** How a finding stands. */
    enum State {
        OK("ok"), OPTIONAL("optional"), MISSING("missing");

        private final String label;

        State(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /**
     * One thing looked at.
     *
     * @param about what
     * @param state how it stands
     * @param found what there is
     * @param advice how to add or mend it; empty if nothing is to do
     */
    record Finding(String about, State state, String found, String advice) {}

    MachineCheck(DataDirectory data, int port, String outbound) {
        this.data = data;
        this.port = port;
        this.outbound = outbound;
    }

    /** All findings: first what the server needs, then what building and testing need. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding("JDK", State.OK, Runtime.version().toString(), ""));
        findings.add(platform());
        findings.add(postgres());
        findings.add(dataDirectory());
        findings.add(portFinding());
        findings.addAll(engines());
        findings.add(new Finding("Outbound", State.OK, "databases may ask " + (outbound.isBlank() ? "no other server" : outbound),
                outbound.isBlank() ? "databases.outbound = \"api.example.org\" lets them ask hosts that you name" : ""));
        findings.add(tool("Node", "needed to build the pages and engines", "install Node 20.19 or later", "node", "--version"));
        findings.add(tool("Python", "needed to fill the shelf of wheels", "apt-get install python3", "python3", "--version"));
        findings.add(tool("Git", "makes builds faster to check", "apt-get install git", "git", "--version"));
        findings.add(tool("Chromium", "needed by the browser tests only", "apt-get install --no-install-recommends chromium", "chromium", "--version"));
        return findings;
    }

    private static Finding platform() {
        String found = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        boolean fits = found.equals("Linux amd64");
        return new Finding("Platform", fits ? State.OK : State.MISSING, found, fits ? "" : "use Linux on x86-64, or set CLOCHE_DATABASE_URL to a PostgreSQL 18 of your own");
    }

    private static Finding postgres() {
        List<String> lacking = Stream.of("setpriv", "setsid")
                .filter(tool -> Stream.of("/usr/bin/", "/bin/").noneMatch(folder -> Files.isExecutable(Path.of(folder + tool)))).toList();
        if (System.getenv("CLOCHE_DATABASE_URL") != null) {
            return new Finding("PostgreSQL", State.OK, "the server of CLOCHE_DATABASE_URL", "");
        }
        return lacking.isEmpty()
                ? new Finding("PostgreSQL", State.OK, "embedded, version 18", "")
                : new Finding("PostgreSQL", State.MISSING, "no " + String.join(", ", lacking), "apt-get install util-linux");
    }

    private Finding dataDirectory() {
        Path existing = data.root();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            String found = data.root() + ", " + (free >> 20) + " MB free" + elsewhere();
            if (!Files.isWritable(existing)) {
                return new Finding("Data", State.MISSING, data.root() + " cannot be written", "name another directory with --data DIR");
            }
            return new Finding("Data", free < WANTED_BYTES ? State.OPTIONAL : State.OK, found, free < WANTED_BYTES ? "free some space: 2 GB are comfortable" : "");
        } catch (IOException e) {
            return new Finding("Data", State.MISSING, String.valueOf(e.getMessage()), "name another directory with --data DIR");
        }
    }

    /** For root the database may lie elsewhere; who backs up or removes the directory must know. */
    private String elsewhere() throws IOException {
        Path pointer = data.postgres().resolve("location");
        return Files.isReadable(pointer) ? ", database in " + Files.readString(pointer).strip() : "";
    }

    private Finding portFinding() {
        Optional<RunningServer> running = RunningServer.find(data);
        if (running.isPresent()) {
            return new Finding("Port", State.OK, running.get().port() + ", used by the running server", "");
        }
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return new Finding("Port", State.OK, socket.getLocalPort() + " is free", "");
        } catch (IOException e) {
            return new Finding("Port", State.OPTIONAL, port + " is taken by another program", "choose another with --port N");
        }
    }

    private static List<Finding> engines() {
        String root = System.getProperty("cloche.root", "");
        Path folder = Path.of(root, "build", "assets", "engine", "pyodide");
        List<String> versions = List.of();
        try (Stream<Path> found = Files.list(folder)) {
            versions = found.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException notBuilt) {
            // told below
        }
        return List.of(
                versions.isEmpty()
                        ? new Finding("Engine PYODIDE", State.OPTIONAL, "not built yet", "./cloche build")
                        : new Finding("Engine PYODIDE", State.OK, "Pyodide " + String.join(", ", versions), ""),
                wasmtime(Path.of(root, "build", "assets", "native")),
                databaseMemory(),
                new Finding("Engines NODE, WEBVM, FIRECRACKER", State.OPTIONAL, "not part of this version", ""));
    }

    /** As the launcher and the server share the machine: two fifths for the server, three fifths of that for tables, half as much beside it for modules. */
    private static Finding databaseMemory() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            long mebibytes = lines.filter(line -> line.startsWith("MemTotal:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10).sum();
            long heap = Math.max(512, mebibytes * 2 / 5);
            return new Finding("Memory of databases", State.OK, "tables up to " + heap * 3 / 5 + " MiB together, modules up to " + heap / 2 + " MiB",
                    "databases.tables, databases.modules (MiB); CLOCHE_JAVA_OPTIONS=-Xmx… for the server");
        } catch (IOException | NumberFormatException unknown) {
            return new Finding("Memory of databases", State.OK, "three fifths of the server's for tables, half of it for modules", "");
        }
    }

    private static Finding wasmtime(Path folder) {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            boolean there = files.anyMatch(file -> file.getFileName().toString().matches("(lib)?wasmtime\\.(so|dylib|dll)"));
            if (there) {
                return new Finding("Databases", State.OK, "wasmtime", "");
            }
        } catch (IOException notFetched) {
            // told below
        }
        return new Finding("Databases", State.OPTIONAL, "Endive, in Java: about ten times slower than wasmtime", "./cloche build fetches wasmtime from this machine's package index");
    }

    private static Finding tool(String about, String why, String advice, String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readNBytes(500), StandardCharsets.UTF_8).strip();
            if (process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return new Finding(about, State.OK, said.lines().reduce("", (first, last) -> last), ""); // wrappers warn first
            }
            process.destroyForcibly();
        } catch (IOException e) {
            // not there
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Finding(about, State.OPTIONAL, "none; " + why, advice);
    }
}
