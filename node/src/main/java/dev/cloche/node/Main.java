package dev.cloche.node;

import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The process of a node: {@code cloche worker --port 8081 FILE...}. */
@Command(name = "cloche worker", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs workers and listens on HTTP: POST /rpc, POST /call/FUNCTION, /rpc/ws, /health/ready, /metrics.")
public final class Main implements Callable<Integer> {
    private static final int REFUSED = 2;
    /** What it says of connections is said by the link in its own words. Loggers are held weakly by the platform. */
    private static final Logger NETWORK = Logger.getLogger("io.vertx");

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Workers: .wasm or .worker files. May be none with --coordinator, which sends those that it needs.")
    private List<Path> files = List.of();

    @Option(names = "--port", paramLabel = "N", defaultValue = "8081", description = "Port to listen on; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--bind", paramLabel = "ADDRESS", defaultValue = "127.0.0.1", description = "Address to listen on. Another than loopback needs --secret-file or --open. Default: ${DEFAULT-VALUE}.")
    private String bind = "";

    @Option(names = "--open", description = "Answer everybody who reaches the address.")
    private boolean open;

    @Option(names = "--secret-file", paramLabel = "FILE", description = "What callers must show as 'Authorization: Bearer'.")
    private Optional<Path> secretFile = Optional.empty();

    @Option(names = "--allow-origin", paramLabel = "ORIGIN", description = "Pages of this origin may call; '*' for all. May be repeated. Default: no page.")
    private List<String> origins = List.of();

    @Option(names = "--coordinator", paramLabel = "URL", description = "The Cloche server to lend this node to.")
    private Optional<URI> coordinator = Optional.empty();

    @Option(names = "--token-file", paramLabel = "FILE", description = "A token of that server with the scope 'work'; else the variable CLOCHE_TOKEN.")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(names = "--name", paramLabel = "NAME", description = "This node's name on the coordinator's page. Default: the machine's name and the port.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--public-url", paramLabel = "URL", description = "Where callers reach this node, so that large calls need not pass the coordinator. They show a ticket of it, and need no secret.")
    private Optional<URI> publicUrl = Optional.empty();

    @Option(names = "--slots", paramLabel = "N", description = "Calls that run at a time. Default: the number of processors.")
    private Optional<Integer> slots = Optional.empty();

    @Option(names = "--queue", paramLabel = "N", defaultValue = "1000", description = "Calls that wait for a slot; beyond them callers are told to come again. Default: ${DEFAULT-VALUE}.")
    private int queue;

    @Option(names = "--max-body", paramLabel = "BYTES", defaultValue = "33554432", description = "Largest request. Default: ${DEFAULT-VALUE}.")
    private int bodyBytes;

    @Option(names = "--drain", paramLabel = "SECONDS", defaultValue = "10", description = "Longest time for calls in progress when it stops. Default: ${DEFAULT-VALUE}.")
    private int drain;

    @Option(names = "--allow-host", paramLabel = "HOST", description = "A host that workers may ask if their manifest names it. May be repeated. Default: none.")
    private List<String> hosts = List.of();

    @Option(names = "--allow-private", description = "Those hosts may be this machine's or in a private network.")
    private boolean privateAddresses;

    @Option(names = "--allow-path", paramLabel = "NAME=DIR", description = "A folder that workers may use if their manifest names it; NAME is 'ro:...' for reading only. May be repeated. Default: none.")
    private Map<String, Path> paths = Map.of();

    @Option(names = "--config", paramLabel = "KEY=VALUE", description = "A value of the workers' configuration. May be repeated.")
    private Map<String, String> config = Map.of();

    @Option(names = "--cache", paramLabel = "DIR", description = "Folder for compiled code. Default: cloche/workers in the user's cache folder.")
    private Optional<Path> cache = Optional.empty();

    @Option(names = "--libraries", hidden = true, description = "Folder that holds wasmtime.")
    private Optional<Path> libraries = Optional.empty();

    /** Made by {@link #main}. */
    Main() {}

    /** Runs until the process is told to end; ends with 2 and a line for each reason where it cannot start. */
    public static void main(String[] arguments) {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT %4$s %5$s%6$s%n");
        NETWORK.setLevel(Level.SEVERE);
        System.setProperty("vertx.disableDnsResolver", "true"); // names mean what they mean to the machine, not to a name server alone
        int status = new CommandLine(new Main()).setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof Problem problem) {
                (problem.fields().isEmpty() ? List.of(problem.detail()) : problem.fields().stream().map(FieldError::message).toList())
                        .forEach(line -> System.err.println("cloche: " + line));
                return REFUSED;
            }
            throw e;
        }).execute(arguments);
        System.exit(status);
    }

    @Override
    public Integer call() {
        Node node = Node.start(settings());
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            node.close();
            stopped.countDown();
            // being told to end is no failure, where Java's own answer to a signal would be 143
            Runtime.getRuntime().halt(0);
        }, "stop"));
        System.out.println("The worker node is ready at http://" + (bind.contains(":") ? "[" + bind + "]" : bind) + ":" + node.port()
                + " with " + node.workers().own().size() + " worker(s) on " + node.engine());
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    /** What the words mean; refuses what makes no sense. */
    NodeSettings settings() {
        require(port >= 0 && port <= 65_535, "port", "range", "--port is a number from 0 to 65535.");
        require(queue >= 0 && queue <= 100_000, "queue", "range", "--queue is a number from 0 to 100000.");
        require(bodyBytes >= 1024 && bodyBytes <= 256 << 20, "max-body", "range", "--max-body is a number from 1024 to 268435456.");
        require(drain >= 0 && drain <= 3600, "drain", "range", "--drain is a number of seconds from 0 to 3600.");
        require(publicUrl.isEmpty() || coordinator.isPresent(), "public-url", "coordinator", "--public-url is for callers whom a coordinator sends: give --coordinator, too.");
        int most = slots.orElseGet(() -> Runtime.getRuntime().availableProcessors());
        require(most >= 1 && most <= 256, "slots", "range", "--slots is a number from 1 to 256.");
        require(!files.isEmpty() || coordinator.isPresent(), "file", "required", "Name a worker's file, or a coordinator that sends workers: --coordinator URL.");
        Optional<String> secret = secretFile.map(file -> line(file, "secret-file"));
        require(open || secret.isPresent() || isLoopback(bind), "bind", "open",
                "Listening on " + bind + " lets others call: give a --secret-file, or say --open if all who reach it may.");
        return new NodeSettings(files, bind, port, most, queue, bodyBytes, Duration.ofSeconds(drain), new HashSet<>(origins), secret,
                coordinator.map(this::link), new NodeSettings.Grants(hosts, privateAddresses, paths, config),
                new NodeSettings.Places(libraries, Optional.of(cache.orElseGet(Main::usualCache))));
    }

    private NodeSettings.Coordinator link(URI url) {
        require(isAddress(url), "coordinator", "uri", "--coordinator is an address such as http://cloche.localhost:3000.");
        publicUrl.ifPresent(own -> require(isAddress(own) && own.getRawUserInfo() == null && own.getRawQuery() == null && own.getRawFragment() == null, "public-url", "uri",
                "--public-url is an address such as http://node.example:8081."));
        String token = tokenFile.map(file -> line(file, "token-file")).or(() -> Optional.ofNullable(System.getenv("CLOCHE_TOKEN")).filter(text -> !text.isBlank()))
                .orElseThrow(() -> Problem.field("token-file", "required", "A coordinator wants a token: set CLOCHE_TOKEN, or give a --token-file."));
        return new NodeSettings.Coordinator(url, token, name.orElseGet(() -> machine() + (port == 0 ? "" : ":" + port)), publicUrl);
    }

    private static boolean isAddress(URI url) {
        return url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()));
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "node";
        }
    }

    private static Path usualCache() {
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(text -> !text.isBlank()).map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache")).resolve("cloche").resolve("workers");
    }

    private static boolean isLoopback(String address) {
        return address.equals("localhost") || address.equals("::1") || address.matches("127(\\.[0-9]{1,3}){3}");
    }

    private static String line(Path file, String option) {
        try {
            String text = Files.readString(file).strip();
            require(!text.isEmpty(), option, "required", "--" + option + ": " + file + " is empty.");
            return text;
        } catch (IOException e) {
            throw Problem.field(option, "readable", "--" + option + ": cannot read " + file + ".");
        }
    }

    private static void require(boolean kept, String field, String rule, String message) {
        if (!kept) {
            throw Problem.field(field, rule, message);
        }
    }
}
