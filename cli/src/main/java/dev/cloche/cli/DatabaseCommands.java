package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cloche.bindings.Bindings;
import dev.cloche.kernel.Json;
import dev.cloche.modules.PythonSource;
import dev.cloche.schema.DefinitionJson;
import dev.cloche.schema.ModuleDefinition;
import dev.cloche.schema.SchemaResolver;
import dev.cloche.values.SatsJson;
import dev.cloche.values.Timestamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Live databases, by the HTTP routes of the public protocol. */
@Command(name = "db", description = "Live databases: build, publish, list, describe, generate, call, sql, logs, backup, restore, rename, delete.", mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class DatabaseCommands {
    private static final String DATABASE = "/v1/database/";

    private final Cloche cloche;

    DatabaseCommands(Cloche cloche) {
        this.cloche = cloche;
    }

    @Command(name = "build", mixinStandardHelpOptions = true, description = {
        "Make one WebAssembly module of Python files, which any host of the public module ABI can run.",
        "The module is started once, so that mistakes show; no server is needed."})
    int build(
            @Parameters(paramLabel = "FILE", arity = "1..*", description = "The main file, then those that it imports.") List<Path> files,
            @Option(names = {"-o", "--out"}, required = true, paramLabel = "FILE", description = "Where to put it, such as game.wasm.") Path out) throws IOException {
        PythonSource source = ModuleFiles.source(files);
        LocalModules modules = new LocalModules(cloche.data());
        byte[] module = modules.pack(source);
        modules.describe(module);
        Files.write(out, module);
        cloche.result(JsonNodeFactory.instance.objectNode().put("file", out.toString()).put("bytes", module.length), out + ", " + module.length + " bytes");
        return 0;
    }

    @Command(name = "publish", mixinStandardHelpOptions = true, description = {
        "Make a database of a module, or put the module into the database of that name.",
        "What becomes of its tables is shown and has to be confirmed."})
    int publish(
            @Parameters(paramLabel = "NAME", description = "The database's name, also in the address that clients use.") String name,
            @Parameters(paramLabel = "FILE", arity = "1..*", description = "Python files, the main one first, or one module of WebAssembly.") List<Path> files,
            @Option(names = {"-y", "--yes"}, description = "Do not ask.") boolean yes,
            @Option(names = "--clear", description = "Delete all rows and begin anew.") boolean clear,
            @Option(names = "--project", paramLabel = "ID", description = "For a new database; the first of one's own by default.") Optional<String> project) throws IOException {
        byte[] module = ModuleFiles.content(files);
        Api api = cloche.api();
        String path = DATABASE + Api.segment(name);
        if (api.find(path).isEmpty()) {
            return published(api.put(path + project.map(id -> "?organization=" + Api.segment(id)).orElse(""), module, "application/wasm"), name);
        }
        if (clear) {
            confirm(yes, "Delete all rows of " + name + "?");
            return published(api.put(path + "?clear=true", module, "application/wasm"), name);
        }
        JsonNode plan = Json.tree(api.post(path + "/pre_publish", module, "application/wasm"));
        if (plan.has("ManualMigrate")) {
            throw CommandFailure.of(ExitStatus.INVALID, plan.path("ManualMigrate").path("reason").asText().strip() + "\n--clear deletes all rows and begins anew.");
        }
        JsonNode automatic = plan.path("AutoMigrate");
        String steps = automatic.path("migrate_plan").asText().strip();
        cloche.note(steps);
        boolean breaks = automatic.path("break_clients").asBoolean();
        if (breaks || steps.contains("\n")) {
            confirm(yes, breaks ? "Publish, and disconnect clients that know the old module?" : "Publish?");
        }
        String token = "?token=" + Api.segment(automatic.path("token").asText());
        return published(api.put(path + token + (breaks ? "&policy=BreakClients" : ""), module, "application/wasm"), name);
    }

    private int published(JsonNode answer, String name) {
        JsonNode success = answer.path("Success");
        cloche.result(success, name + " " + success.path("op").asText() + ", identity " + success.path("database_identity").asText());
        return 0;
    }

    private void confirm(boolean yes, String question) {
        if (!yes && !cloche.confirmed(question)) {
            throw CommandFailure.of(ExitStatus.FAILED, "Not confirmed, so nothing was changed; --yes does not ask.");
        }
    }

    @Command(name = "list", description = "Databases of one's projects.", mixinStandardHelpOptions = true)
    int list() {
        JsonNode all = cloche.api().get("/api/databases");
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode one : all.path("databases")) {
            List<String> names = new ArrayList<>();
            one.path("names").forEach(name -> names.add(name.asText()));
            boolean running = one.path("running").asBoolean();
            rows.add(List.of(String.join(", ", names), running ? one.path("rows").asText() : "-", running ? one.path("clients").asText() : "asleep", one.path("identity").asText()));
        }
        cloche.table(all, List.of("NAME", "ROWS", "CLIENTS", "IDENTITY"), rows);
        JsonNode memory = all.path("memory");
        cloche.note("All databases of this server together: tables " + mebibytes(memory, "tables") + " of " + mebibytes(memory, "mostTables")
                + " MiB, modules " + mebibytes(memory, "modules") + " of " + mebibytes(memory, "mostModules") + " MiB.");
        return 0;
    }

    private static long mebibytes(JsonNode memory, String name) {
        return memory.path(name).asLong() >> 20;
    }

    @Command(name = "describe", aliases = "schema", description = "Show tables, reducers, views and procedures; --json prints the whole definition.", mixinStandardHelpOptions = true)
    int describe(@Parameters(paramLabel = "NAME", description = "Name or identity.") String name) {
        String json = definition(cloche.api(), name);
        if (cloche.json()) {
            cloche.print(json);
        } else {
            ModuleDefinition definition = DefinitionJson.readTen(json);
            cloche.print(SchemaText.of(definition, SchemaResolver.resolve(definition, Optional.empty())));
        }
        return 0;
    }

    private static String definition(Api api, String name) {
        return new String(api.bytes(DATABASE + Api.segment(name) + "/schema?version=10"), StandardCharsets.UTF_8);
    }

    /** Which SDK of a language bindings are for. */
    enum Language {
        TYPESCRIPT, PYTHON
    }

    @Command(name = "generate", mixinStandardHelpOptions = true, description = {
        "Write what a client needs in its language: types, tables, functions.",
        "TypeScript is for the official SDK; Python stands alone."})
    int generate(
            @Parameters(paramLabel = "NAME|FILE", arity = "1..*", description = "A database, or the files of a module.") List<String> of,
            @Option(names = "--lang", required = true, paramLabel = "LANGUAGE", description = "typescript or python.") Language language,
            @Option(names = "--sdk", paramLabel = "N", defaultValue = "2", description = "Generation of the TypeScript SDK, 2 or 1; ${DEFAULT-VALUE} by default.") int sdk,
            @Option(names = {"-o", "--out"}, required = true, paramLabel = "DIR", description = "Where to put it; made if missing.") Path out) throws IOException {
        if (sdk != 1 && sdk != 2) {
            throw CommandFailure.of(ExitStatus.USAGE, "--sdk is 2 or 1.");
        }
        Bindings.Target target = language == Language.PYTHON ? Bindings.Target.PYTHON : sdk == 1 ? Bindings.Target.TYPESCRIPT_1 : Bindings.Target.TYPESCRIPT_2;
        List<Path> files = of.stream().map(Path::of).toList();
        ModuleDefinition definition = files.size() > 1 || Files.isRegularFile(files.getFirst())
                ? new LocalModules(cloche.data()).describe(ModuleFiles.content(files))
                : DefinitionJson.readTen(definition(cloche.api(), of.getFirst()));
        String text = Bindings.of(definition, target);
        Path file = Files.createDirectories(out).resolve(target.file());
        Files.writeString(file, text);
        cloche.result(JsonNodeFactory.instance.objectNode().put("file", file.toString()), file.toString());
        return 0;
    }

    @Command(name = "call", mixinStandardHelpOptions = true, description = {
        "Call a reducer, or a procedure and print what it returns.",
        "Arguments are JSON; text and identities need no quotes. After -- a word may begin with a minus sign."})
    int call(
            @Parameters(paramLabel = "NAME", description = "Name or identity.") String name,
            @Parameters(paramLabel = "FUNCTION") String function,
            @Parameters(paramLabel = "ARGUMENT", arity = "0..*") @Nullable List<String> words) {
        Api api = cloche.api();
        ModuleDefinition definition = DefinitionJson.readTen(definition(api, name));
        byte[] arguments = CallArguments.json(SchemaResolver.resolve(definition, Optional.empty()), function, words == null ? List.of() : words);
        byte[] answer = api.post(DATABASE + Api.segment(name) + "/call/" + Api.segment(function), arguments, "application/json");
        if (answer.length > 0) {
            cloche.print(new String(answer, StandardCharsets.UTF_8));
        }
        return 0;
    }

    @Command(name = "sql", description = "Run one SQL statement; those that change rows need a role in the project.", mixinStandardHelpOptions = true)
    int sql(
            @Parameters(paramLabel = "NAME", description = "Name or identity.") String name,
            @Parameters(paramLabel = "STATEMENT") String statement) {
        byte[] answer = cloche.api().post(DATABASE + Api.segment(name) + "/sql", statement.getBytes(StandardCharsets.UTF_8), "text/plain");
        String text = new String(answer, StandardCharsets.UTF_8);
        JsonNode first = SatsJson.tree(text, "answer").path(0);
        List<String> heads = RowText.heads(first);
        JsonNode stats = first.path("stats");
        if (cloche.json()) {
            cloche.print(text);
        } else if (heads.isEmpty()) {
            cloche.note(stats.path("rows_inserted").asLong() + " inserted, " + stats.path("rows_updated").asLong() + " updated, "
                    + stats.path("rows_deleted").asLong() + " deleted.");
        } else {
            cloche.table(first, heads, RowText.rows(first));
        }
        return 0;
    }

    @Command(name = "logs", description = "Print the database's log.", mixinStandardHelpOptions = true)
    int logs(
            @Parameters(paramLabel = "NAME", description = "Name or identity.") String name,
            @Option(names = {"-f", "--follow"}, description = "Go on with the lines that come.") boolean follow,
            @Option(names = {"-n", "--lines"}, paramLabel = "N", defaultValue = "100", description = "At most so many old lines; ${DEFAULT-VALUE} by default.") int lines) {
        cloche.api().lines(DATABASE + Api.segment(name) + "/logs?num_lines=" + lines + (follow ? "&follow=true" : ""),
                line -> cloche.print(cloche.json() ? line : logLine(Json.tree(line.getBytes(StandardCharsets.UTF_8)))));
        return 0;
    }

    private static String logLine(JsonNode line) {
        String place = line.has("filename") ? " " + line.path("filename").asText() + (line.has("line_number") ? ":" + line.path("line_number").asText() : "") : "";
        String function = line.path("function").asText("");
        return new Timestamp(line.path("ts").asLong()).toInstant() + " " + line.path("level").asText().toUpperCase(Locale.ROOT)
                + place + (function.isEmpty() ? "" : " " + function) + ": " + line.path("message").asText();
    }

    @Command(name = "rename", description = "Give a database another name; clients have to use the new one.", mixinStandardHelpOptions = true)
    int rename(
            @Parameters(paramLabel = "NAME", description = "Name or identity.") String name,
            @Parameters(paramLabel = "NEW") String wanted) {
        Api api = cloche.api();
        Set<String> names = new LinkedHashSet<>();
        api.get(DATABASE + Api.segment(name) + "/names").path("names").forEach(one -> names.add(one.asText()));
        names.remove(name);
        names.add(wanted);
        JsonNode answer = api.put(DATABASE + Api.segment(name) + "/names", Json.bytes(names), "application/json");
        cloche.result(answer, "Now called " + wanted + ".");
        return 0;
    }

    @Command(name = "backup", mixinStandardHelpOptions = true, description = {
        "Write module and rows of a database to a file, as they are now or as they were; the database goes on.",
        "How far back that goes, the setting databases.history says; a time before it is refused with the time at which it begins."})
    int backup(
            @Parameters(paramLabel = "NAME", description = "Name or identity.") String name,
            @Option(names = {"-o", "--out"}, required = true, paramLabel = "FILE", description = "Where to put it, such as game.zip.") Path out,
            @Option(names = "--at", paramLabel = "TIME", description = "As it was then: 2026-01-31T12:00, in this machine's time zone if none is given.") Optional<String> at,
            @Option(names = "--transaction", paramLabel = "NUMBER", description = "As it was after this transaction.") Optional<Long> transaction) throws IOException {
        if (at.isPresent() && transaction.isPresent()) {
            throw CommandFailure.of(ExitStatus.USAGE, "Give --at or --transaction, not both.");
        }
        String query = at.map(text -> "?at=" + Api.segment(instant(text).toString())).or(() -> transaction.map(number -> "?transaction=" + number)).orElse("");
        byte[] backup = cloche.api().bytes("/api/databases/" + Api.segment(name) + "/backup" + query);
        Files.write(out, backup);
        cloche.result(JsonNodeFactory.instance.objectNode().put("file", out.toString()).put("bytes", backup.length), out + ", " + backup.length + " bytes");
        return 0;
    }

    private static Instant instant(String text) {
        try {
            return text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$") ? OffsetDateTime.parse(text).toInstant() : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeParseException e) {
            throw CommandFailure.of(ExitStatus.USAGE, "'" + text + "' is no time; write it as 2026-01-31T12:00 or 2026-01-31T12:00:00Z.");
        }
    }

    @Command(name = "restore", mixinStandardHelpOptions = true, description = "Make a new database of a backup.")
    int restore(
            @Parameters(paramLabel = "NAME", description = "The new database's name; nobody may have it yet.") String name,
            @Parameters(paramLabel = "FILE", description = "The backup.") Path file,
            @Option(names = "--project", paramLabel = "ID", description = "The first of one's own by default.") Optional<String> project) throws IOException {
        JsonNode made = cloche.api().put("/api/databases/" + Api.segment(name) + "/backup" + project.map(id -> "?project=" + Api.segment(id)).orElse(""),
                Files.readAllBytes(file), "application/zip").path("database");
        cloche.result(made, name + " restored, " + made.path("rows").asLong() + " rows, identity " + made.path("identity").asText());
        return 0;
    }

    @Command(name = "delete", description = "Delete a database with all its rows.", mixinStandardHelpOptions = true)
    int delete(
            @Parameters(paramLabel = "NAME", description = "Name or identity.") String name,
            @Option(names = {"-y", "--yes"}, description = "Do not ask.") boolean yes) {
        confirm(yes, "Delete " + name + " with all its rows?");
        cloche.api().delete(DATABASE + Api.segment(name));
        cloche.note("Deleted.");
        return 0;
    }
}
