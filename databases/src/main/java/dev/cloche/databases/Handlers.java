package dev.cloche.databases;

import dev.cloche.databases.ReducerOutcome.Failure;
import dev.cloche.modules.CallEnd;
import dev.cloche.modules.HttpHeader;
import dev.cloche.modules.HttpRequestHead;
import dev.cloche.modules.HttpResponseHead;
import dev.cloche.modules.HttpVersion;
import dev.cloche.modules.ModuleInstance.HandlerEnd;
import dev.cloche.schema.ModuleSchema.HttpRoute;
import dev.cloche.values.BsatnException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Lets a module's HTTP handlers answer: like procedures beside the database's thread, but on threads of their own. */
final class Handlers {
    /** The longest time of one handler, unless procedures have less. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final int AT_ONCE = 4;
    private static final int WAITING = 200;
    private static final int LARGEST_HEADERS = 32 * 1024;

    private final RunningDatabase database;
    private final SpareInstances instances;
    private final ExecutorService threads;

    Handlers(RunningDatabase database, SpareInstances instances) {
        this.database = database;
        this.instances = instances;
        threads = Procedures.threads("handler", database, AT_ONCE, WAITING);
    }

    /** What a module's routes have for a request; for HEAD also what they have for GET. */
    sealed interface Found {
        /** This one. */
        record One(HttpRoute route) implements Found {}

        /** Nothing that could be run. */
        record Nothing(HandlerOutcome why) implements Found {}
    }

    /** The route for a method and a path, which must be equal. */
    static Found find(List<HttpRoute> routes, String method, String path) {
        List<HttpRoute> here = routes.stream().filter(route -> route.path().equals(path)).toList();
        Optional<HttpRoute> route = Stream.of(method, method.equals("HEAD") ? "GET" : method)
                .flatMap(wanted -> here.stream().filter(one -> one.method().isEmpty() || one.method().get().equals(wanted)))
                .findFirst();
        if (route.isPresent()) {
            return new Found.One(route.get());
        }
        return new Found.Nothing(here.isEmpty()
                ? new HandlerOutcome.NoRoute()
                : new HandlerOutcome.OtherMethod(here.stream().flatMap(one -> one.method().stream()).sorted().toList()));
    }

    /** Runs the handler of a route; the answer is completed on any thread. One that nobody waits for any more is not run. */
    void run(HttpRoute route, HandlerRequest request, CompletableFuture<HandlerOutcome> answer) {
        try {
            threads.execute(new Job(route, request, answer));
        } catch (RejectedExecutionException full) {
            answer.complete(new HandlerOutcome.Failed(Failure.UNAVAILABLE, "Too many requests are waiting; try again."));
        }
    }

    private final class Job implements Runnable {
        private final HttpRoute route;
        private final HandlerRequest request;
        private final CompletableFuture<HandlerOutcome> answer;

        Job(HttpRoute route, HandlerRequest request, CompletableFuture<HandlerOutcome> answer) {
            this.route = route;
            this.request = request;
            this.answer = answer;
        }

        @Override
        public void run() {
            if (answer.isDone()) {
                return;
            }
            try {
                answer.complete(answered(route, request));
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        }

        void giveUp() {
            answer.complete(new HandlerOutcome.Failed(Failure.UNAVAILABLE, RunningDatabase.STOPPING));
        }
    }

    private HandlerOutcome answered(HttpRoute route, HandlerRequest request) {
        Duration most = database.parts().limits().procedureTime();
        Duration limit = most.compareTo(LONGEST) < 0 ? most : LONGEST;
        // a request line never has an empty path
        String path = request.path().isEmpty() ? "/" : request.path();
        HttpRequestHead head = new HttpRequestHead(request.method(), request.headers(), Optional.empty(),
                request.query().isEmpty() ? path : path + "?" + request.query(), HttpVersion.HTTP_1_1);
        record Ran(HandlerEnd end, long offset) {}
        Ran ran = instances.use(
                (instance, outside) -> new Ran(
                        instance.handler(route.handler(), route.name(), database.now(), head, request.body(), limit), outside.lastCommit()),
                broken -> new Ran(new HandlerEnd(broken, new byte[0]), 0),
                one -> one.end().end() instanceof CallEnd.Broken);
        return switch (ran.end().end()) {
            case CallEnd.Done(byte[] value) -> checked(route, value, ran.end().body(), ran.offset());
            case CallEnd.Refused(String message) -> new HandlerOutcome.Failed(Failure.TRAP, message);
            case CallEnd.Broken(CallEnd.Cause cause, String detail) -> {
                tell(route, "ended (" + cause + "): " + detail);
                ReducerOutcome.Failed failed = DatabaseCore.broken(cause, detail, limit);
                yield new HandlerOutcome.Failed(failed.failure(), failed.message());
            }
        };
    }

    private HandlerOutcome checked(HttpRoute route, byte[] value, byte[] body, long offset) {
        try {
            HttpResponseHead head = HttpResponseHead.decode(value);
            Optional<String> wrong = wrong(head);
            if (wrong.isEmpty()) {
                return new HandlerOutcome.Answered(head.status(), head.headers(), body, offset);
            }
            return refused(route, wrong.get());
        } catch (BsatnException e) {
            return refused(route, e.getMessage());
        }
    }

    private static Optional<String> wrong(HttpResponseHead head) {
        if (head.status() < 200 || head.status() > 599) {
            return Optional.of("a status is a number from 200 to 599, not " + head.status());
        }
        int size = 0;
        for (HttpHeader header : head.headers()) {
            size += header.name().length() + header.value().length();
            if (!header.isWellFormed()) {
                return Optional.of("a header's name or value has characters that cannot stand there");
            }
        }
        return size > LARGEST_HEADERS ? Optional.of("all headers together have at most " + LARGEST_HEADERS + " bytes") : Optional.empty();
    }

    private HandlerOutcome refused(HttpRoute route, String why) {
        String message = "The handler " + route.name() + " gave no valid HTTP answer: " + why + ".";
        tell(route, message);
        return new HandlerOutcome.Failed(Failure.TRAP, message);
    }

    private void tell(HttpRoute route, String text) {
        database.parts().lines().line(HostLines.error(route.name(), text));
    }

    /** Begins nothing any more. */
    void shutDown() {
        for (Runnable waiting : threads.shutdownNow()) {
            if (waiting instanceof Job job) {
                job.giveUp();
            }
        }
    }

    /** Waits until nothing runs. */
    void awaitEnd(Duration patience) throws InterruptedException {
        threads.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
    }
}
