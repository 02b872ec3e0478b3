package dev.cloche.protocol;

import dev.cloche.databases.Call;
import dev.cloche.databases.ProcedureOutcome;
import dev.cloche.databases.QueryChange;
import dev.cloche.databases.QuerySetChange;
import dev.cloche.databases.ReducerOutcome;
import dev.cloche.databases.TableRows;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Versions 2 and 3 of the protocol: the same messages, one or several to a frame (facts, specification B, section 3.4). */
final class BsatnV2 implements Codec {
    private static final int SOME = 0;
    private static final int NONE = 1;

    private final boolean several;

    /**
     * The codec.
     *
     * @param several whether a frame may hold several messages: version 3
     */
    BsatnV2(boolean several) {
        this.several = several;
    }

    @Override
    public void read(byte[] bytes, int from, int length, Consumer<ClientMessage> to) {
        if (length == 0) {
            throw new ProtocolException(several ? "v3 websocket binary payload must contain at least one v2 client message"
                    : "data too short for u8: Expected 1, given 0");
        }
        BsatnReader in = new BsatnReader(bytes, from, from + length);
        do {
            ClientMessage message = message(in);
            if (!several && in.remaining() > 0) {
                throw new ProtocolException("a v2 frame holds one message, but " + in.remaining() + " bytes follow it");
            }
            to.accept(message);
        } while (in.remaining() > 0);
    }

    @Override
    public void read(String text, Consumer<ClientMessage> to) {
        throw new ProtocolException((several ? "v3" : "v2") + " websocket does not support text messages");
    }

    private static ClientMessage message(BsatnReader in) {
        return switch (in.readTag(5, "ClientMessage")) {
            case 0 -> new ClientMessage.Subscribe(in.readI32(), in.readI32(), strings(in), ClientMessage.Way.SET);
            case 1 -> new ClientMessage.Unsubscribe(in.readI32(), in.readI32(), in.readTag(2, "UnsubscribeFlags") == 1, ClientMessage.Way.SET);
            case 2 -> new ClientMessage.Query(in.readRaw(Integer.BYTES), in.readString());
            case 3 -> {
                int requestId = in.readI32();
                noFlags(in.readU8(), "reducer");
                yield new ClientMessage.CallReducer(requestId, in.readString(), in.readBytes(), false);
            }
            default -> {
                int requestId = in.readI32();
                noFlags(in.readU8(), "procedure");
                yield new ClientMessage.CallProcedure(requestId, in.readString(), in.readBytes());
            }
        };
    }

    static List<String> strings(BsatnReader in) {
        int count = in.readCount(Integer.BYTES);
        List<String> strings = new ArrayList<>(Math.min(count, 100));
        for (int i = 0; i < count; i++) {
            strings.add(in.readString());
        }
        return strings;
    }

    private static void noFlags(int flags, String what) {
        if (flags != 0) {
            throw new ProtocolException("invalid call " + what + " flag " + flags);
        }
    }

    @Override
    public void opened(Identity identity, ConnectionId connection, String token, BsatnWriter out) {
        out.writeU8(0);
        identity.write(out);
        connection.write(out);
        out.writeString(token);
    }

    @Override
    public void subscribed(ClientMessage.Subscribe asked, List<TableRows> rows, long nanoseconds, BsatnWriter out) {
        out.writeU8(1).writeU32(asked.requestId()).writeU32(asked.querySet());
        rows(rows, out);
    }

    @Override
    public void unsubscribed(ClientMessage.Unsubscribe asked, List<TableRows> rows, long nanoseconds, BsatnWriter out) {
        out.writeU8(2).writeU32(asked.requestId()).writeU32(asked.querySet());
        if (asked.rows()) {
            rows(rows, out.writeU8(SOME));
        } else {
            out.writeU8(NONE);
        }
    }

    @Override
    public void subscriptionFailed(OptionalInt requestId, int querySet, String message, long nanoseconds, BsatnWriter out) {
        out.writeU8(3);
        requestId.ifPresentOrElse(id -> out.writeU8(SOME).writeU32(id), () -> out.writeU8(NONE));
        out.writeU32(querySet).writeString(message);
    }

    @Override
    public void reducerEnded(Call call, ReducerOutcome outcome, List<QuerySetChange> changes, boolean quiet, BsatnWriter out) {
        out.writeU8(6).writeU32(call.requestId()).writeU64(call.timestamp());
        switch (outcome) {
            case ReducerOutcome.Committed(byte[] result) -> {
                out.writeU8(0).writeBytes(result);
                changes(changes, out);
            }
            case ReducerOutcome.Refused(String message) -> {
                out.writeU8(2);
                int length = out.reserveU32();
                out.writeString(message);
                out.setU32(length, out.size() - length - Integer.BYTES);
            }
            case ReducerOutcome.Failed(ReducerOutcome.Failure failure, String message) -> out.writeU8(3).writeString(message);
        }
    }

    @Override
    public void changed(Optional<Call> call, List<QuerySetChange> changes, BsatnWriter out) {
        changes(changes, out.writeU8(4));
    }

    @Override
    public void procedureEnded(int requestId, ProcedureOutcome outcome, long timestamp, long nanoseconds, BsatnWriter out) {
        out.writeU8(7);
        switch (outcome) {
            case ProcedureOutcome.Returned(byte[] value) -> out.writeU8(0).writeBytes(value);
            case ProcedureOutcome.Failed(ReducerOutcome.Failure failure, String message) -> out.writeU8(1).writeString(message);
        }
        out.writeU64(timestamp).writeU64(nanoseconds / 1000).writeU32(requestId);
    }

    @Override
    public void answered(byte[] messageId, List<TableRows> rows, long nanoseconds, BsatnWriter out) {
        out.writeU8(5).writeRaw(messageId).writeU8(0);
        rows(rows, out);
    }

    @Override
    public void queryFailed(byte[] messageId, String message, long nanoseconds, BsatnWriter out) {
        out.writeU8(5).writeRaw(messageId).writeU8(1).writeString(message);
    }

    private static void rows(List<TableRows> rows, BsatnWriter out) {
        out.writeU32(rows.size());
        for (TableRows table : rows) {
            out.writeString(table.table()).writeRaw(table.rows().bsatn());
        }
    }

    private static void changes(List<QuerySetChange> sets, BsatnWriter out) {
        out.writeU32(sets.size());
        for (QuerySetChange set : sets) {
            List<List<QueryChange>> tables = ByTable.of(set.changes());
            out.writeU32(set.querySet()).writeU32(tables.size());
            for (List<QueryChange> table : tables) {
                out.writeString(table.getFirst().table()).writeU32(table.size());
                table.forEach(change -> change(change, out));
            }
        }
    }

    private static void change(QueryChange change, BsatnWriter out) {
        if (change.event()) {
            out.writeU8(1).writeRaw(change.inserts().bsatn());
        } else {
            out.writeU8(0).writeRaw(change.inserts().bsatn()).writeRaw(change.deletes().bsatn());
        }
    }
}
