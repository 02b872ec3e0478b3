package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Ends the command with a status and one line for people; carries the server's problem where there is one. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitStatus status;
    private final transient JsonNode problem;

    private CommandFailure(ExitStatus status, String message, JsonNode problem) {
        super(message);
        this.status = status;
        this.problem = problem;
    }

    /** A failure of the command's own. */
    static CommandFailure of(ExitStatus status, String message) {
        return new CommandFailure(status, message, JsonNodeFactory.instance.objectNode()
                .put("error", status.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
                .put("detail", message));
    }

    /** The server's refusal. */
    static CommandFailure of(int httpStatus, JsonNode problem) {
        StringBuilder message = new StringBuilder(problem.path("detail").asText("The server answered " + httpStatus + "."));
        problem.path("errors").forEach(error -> {
            String line = error.path("field").asText() + ": " + error.path("message").asText();
            if (message.indexOf(error.path("message").asText()) < 0) {
                message.append("\n  ").append(line);
            }
        });
        return new CommandFailure(ExitStatus.of(httpStatus), message.toString(), problem);
    }

    ExitStatus status() {
        return status;
    }

    JsonNode problem() {
        return problem;
    }

    String line() {
        return String.valueOf(getMessage());
    }
}
