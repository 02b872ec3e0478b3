package dev.cloche.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;

/** Ends the server of the data directory, cleanly where it can. */
@Command(name = "stop", description = "Stop the server; done when it has ended.", mixinStandardHelpOptions = true)
final class StopCommand implements Callable<Integer> {
    private static final long CLEAN_SECONDS = 15;
    private static final long HARD_SECONDS = 5;

    private final Cloche cloche;

    StopCommand(Cloche cloche) {
        this.cloche = cloche;
    }

    @Override
    public Integer call() throws InterruptedException {
        Optional<ProcessHandle> found = RunningServer.find(cloche.data()).flatMap(RunningServer::process);
        if (found.isEmpty()) {
            report("Cloche is not running on " + cloche.data().root() + ".", false);
            return ExitStatus.OK.code();
        }
        ProcessHandle server = found.get();
        if (!server.destroy()) {
            throw CommandFailure.of(ExitStatus.REFUSED, "Process " + server.pid() + " belongs to another account.");
        }
        if (ended(server, CLEAN_SECONDS)) {
            report("Stopped.", true);
            return ExitStatus.OK.code();
        }
        // its database ends with it, by the kernel, and recovers at the next start
        server.destroyForcibly();
        if (!ended(server, HARD_SECONDS)) {
            throw CommandFailure.of(ExitStatus.FAILED, "Process " + server.pid() + " does not end.");
        }
        report("Stopped the hard way: it did not end within " + CLEAN_SECONDS + " s.", true);
        return ExitStatus.OK.code();
    }

    private void report(String line, boolean stopped) {
        cloche.result(JsonNodeFactory.instance.objectNode().put("stopped", stopped), line);
    }

    private static boolean ended(ProcessHandle process, long seconds) throws InterruptedException {
        try {
            process.onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        }
    }
}
