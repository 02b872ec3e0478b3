package dev.cloche.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.cloche.databases.DatabaseEntry;
import dev.cloche.databases.DatabaseLog;
import dev.cloche.databases.Databases;
import dev.cloche.databases.LiveDatabase;
import dev.cloche.databases.ProcedureOutcome;
import dev.cloche.databases.ReducerOutcome;
import dev.cloche.http.Refused;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Action;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.schema.ModuleSchema;
import dev.cloche.tables.SqlException;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Layout;
import dev.cloche.values.MetaTypes;
import dev.cloche.values.SatsJson;
import dev.cloche.values.ValueException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Use of a database without a socket: calls, SQL, schema, logs (facts, specification C). */
final class CallRoutes {
    private static final long LARGEST_ARGUMENTS = 16L * 1024 * 1024;
    private static final long LARGEST_SQL = 1024 * 1024;
    private static final int MOST_LINES = 100_000;
    private static final int USER_ERROR = 530;
    /** How long a reader who follows a log may be left unlooked at: a look at each line would cost too much. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Databases databases;
    private final Callers callers;
    private final InstantSource clock;

    CallRoutes(Databases databases, Callers callers, InstantSource clock) {
        this.databases = databases;
        this.callers = callers;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/database/{database}/call/{function}", this::call).bodyLimit(LARGEST_ARGUMENTS),
                Route.get("/v1/database/{database}/schema", this::schema),
                Route.post("/v1/database/{database}/sql", this::sql).bodyLimit(LARGEST_SQL),
                Route.get("/v1/database/{database}/logs", this::logs),
                Route.get("/v1/database/{database}/unstable/timestamp", this::timestamp));
    }

    private Response call(Request request) {
        if (!request.mediaType().equals("application/json")) {
            throw Refusal.of(415, "Expected request with `Content-Type: application/json`");
        }
        DatabaseEntry entry = Found.in(databases, request);
        Caller caller = callers.anybody(request);
        LiveDatabase database = databases.open(entry.identity());
        Layouts layouts = new Layouts(database.module());
        String function = request.pathParameter("function");
        Layout parameters = layouts.parameters(function).orElseThrow(() -> Refusal.of(404, "No such procedure"));
        byte[] arguments = arguments(parameters, function, request);
        Response answer = switch (Awaited.answer(database.call(caller.identity(), function, arguments))) {
            case LiveDatabase.CallAnswer.NotLetIn(String message) -> throw Refusal.of(403, message);
            case LiveDatabase.CallAnswer.OfReducer done -> {
                awaitDurable(request, database, done.offset());
                yield timed(reducer(done.outcome()), done.nanoseconds());
            }
            case LiveDatabase.CallAnswer.OfProcedure done -> {
                awaitDurable(request, database, done.offset());
                yield timed(procedure(layouts, function, done.outcome()), done.nanoseconds());
            }
        };
        return caller.told(answer);
    }

    private static byte[] arguments(Layout parameters, String function, Request request) {
        try {
            String json = request.body().length == 0 ? "[]" : new String(request.body(), StandardCharsets.UTF_8);
            return parameters.encode(SatsJson.read(parameters, json, "args"));
        } catch (ValueException e) {
            throw Refusal.of(400, "invalid arguments for " + function + ": " + e.getMessage());
        }
    }

    private static Response reducer(ReducerOutcome outcome) {
        return switch (outcome) {
            case ReducerOutcome.Committed(byte[] result) -> new Response(200, Map.of(), new Response.Body.Bytes(new byte[0]));
            case ReducerOutcome.Refused(String message) -> throw Refusal.of(USER_ERROR, message);
            case ReducerOutcome.Failed(ReducerOutcome.Failure failure, String message) -> throw Refusal.of(status(failure, USER_ERROR), message);
        };
    }

    private static Response procedure(Layouts layouts, String function, ProcedureOutcome outcome) {
        return switch (outcome) {
            case ProcedureOutcome.Returned(byte[] value) -> {
                AlgebraicType type = layouts.module().procedure(function).map(ModuleSchema.Procedure::result).orElse(Product.UNIT);
                Layout layout = layouts.layout(type);
                yield Response.bytes(200, "application/json",
                        SatsJson.text(layout, layout.decode(new BsatnReader(value)), SatsJson.Form.UNTYPED).getBytes(StandardCharsets.UTF_8));
            }
            case ProcedureOutcome.Failed(ReducerOutcome.Failure failure, String message) -> throw Refusal.of(status(failure, 500), message);
        };
    }

    static int status(ReducerOutcome.Failure failure, int broken) {
        return switch (failure) {
            case UNKNOWN -> 404;
            case LIFECYCLE, ARGUMENTS -> 400;
            case TIME, MEMORY, TRAP -> broken;
            case UNAVAILABLE -> 503;
        };
    }

    private Response schema(Request request) {
        String version = request.query("version").orElseThrow(() -> Refusal.of(400, "The query parameter 'version' is needed: 9 or 10."));
        if (!version.equals("9") && !version.equals("10")) {
            throw Refusal.of(400, "'version' is 9 or 10.");
        }
        DatabaseEntry entry = Found.in(databases, request);
        return callers.anybody(request).told(Response.bytes(200, "application/json", databases.definition(entry.identity(), Integer.parseInt(version))));
    }

    private Response sql(Request request) throws IOException {
        DatabaseEntry entry = Found.in(databases, request);
        Caller caller = callers.anybody(request);
        LiveDatabase database = databases.open(entry.identity());
        boolean owner = callers.may(caller, Action.DATABASE_WRITE, entry.project());
        String statement = new String(request.body(), StandardCharsets.UTF_8);
        try {
            LiveDatabase.SqlAnswer answer = Awaited.answer(database.sql(caller.identity(), owner, statement));
            awaitDurable(request, database, answer.offset());
            String json = json(new Layouts(database.module()), answer);
            return caller.told(timed(Response.bytes(200, "application/json", json.getBytes(StandardCharsets.UTF_8)), answer.nanoseconds()));
        } catch (SqlException e) {
            Response refusal = Response.text(400, String.valueOf(e.getMessage()));
            throw new Refused(e.position() < 0 ? refusal : refusal.with("cloche-sql-position", Integer.toString(e.position())));
        }
    }

    private static String json(Layouts layouts, LiveDatabase.SqlAnswer answer) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = SatsJson.generator(text)) {
            out.writeStartArray();
            out.writeStartObject();
            out.writeFieldName("schema");
            BsatnWriter type = new BsatnWriter();
            MetaTypes.writeProduct(new Product(answer.columns()), type);
            Layout types = Layout.of(MetaTypes.TYPESPACE, MetaTypes.PRODUCT);
            SatsJson.write(types, types.decodeWhole(type.toArray()), SatsJson.Form.TYPED, out);
            out.writeArrayFieldStart("rows");
            Layout layout = layouts.columns(answer.columns());
            for (int row = 0; row < answer.rows().count(); row++) {
                BsatnReader in = new BsatnReader(answer.rows().data(), answer.rows().start(row), answer.rows().start(row + 1));
                SatsJson.write(layout, layout.decode(in), SatsJson.Form.UNTYPED, out);
            }
            out.writeEndArray();
            out.writeNumberField("total_duration_micros", answer.nanoseconds() / 1000);
            out.writeObjectFieldStart("stats");
            out.writeNumberField("rows_inserted", answer.inserted());
            out.writeNumberField("rows_deleted", answer.deleted());
            out.writeNumberField("rows_updated", answer.updated());
            out.writeEndObject();
            out.writeEndObject();
            out.writeEndArray();
        }
        return text.toString();
    }

    private Response logs(Request request) {
        DatabaseEntry entry = Found.in(databases, request);
        callers.person(callers.known(request), Action.DATABASE_READ, entry.project());
        Optional<Integer> lines = request.query("num_lines").isEmpty() ? Optional.empty() : Optional.of(request.queryInt("num_lines", 0, 0, MOST_LINES));
        boolean follow = request.query("follow").filter("true"::equals).isPresent();
        DatabaseLog log = databases.log(entry.identity(), lines, follow);
        return Response.stream("application/x-ndjson", out -> {
            try (log) {
                if (follow) {
                    out.flush();
                }
                Instant looked = clock.instant();
                for (Optional<dev.cloche.databases.LogLine> line = log.next(); line.isPresent(); line = log.next()) {
                    if (follow && clock.instant().isAfter(looked.plus(LOOK))) {
                        if (!callers.mayStill(request, Action.DATABASE_READ, entry.project())) {
                            return;
                        }
                        looked = clock.instant();
                    }
                    out.write(LogJson.bytes(line.get()));
                    if (follow && !log.ready()) {
                        out.flush();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Response timestamp(Request request) {
        Found.in(databases, request);
        java.time.Instant now = clock.instant();
        return Response.json(Map.of("__timestamp_micros_since_unix_epoch__", now.getEpochSecond() * 1_000_000 + now.getNano() / 1000));
    }

    private static Response timed(Response answer, long nanoseconds) {
        return answer.with("spacetime-energy-used", "0").with("spacetime-execution-duration-micros", Long.toString(nanoseconds / 1000));
    }

    /** Unless the client does not care, an answer shows only what would survive the end of the power supply. */
    private static void awaitDurable(Request request, LiveDatabase database, long offset) {
        if (request.query("confirmed").filter("false"::equals).isEmpty()) {
            Awaited.durable(database, offset);
        }
    }
}
