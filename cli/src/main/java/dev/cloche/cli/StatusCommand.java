package dev.cloche.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says whether the server of the data directory runs and is ready. */
@Command(name = "status", description = "Whether the server runs; exit code 3 if it does not.", mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private final Cloche cloche;

    StatusCommand(Cloche cloche) {
        this.cloche = cloche;
    }

    @Override
    public Integer call() {
        RunningServer server = cloche.running();
        boolean ready = ready(server);
        ObjectNode tree = JsonNodeFactory.instance.objectNode()
                .put("running", true).put("ready", ready).put("url", server.url()).put("port", server.port())
                .put("pid", server.pid()).put("data", cloche.data().root().toString());
        cloche.result(tree, "Cloche runs at " + server.url() + " (process " + server.pid() + ", data " + cloche.data().root() + "), "
                + (ready ? "ready." : "not ready."));
        return (ready ? ExitStatus.OK : ExitStatus.FAILED).code();
    }

    private static boolean ready(RunningServer server) {
        try {
            new Api(URI.create("http://127.0.0.1:" + server.port() + "/"), server.key()).get("/health/ready");
            return true;
        } catch (CommandFailure notReady) {
            return false;
        }
    }
}
