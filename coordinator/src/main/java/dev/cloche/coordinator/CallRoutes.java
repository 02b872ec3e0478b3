package dev.cloche.coordinator;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Action;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.Envelope;
import dev.cloche.workers.Failure;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Calls that are answered at once: {@code /api/workers/NAME/call/FUNCTION}, and {@code /rpc} in the envelope of remote workers. */
final class CallRoutes {
    /** Largest body of an envelope that is looked at; of a larger one nobody hears in an envelope. */
    private static final long ENVELOPE = 2L * TaskQueue.LARGEST;
    private static final int LONGEST = 600_000;

    private final WorkerRegistry registry;
    private final Guard guard;
    private final Runner runner;

    /** What makes the calls, and what counts them. */
    record Runner(Calls calls, Division division, Meter meter) {}

    CallRoutes(WorkerRegistry registry, Guard guard, Runner runner) {
        this.registry = registry;
        this.guard = guard;
        this.runner = runner;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/api/workers/{worker}/call/{function}", this::call).bodyLimit(TaskQueue.LARGEST),
                Route.post("/rpc", new Rpc()).bodyLimit(ENVELOPE));
    }

    private Response call(Request request) throws InterruptedException {
        RegisteredWorker worker = guard.worker(request, Action.WORKER_CALL);
        String function = request.pathParameter("function");
        Where where = request.query("where").map(Where::of).orElse(Where.AUTO);
        Calls.Wish wish = new Calls.Wish(worker, function, request.body(), request.queryInt("timeout", LONGEST, 1, LONGEST), where);
        Division.Divided divided = request.whileClientWaits(() -> made(wish, request.query("divide")));
        Calls.Done done = divided.done();
        return switch (done.outcome()) {
            case CallOutcome.Answer(byte[] output, long nanos) -> Response.bytes(200, mediaType(worker, function, output), output)
                    .with("cloche-ran-on", done.ranOn())
                    .with("cloche-ran-ms", String.format(Locale.ROOT, "%.3f", nanos / 1e6))
                    .with("cloche-digest", worker.digest().hex())
                    .with("cloche-hedged", Boolean.toString(done.hedged()))
                    .with("cloche-parts", Integer.toString(divided.parts()));
            case CallOutcome.Failed failed -> throw problem(failed);
        };
    }

    private Division.Divided made(Calls.Wish wish, Optional<String> divide) throws InterruptedException {
        Division.Divided divided = divide.isEmpty() ? new Division.Divided(runner.calls().call(wish), 1)
                : divide.get().equals("auto") ? runner.division().either(wish) : runner.division().run(wish, parts(divide.get()));
        runner.meter().note(wish.worker().project(), divided.done(), false);
        return divided;
    }

    private static int parts(String text) {
        int parts = Integer.parseInt(text);
        if (parts > Division.MOST_PARTS) {
            throw Problem.field("divide", "range", "'divide' is auto, or 0 to " + Division.MOST_PARTS + ".");
        }
        return parts;
    }

    /** What the output is, as the worker says or as it looks. */
    static String mediaType(RegisteredWorker worker, String function, byte[] output) {
        String form = worker.says().function(function).map(WorkerDescription.Function::output).orElse("bytes");
        return switch (form) {
            case "json" -> "application/json";
            case "text" -> "text/plain; charset=utf-8";
            default -> looksLikeJson(output) ? "application/json" : "application/octet-stream";
        };
    }

    /** Whether it begins and ends as a list or an object does. */
    static boolean looksLikeJson(byte[] output) {
        if (output.length < 2) {
            return false;
        }
        byte first = output[0];
        byte last = output[output.length - 1] == '\n' ? output[output.length - 2] : output[output.length - 1];
        return first == '{' && last == '}' || first == '[' && last == ']';
    }

    /** The failure of a call as a problem. */
    static Problem problem(CallOutcome.Failed failed) {
        ErrorCode code = switch (failed.kind()) {
            case UNKNOWN_FUNCTION -> ErrorCode.NOT_FOUND;
            case BAD_INPUT, FAILED, TRAPPED, OUT_OF_MEMORY -> ErrorCode.UNRESOLVABLE;
            case TIMED_OUT -> ErrorCode.TIMED_OUT;
            case BUSY, CANCELLED, UNAVAILABLE -> ErrorCode.UNAVAILABLE;
        };
        Optional<String> field = failed.field().or(() -> failed.kind() == Failure.UNKNOWN_FUNCTION ? Optional.of("function") : Optional.empty());
        Problem problem = field.map(name -> Problem.field(code, name, failed.rule().orElse(failed.kind() == Failure.UNKNOWN_FUNCTION ? "exists" : failed.kind().text()), failed.message()))
                .orElseGet(() -> Problem.of(code, failed.message()));
        return problem.titled(title(failed.kind())).with("failure", failed.kind().text());
    }

    private static String title(Failure kind) {
        return switch (kind) {
            case UNKNOWN_FUNCTION -> "No such function";
            case BAD_INPUT -> "The worker refuses the input";
            case FAILED -> "The worker failed";
            case TRAPPED -> "The worker was ended";
            case OUT_OF_MEMORY -> "The worker ran out of memory";
            case TIMED_OUT -> "Took too long";
            case BUSY, UNAVAILABLE -> "Nobody can run this now";
            case CANCELLED -> "Cancelled";
        };
    }

    /** All that is said there is an envelope, also to those who get no further than the door. */
    private final class Rpc implements Route.Handler {
        @Override
        public Response handle(Request request) throws InterruptedException {
            return rpc(request);
        }

        @Override
        public Optional<Response> refused(Problem problem) {
            return Optional.of(refusal(Optional.empty(), problem));
        }
    }

    private static Response refusal(Optional<String> id, Problem problem) {
        Response response = Response.bytes(problem.code().status(), "application/json", Envelope.refusal(id, error(problem.code()), problem).bytes());
        return problem.code() == ErrorCode.UNAUTHENTICATED ? response.with("www-authenticate", "Bearer realm=\"cloche\"") : response;
    }

    private Response rpc(Request request) throws InterruptedException {
        Optional<String> id = Optional.empty();
        try {
            TaskQueue.refuseLarge("body", request.body());
            Envelope envelope = Envelope.request(request.body());
            id = envelope.value(Envelope.ID);
            RegisteredWorker worker = meant(request, envelope);
            Calls.Wish wish = new Calls.Wish(worker, envelope.method(), envelope.input(), LONGEST, Where.AUTO);
            Division.Divided divided = request.whileClientWaits(() -> made(wish, Optional.empty()));
            return switch (divided.done().outcome()) {
                case CallOutcome.Answer(byte[] output, long nanos) -> (envelope.wantsEnvelope()
                                ? Response.bytes(200, "application/json", envelope.answer(output).bytes())
                                : Response.bytes(200, mediaType(worker, envelope.method(), output), output))
                        .with("cloche-ran-on", divided.done().ranOn());
                case CallOutcome.Failed failed -> Response.bytes(failed.kind().httpStatus(), "application/json", Envelope.failure(id, failed).bytes());
            };
        } catch (Problem e) {
            return refusal(id, e);
        }
    }

    private static String error(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST, INVALID_FIELD -> "bad_envelope";
            default -> code.name().toLowerCase(Locale.ROOT);
        };
    }

    /** The worker that the envelope names, or the only one of one's own that has the function. */
    private RegisteredWorker meant(Request request, Envelope envelope) {
        Optional<String> named = envelope.value(Envelope.WORKER);
        if (named.isPresent()) {
            return guard.worker(request, named.get(), Action.WORKER_CALL);
        }
        List<RegisteredWorker> own = registry.ofProjects(guard.projects(request, Action.WORKER_CALL));
        List<RegisteredWorker> having = own.size() == 1 ? own : own.stream().filter(worker -> worker.says().function(envelope.method()).isPresent()).toList();
        if (having.size() == 1) {
            return having.getFirst();
        }
        String names = String.join(", ", (having.isEmpty() ? own : having).stream().limit(20).map(worker -> "'" + worker.name() + "'").toList());
        throw having.isEmpty()
                ? Problem.field(ErrorCode.NOT_FOUND, Envelope.METHOD, "exists", "No worker has the function '" + envelope.method() + "'" + (names.isEmpty() ? "; there is no worker yet." : "; there are the workers " + names + "."))
                : Problem.field(Envelope.WORKER, "required", "Several workers have the function '" + envelope.method() + "': name one in the meta entry 'worker', " + names + ".");
    }
}
