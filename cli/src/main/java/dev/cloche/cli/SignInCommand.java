package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Makes a one-time sign-in link. */
@Command(name = "sign-in", description = "Print a new one-time sign-in link of the owner, valid for 24 hours.", mixinStandardHelpOptions = true)
final class SignInCommand implements Callable<Integer> {
    private final Cloche cloche;

    SignInCommand(Cloche cloche) {
        this.cloche = cloche;
    }

    @Override
    public Integer call() {
        Api api = cloche.api();
        String me = api.get("/api/session").path("person").path("id").asText();
        JsonNode link = api.post("/api/people/" + Api.segment(me) + "/link", Map.of());
        cloche.result(link, link.path("link").asText());
        return ExitStatus.OK.code();
    }
}
