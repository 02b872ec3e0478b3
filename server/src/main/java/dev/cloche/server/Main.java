package dev.cloche.server;

import dev.cloche.coordinator.CoordinatorSettings;
import dev.cloche.coordinator.WorkerBuilding;
import dev.cloche.databases.LiveDatabases;
import dev.cloche.databases.OutboundSettings;
import dev.cloche.http.Assets;
import dev.cloche.http.Contract;
import dev.cloche.http.FrontDoor;
import dev.cloche.http.HttpConfig;
import dev.cloche.http.HttpServer;
import dev.cloche.http.Origins;
import dev.cloche.http.StaticAssets;
import dev.cloche.kernel.DataDirectory;
import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Lifecycle;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import dev.cloche.packages.PackagesConfig;
import dev.cloche.protocol.OidcSettings;
import dev.cloche.storage.Storage;
import dev.cloche.storage.StorageSettings;
import dev.cloche.wasm.Engine;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** The server: reads the configuration, starts the parts in their order, stops them in the reverse one. */
public final class Main {
    private static final int REFUSED = 2;
    private static final System.Logger LOG = System.getLogger(Main.class.getName());

    private Main() {}

    /** Runs until the process is told to end; ends with 2 and a line for each reason where it cannot start. */
    public static void main(String[] arguments) throws IOException {
        Logging.install();
        Lifecycle parts = new Lifecycle();
        AtomicInteger status = new AtomicInteger();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(parts, status), "stop"));
        try {
            start(Startup.read(List.of(arguments), System.getenv()), parts);
        } catch (Problem e) {
            (e.fields().isEmpty() ? List.of(e.detail()) : e.fields().stream().map(FieldError::message).toList())
                    .forEach(line -> System.err.println("cloche: " + line));
            status.set(REFUSED);
            System.exit(REFUSED);
        }
    }

    /** Being told to end is no failure: the process ends with 0, where Java's own answer to a signal would be 143. */
    private static void stop(Lifecycle parts, AtomicInteger status) {
        parts.close();
        Runtime.getRuntime().halt(status.get());
    }

    private static void start(Startup startup, Lifecycle parts) throws IOException {
        var configuration = startup.configuration();
        var data = startup.data();
        ServerSettings settings = ServerSettings.from(configuration);
        StorageSettings storageSettings = StorageSettings.from(configuration);
        Features.Settings features = new Features.Settings(
                settings.assets().map(folder -> PackagesConfig.from(configuration, folder.resolve("wheels"), data.root().resolve("packages"))),
                LiveDatabases.Settings.from(configuration, settings.assets(), data.root()).reaching(OutboundSettings.from(configuration, settings.domain())),
                CoordinatorSettings.from(configuration),
                WorkerBuilding.Permission.from(configuration),
                OidcSettings.from(configuration));
        data.create();
        Logging.open(data.logs(), configuration);
        configuration.refuseUnknown();

        parts.start("data", Duration.ofSeconds(1), data::lock);
        // the database takes longest, so that all others are made meanwhile; what they ask it waits
        FutureTask<Storage> storage = InParallel.start("storage", () -> Storage.open(storageSettings, data));
        FutureTask<Engine> engine = InParallel.start("engine", features.databases()::openEngine);
        HttpServer http = parts.start("http", Duration.ofSeconds(5), () -> listen(settings));
        parts.start("storage", Duration.ofSeconds(9), () -> InParallel.closing(storage));

        Origins origins = settings.origins(http.port());
        String key = new RandomIds(new SecureRandom()).secret();
        Assets assets = settings.assets().<Assets>map(folder -> new StaticAssets(folder, origins)).orElseGet(Assets::none);
        Features started = Features.start(new Features.Foundation(
                () -> InParallel.result(storage), origins, assets, key, Contract.load(), () -> InParallel.result(engine)), features, parts);
        Optional<String> signIn = started.identity().start();
        http.serve(new FrontDoor(origins, new FrontDoor.Parts(
                started.routes(), started.contentRoutes(), assets, started.identity().authenticator(), started.contract())));

        parts.start("server file", Duration.ofSeconds(1), () -> new ServerFile(data.serverFile(),
                new ServerFile.Content(ProcessHandle.current().pid(), http.port(), origins.control(), key)));
        announce(origins.control(), signIn, data);
    }

    private static void announce(String url, Optional<String> signIn, DataDirectory data) {
        LOG.log(System.Logger.Level.INFO, "event=ready url={0} data={1}", url, data.root());
        System.out.println("Cloche is ready at " + url);
        signIn.ifPresent(link -> System.out.println("Sign in: " + link));
    }

    private static HttpServer listen(ServerSettings settings) {
        try {
            return HttpServer.bind(HttpConfig.on(settings.bind(), settings.port()));
        } catch (IllegalStateException e) {
            throw Problem.field("port", "free", "Cannot listen: " + e.getMessage() + ". Choose another port with --port N.");
        }
    }
}
