package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Personal tokens. */
@Command(name = "token", description = "Personal tokens, by which programs use the API.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class TokenCommands {
    private final Cloche cloche;

    TokenCommands(Cloche cloche) {
        this.cloche = cloche;
    }

    @Command(name = "create", description = "Make a token and print its secret, which is shown this once.", mixinStandardHelpOptions = true)
    int create(
            @Option(names = "--name", defaultValue = "command line", description = "What it is for.") String name,
            @Option(names = "--scope", split = ",", paramLabel = "SCOPE", description = "read, write, publish, admin, work; all by default. May be repeated.") @Nullable List<String> scopes,
            @Option(names = "--days", paramLabel = "N", description = "How long it is valid; for ever by default.") Optional<Integer> days) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        Optional.ofNullable(scopes).ifPresent(list -> body.put("scopes", list));
        days.ifPresent(number -> body.put("days", number));
        JsonNode made = cloche.api().post("/api/tokens", body);
        cloche.result(made, made.path("secret").asText());
        return 0;
    }

    @Command(name = "list", description = "One's own tokens.", mixinStandardHelpOptions = true)
    int list() {
        JsonNode answer = cloche.api().get("/api/tokens");
        List<List<String>> rows = new ArrayList<>();
        answer.path("tokens").forEach(token -> rows.add(List.of(token.path("id").asText(), token.path("name").asText(),
                String.join(",", StreamSupport.stream(token.path("scopes").spliterator(), false).map(JsonNode::asText).toList()),
                token.path("usedAt").asText("never"), token.path("expiresAt").asText("never"))));
        cloche.table(answer, List.of("ID", "NAME", "SCOPES", "LAST USED", "EXPIRES"), rows);
        return 0;
    }

    @Command(name = "revoke", description = "End a token at once.", mixinStandardHelpOptions = true)
    int revoke(@Parameters(paramLabel = "ID") String id) {
        cloche.api().delete("/api/tokens/" + Api.segment(id));
        cloche.note("Revoked.");
        return 0;
    }
}
