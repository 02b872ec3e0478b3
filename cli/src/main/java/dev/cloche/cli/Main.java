package dev.cloche.cli;

import dev.cloche.kernel.Problem;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine;

/** The command's entry: finds the words' command, runs it, turns failures into exit codes. */
public final class Main {
    private Main() {}

    /** Ends the process with one of {@link ExitStatus}. */
    public static void main(String[] arguments) {
        System.exit(run(new Surroundings(System.getenv(), System.in, System.out, System.err), arguments));
    }

    /**
     * What a command gets from its surroundings.
     *
     * @param environment variables
     * @param in answers to questions
     * @param out results, and nothing else
     * @param err everything else
     */
    record Surroundings(Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {}

    /** Runs one command line and returns its exit code. */
    static int run(Surroundings surroundings, String... arguments) {
        Cloche cloche = new Cloche(surroundings);
        CommandLine line = new CommandLine(cloche);
        line.addSubcommand(new WorkspaceCommands(cloche));
        line.addSubcommand(new AppCommands(cloche));
        line.addSubcommand(new DatabaseCommands(cloche));
        line.addSubcommand(WorkerCommands.line(cloche));
        line.addSubcommand(new TokenCommands(cloche));
        line.addSubcommand(new StatusCommand(cloche));
        line.addSubcommand(new StopCommand(cloche));
        line.addSubcommand(new SignInCommand(cloche));
        line.addSubcommand(new DoctorCommand(cloche));
        WorkerBuildCommand.addTo(line, cloche, surroundings.environment());
        line.setOut(new java.io.PrintWriter(surroundings.out(), true));
        line.setErr(new java.io.PrintWriter(surroundings.err(), true));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((exception, command, parsed) -> failed(cloche, exception));
        return line.execute(arguments);
    }

    private static int failed(Cloche cloche, Exception exception) {
        if (exception instanceof CommandFailure failure) {
            cloche.complain(failure);
            return failure.status().code();
        }
        String reason = exception instanceof Problem problem ? problem.detail() : exception.toString();
        CommandFailure failure = CommandFailure.of(ExitStatus.FAILED, reason);
        cloche.complain(failure);
        return failure.status().code();
    }
}
