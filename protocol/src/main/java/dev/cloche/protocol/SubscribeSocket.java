package dev.cloche.protocol;

import dev.cloche.databases.Call;
import dev.cloche.databases.Client;
import dev.cloche.databases.LiveDatabase;
import dev.cloche.databases.ProcedureOutcome;
import dev.cloche.databases.QuerySetChange;
import dev.cloche.databases.ReducerOutcome;
import dev.cloche.databases.TableRows;
import dev.cloche.http.Socket;
import dev.cloche.http.SocketListener;
import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A client on a WebSocket: hands what it says to the database and what the database says to it. What it asks for and has no
 * answer yet is weighed; with too much of it the socket is not read until answers have come.
 */
final class SubscribeSocket implements Client, SocketListener {
    private static final long MOST_WEIGHT = 8L * 1024 * 1024;
    private static final int CALL_WEIGHT = 256;
    private static final int QUERY_WEIGHT = 16 * 1024;
    private static final int KEPT = 256 * 1024;
    private static final int LONGEST_QUERIES = 256 * 1024;

    private final Session session;
    private final Socket socket;
    private final Outbox outbox;
    private final Object encoding = new Object();
    private BsatnWriter out = new BsatnWriter();
    private final Map<Long, Asked> asked = new ConcurrentHashMap<>();
    private final AtomicLong weight = new AtomicLong();
    private volatile boolean paused;
    private boolean hasWhole;

    /**
     * What was settled when the socket opened.
     *
     * @param token of the client, which it is told to show from now on
     */
    record Session(
            LiveDatabase database,
            ConnectionId connection,
            Tokens.Checked token,
            Codec codec,
            SharedFrames shared,
            Outbox.Settings settings,
            InstantSource clock) {}

    /** A message whose answer needs to know it. */
    private record Asked(ClientMessage message, int weight) {}

    /** A client that is not connected yet; see {@link LiveDatabase#connect}. */
    SubscribeSocket(Session session, Socket socket) {
        this.session = session;
        this.socket = socket;
        this.outbox = new Outbox(socket, session.settings());
    }

    @Override
    public Identity identity() {
        return session.token().identity();
    }

    @Override
    public ConnectionId connection() {
        return session.connection();
    }

    @Override
    public byte[] claims() {
        return session.token().claims().toString().getBytes(StandardCharsets.UTF_8);
    }

    // ---- from the client

    @Override
    public void binary(byte[] bytes, int from, int length) {
        try {
            session.codec().read(bytes, from, length, this::hand);
        } catch (BsatnException e) {
            outbox.close(Socket.FAILED, e.rule());
        } catch (ProtocolException e) {
            outbox.close(Socket.FAILED, e.reason());
        }
    }

    @Override
    public void text(String text) {
        try {
            session.codec().read(text, this::hand);
        } catch (ProtocolException e) {
            outbox.close(Socket.FAILED, e.reason());
        }
    }

    @Override
    public void closed() {
        session.database().disconnect(this);
    }

    private void hand(ClientMessage message) {
        LiveDatabase database = session.database();
        switch (message) {
            case ClientMessage.CallReducer call -> {
                if (call.quiet()) {
                    await(Kind.CALL, call.requestId(), call, 0);
                }
                weigh(CALL_WEIGHT + call.arguments().length);
                database.callReducer(this, call.requestId(), call.reducer(), call.arguments());
            }
            case ClientMessage.CallProcedure call -> {
                await(Kind.PROCEDURE, call.requestId(), call, CALL_WEIGHT + call.arguments().length);
                database.callProcedure(this, call.requestId(), call.procedure(), call.arguments());
            }
            case ClientMessage.Subscribe subscribe -> subscribe(subscribe);
            case ClientMessage.Unsubscribe unsubscribe -> {
                await(Kind.UNSUBSCRIBE, unsubscribe.requestId(), unsubscribe, QUERY_WEIGHT);
                database.unsubscribe(this, unsubscribe.requestId(), unsubscribe.querySet());
            }
            case ClientMessage.Query query -> {
                weigh(QUERY_WEIGHT);
                database.query(this, query.messageId(), query.sql());
            }
            case ClientMessage.BadCall call -> refuse(call);
        }
    }

    private void subscribe(ClientMessage.Subscribe subscribe) {
        long length = subscribe.queries().stream().mapToLong(String::length).sum();
        if (length > LONGEST_QUERIES) {
            subscriptionFailed(OptionalInt.of(subscribe.requestId()), subscribe.querySet(), "the queries have more than " + LONGEST_QUERIES + " characters", 0);
            return;
        }
        if (subscribe.way() == ClientMessage.Way.WHOLE) {
            if (hasWhole) {
                // it replaces the one before, of whose end nobody hears
                session.database().unsubscribe(this, 0, V1.WHOLE_SET);
            }
            hasWhole = true;
        }
        await(Kind.SUBSCRIBE, subscribe.requestId(), subscribe, QUERY_WEIGHT + (int) length);
        session.database().subscribe(this, subscribe.requestId(), subscribe.querySet(), subscribe.queries());
    }

    private void refuse(ClientMessage.BadCall call) {
        long now = now();
        if (call.procedure()) {
            procedureEnded(call.requestId(), new ProcedureOutcome.Failed(ReducerOutcome.Failure.ARGUMENTS, call.reason()), now, 0, 0);
        } else {
            weigh(CALL_WEIGHT);
            reducerEnded(new Call(call.function(), 0, new byte[0], call.requestId(), identity(), session.connection(), now, 0),
                    new ReducerOutcome.Failed(ReducerOutcome.Failure.ARGUMENTS, call.reason()), List.of(), 0);
        }
    }

    private long now() {
        java.time.Instant now = session.clock().instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    // ---- what is not answered yet

    /** The kinds of questions, each with numbers of its own. */
    private enum Kind {
        CALL,
        PROCEDURE,
        SUBSCRIBE,
        UNSUBSCRIBE
    }

    private static long key(Kind kind, int requestId) {
        return (long) kind.ordinal() << 32 | (requestId & 0xffff_ffffL);
    }

    private void await(Kind kind, int requestId, ClientMessage message, int messageWeight) {
        // a client that uses a number twice before the answer gets the second answer's form for both
        asked.merge(key(kind, requestId), new Asked(message, messageWeight), (a, b) -> new Asked(b.message(), a.weight() + b.weight()));
        weigh(messageWeight);
    }

    private @Nullable ClientMessage answered(Kind kind, int requestId) {
        Asked question = asked.remove(key(kind, requestId));
        if (question == null) {
            return null;
        }
        relieve(question.weight());
        return question.message();
    }

    private void weigh(int more) {
        if (weight.addAndGet(more) > MOST_WEIGHT && !paused) {
            paused = true;
            socket.pause();
            relieve(0);
        }
    }

    private void relieve(int less) {
        if (weight.addAndGet(-less) <= MOST_WEIGHT / 2 && paused) {
            paused = false;
            socket.resume();
        }
    }

    // ---- to the client

    @Override
    public void opened(long offset) {
        send(offset, writer -> session.codec().opened(identity(), session.connection(), session.token().text(), writer));
    }

    @Override
    public void refused(String message) {
        outbox.close(Socket.POLICY, message);
    }

    @Override
    public void subscribed(int requestId, int querySet, List<TableRows> rows, long nanoseconds, long offset) {
        if (answered(Kind.SUBSCRIBE, requestId) instanceof ClientMessage.Subscribe subscribe) {
            send(offset, writer -> session.codec().subscribed(subscribe, rows, nanoseconds, writer));
        }
    }

    @Override
    public void unsubscribed(int requestId, int querySet, List<TableRows> rows, long nanoseconds, long offset) {
        if (!isWhole(querySet) && answered(Kind.UNSUBSCRIBE, requestId) instanceof ClientMessage.Unsubscribe unsubscribe) {
            send(offset, writer -> session.codec().unsubscribed(unsubscribe, rows, nanoseconds, writer));
        }
    }

    @Override
    public void subscriptionFailed(OptionalInt requestId, int querySet, String message, long nanoseconds) {
        boolean ofReplaced = isWhole(querySet) && requestId.isPresent() && !asked.containsKey(key(Kind.SUBSCRIBE, requestId.getAsInt()));
        if (ofReplaced) {
            return;
        }
        if (requestId.isPresent() && answered(Kind.SUBSCRIBE, requestId.getAsInt()) == null) {
            answered(Kind.UNSUBSCRIBE, requestId.getAsInt());
        }
        send(0, writer -> session.codec().subscriptionFailed(requestId, querySet, message, nanoseconds, writer));
    }

    @Override
    public void reducerEnded(Call call, ReducerOutcome outcome, List<QuerySetChange> changes, long offset) {
        boolean quiet = !asked.isEmpty() && answered(Kind.CALL, call.requestId()) != null;
        relieve(CALL_WEIGHT + call.arguments().length);
        synchronized (encoding) {
            begin();
            int empty = out.size();
            session.codec().reducerEnded(call, outcome, changes, quiet, out);
            if (out.size() > empty) {
                outbox.send(out.array(), out.size(), offset);
            }
        }
    }

    @Override
    public void changed(Optional<Call> call, List<QuerySetChange> changes, long offset) {
        outbox.send(session.shared().of(session.settings().protocol(), session.codec(), call, changes), offset);
    }

    @Override
    public void procedureEnded(int requestId, ProcedureOutcome outcome, long timestamp, long nanoseconds, long offset) {
        answered(Kind.PROCEDURE, requestId);
        send(offset, writer -> session.codec().procedureEnded(requestId, outcome, timestamp, nanoseconds, writer));
    }

    @Override
    public void answered(byte[] messageId, List<TableRows> rows, long nanoseconds, long offset) {
        relieve(QUERY_WEIGHT);
        send(offset, writer -> session.codec().answered(messageId, rows, nanoseconds, writer));
    }

    @Override
    public void queryFailed(byte[] messageId, String message, long nanoseconds) {
        relieve(QUERY_WEIGHT);
        send(0, writer -> session.codec().queryFailed(messageId, message, nanoseconds, writer));
    }

    @Override
    public void durable(long offset) {
        outbox.durable(offset);
    }

    @Override
    public void closed(String reason) {
        outbox.close(Socket.GOING_AWAY, reason);
    }

    /** Whether this is version 1's set without a number. */
    private boolean isWhole(int querySet) {
        Subprotocol protocol = session.settings().protocol();
        return querySet == V1.WHOLE_SET && (protocol == Subprotocol.V1 || protocol == Subprotocol.V1_JSON);
    }

    private void send(long offset, java.util.function.Consumer<BsatnWriter> message) {
        synchronized (encoding) {
            begin();
            message.accept(out);
            outbox.send(out.array(), out.size(), offset);
            if (out.size() > KEPT) {
                out = new BsatnWriter();
            }
        }
    }

    private void begin() {
        out.clear();
        if (session.settings().protocol() != Subprotocol.V1_JSON) {
            out.writeU8(0);
        }
    }
}
