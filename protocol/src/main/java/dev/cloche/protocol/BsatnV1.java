package dev.cloche.protocol;

import dev.cloche.databases.Call;
import dev.cloche.databases.ProcedureOutcome;
import dev.cloche.databases.QueryChange;
import dev.cloche.databases.QuerySetChange;
import dev.cloche.databases.ReducerOutcome;
import dev.cloche.databases.TableRows;
import dev.cloche.tables.RowList;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Version 1 of the protocol in its binary form (facts, specification B, section 3.5; observed, section 3, point 17). */
final class BsatnV1 implements Codec {
    private static final int SOME = 0;
    private static final int NONE = 1;
    private static final int QUIET = 1;

    @Override
    public void read(byte[] bytes, int from, int length, Consumer<ClientMessage> to) {
        BsatnReader in = new BsatnReader(bytes, from, from + length);
        ClientMessage message = switch (in.readTag(8, "ClientMessage")) {
            case 0 -> call(in);
            case 1 -> {
                List<String> queries = BsatnV2.strings(in);
                yield new ClientMessage.Subscribe(in.readI32(), V1.WHOLE_SET, queries, ClientMessage.Way.WHOLE);
            }
            case 2 -> new ClientMessage.Query(in.readBytes(), in.readString());
            case 3 -> {
                List<String> queries = List.of(in.readString());
                yield new ClientMessage.Subscribe(in.readI32(), in.readI32(), queries, ClientMessage.Way.SINGLE);
            }
            case 4 -> {
                List<String> queries = BsatnV2.strings(in);
                yield new ClientMessage.Subscribe(in.readI32(), in.readI32(), queries, ClientMessage.Way.SET);
            }
            case 5 -> new ClientMessage.Unsubscribe(in.readI32(), in.readI32(), true, ClientMessage.Way.SINGLE);
            case 6 -> new ClientMessage.Unsubscribe(in.readI32(), in.readI32(), true, ClientMessage.Way.SET);
            default -> {
                String procedure = in.readString();
                byte[] arguments = in.readBytes();
                int requestId = in.readI32();
                in.readU8();
                yield new ClientMessage.CallProcedure(requestId, procedure, arguments);
            }
        };
        if (in.remaining() > 0) {
            throw new ProtocolException("a v1 frame holds one message, but " + in.remaining() + " bytes follow it");
        }
        to.accept(message);
    }

    private static ClientMessage call(BsatnReader in) {
        String reducer = in.readString();
        byte[] arguments = in.readBytes();
        int requestId = in.readI32();
        int flags = in.readU8();
        if (flags > QUIET) {
            throw new ProtocolException("invalid call reducer flag " + flags);
        }
        return new ClientMessage.CallReducer(requestId, reducer, arguments, flags == QUIET);
    }

    @Override
    public void read(String text, Consumer<ClientMessage> to) {
        throw new ProtocolException("v1.bsatn websocket does not support text messages");
    }

    @Override
    public void opened(Identity identity, ConnectionId connection, String token, BsatnWriter out) {
        out.writeU8(3);
        identity.write(out);
        out.writeString(token);
        connection.write(out);
    }

    @Override
    public void subscribed(ClientMessage.Subscribe asked, List<TableRows> rows, long nanoseconds, BsatnWriter out) {
        switch (asked.way()) {
            case WHOLE -> {
                tables(V1.inserted(rows), out.writeU8(0));
                out.writeU32(asked.requestId()).writeU64(nanoseconds / 1000);
            }
            case SINGLE -> {
                out.writeU8(5).writeU32(asked.requestId()).writeU64(nanoseconds / 1000).writeU32(asked.querySet());
                single(V1.inserted(rows), out);
            }
            case SET -> {
                out.writeU8(8).writeU32(asked.requestId()).writeU64(nanoseconds / 1000).writeU32(asked.querySet());
                tables(V1.inserted(rows), out);
            }
        }
    }

    @Override
    public void unsubscribed(ClientMessage.Unsubscribe asked, List<TableRows> rows, long nanoseconds, BsatnWriter out) {
        boolean single = asked.way() == ClientMessage.Way.SINGLE;
        out.writeU8(single ? 6 : 9).writeU32(asked.requestId()).writeU64(nanoseconds / 1000).writeU32(asked.querySet());
        if (single) {
            single(V1.deleted(rows), out);
        } else {
            tables(V1.deleted(rows), out);
        }
    }

    @Override
    public void subscriptionFailed(OptionalInt requestId, int querySet, String message, long nanoseconds, BsatnWriter out) {
        out.writeU8(7).writeU64(nanoseconds / 1000);
        requestId.ifPresentOrElse(id -> out.writeU8(SOME).writeU32(id), () -> out.writeU8(NONE));
        if (querySet == V1.WHOLE_SET) {
            out.writeU8(NONE);
        } else {
            out.writeU8(SOME).writeU32(querySet);
        }
        out.writeU8(NONE).writeString(message);
    }

    @Override
    public void reducerEnded(Call call, ReducerOutcome outcome, List<QuerySetChange> changes, boolean quiet, BsatnWriter out) {
        if (quiet && outcome instanceof ReducerOutcome.Committed) {
            if (!changes.isEmpty()) {
                changed(Optional.of(call), changes, out);
            }
            return;
        }
        out.writeU8(1);
        switch (outcome) {
            case ReducerOutcome.Committed(byte[] result) -> tables(V1.all(changes), out.writeU8(0));
            case ReducerOutcome.Refused(String message) -> out.writeU8(1).writeString(message);
            case ReducerOutcome.Failed(ReducerOutcome.Failure failure, String message) -> out.writeU8(1).writeString(message);
        }
        out.writeU64(call.timestamp());
        call.sender().write(out);
        call.connection().write(out);
        out.writeString(call.reducer()).writeU32(call.reducerId()).writeBytes(call.arguments()).writeU32(call.requestId());
        // energy, which nobody pays here
        out.writeU64(0).writeU64(0).writeU64(call.nanoseconds() / 1000);
    }

    @Override
    public void changed(Optional<Call> call, List<QuerySetChange> changes, BsatnWriter out) {
        out.writeU8(2).writeU32(call.map(Call::requestId).orElse(0));
        tables(V1.all(changes), out);
    }

    @Override
    public void procedureEnded(int requestId, ProcedureOutcome outcome, long timestamp, long nanoseconds, BsatnWriter out) {
        out.writeU8(10);
        switch (outcome) {
            case ProcedureOutcome.Returned(byte[] value) -> out.writeU8(0).writeBytes(value);
            case ProcedureOutcome.Failed(ReducerOutcome.Failure failure, String message) -> out.writeU8(2).writeString(message);
        }
        out.writeU64(timestamp).writeU64(nanoseconds / 1000).writeU32(requestId);
    }

    @Override
    public void answered(byte[] messageId, List<TableRows> rows, long nanoseconds, BsatnWriter out) {
        out.writeU8(4).writeBytes(messageId).writeU8(NONE).writeU32(rows.size());
        rows.forEach(table -> out.writeString(table.table()).writeRaw(table.rows().bsatn()));
        out.writeU64(nanoseconds / 1000);
    }

    @Override
    public void queryFailed(byte[] messageId, String message, long nanoseconds, BsatnWriter out) {
        out.writeU8(4).writeBytes(messageId).writeU8(SOME).writeString(message).writeU32(0).writeU64(nanoseconds / 1000);
    }

    private static void single(List<List<QueryChange>> tables, BsatnWriter out) {
        if (tables.isEmpty()) {
            // a query of an event table has no rows, and no table is named then
            out.writeU32(0).writeString("").writeU32(0).writeString("").writeU64(0).writeU32(0);
            return;
        }
        QueryChange first = tables.getFirst().getFirst();
        out.writeU32(first.tableId()).writeString(first.table());
        table(tables.getFirst(), out);
    }

    private static void tables(List<List<QueryChange>> tables, BsatnWriter out) {
        out.writeU32(tables.size());
        tables.forEach(table -> table(table, out));
    }

    private static void table(List<QueryChange> changes, BsatnWriter out) {
        QueryChange first = changes.getFirst();
        out.writeU32(first.tableId()).writeString(first.table()).writeU64(V1.rows(changes)).writeU32(changes.size());
        for (QueryChange change : changes) {
            RowList deletes = change.deletes();
            out.writeU8(0).writeRaw(deletes.bsatn()).writeRaw(change.inserts().bsatn());
        }
    }
}
