package dev.cloche.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.cloche.values.Layout;
import dev.cloche.values.SatsJson;
import dev.cloche.values.ValueException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Version 1 of the protocol as text (facts, specification B, section 3.5): the same messages as SATS-JSON; arguments and rows
 * are JSON inside of strings.
 */
final class JsonV1 implements Codec {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Supplier<Layouts> layouts;

    /** For a database whose module may change. */
    JsonV1(Supplier<Layouts> layouts) {
        this.layouts = layouts;
    }

    @Override
    public void read(byte[] bytes, int from, int length, Consumer<ClientMessage> to) {
        throw new ProtocolException("v1.json websocket does not support binary messages");
    }

    @Override
    public void read(String text, Consumer<ClientMessage> to) {
        try {
            JsonNode tree = SatsJson.tree(text, "");
            if (!tree.isObject() || tree.size() != 1) {
                throw new ProtocolException("a message is a JSON object with the message's name as its one member");
            }
            Map.Entry<String, JsonNode> only = tree.properties().iterator().next();
            to.accept(message(only.getKey(), only.getValue()));
        } catch (ValueException e) {
            throw new ProtocolException(String.valueOf(e.getMessage()));
        }
    }

    private ClientMessage message(String name, JsonNode body) {
        return switch (name) {
            case "CallReducer" -> call(body);
            case "CallProcedure" -> procedure(body);
            case "Subscribe" -> new ClientMessage.Subscribe(number(body, "request_id"), V1.WHOLE_SET, texts(body, "query_strings"), ClientMessage.Way.WHOLE);
            case "SubscribeSingle" -> new ClientMessage.Subscribe(number(body, "request_id"), number(body.path("query_id"), "id"), List.of(text(body, "query")), ClientMessage.Way.SINGLE);
            case "SubscribeMulti" -> new ClientMessage.Subscribe(number(body, "request_id"), number(body.path("query_id"), "id"), texts(body, "query_strings"), ClientMessage.Way.SET);
            case "Unsubscribe" -> new ClientMessage.Unsubscribe(number(body, "request_id"), number(body.path("query_id"), "id"), true, ClientMessage.Way.SINGLE);
            case "UnsubscribeMulti" -> new ClientMessage.Unsubscribe(number(body, "request_id"), number(body.path("query_id"), "id"), true, ClientMessage.Way.SET);
            case "OneOffQuery" -> new ClientMessage.Query(bytes(body.path("message_id")), text(body, "query_string"));
            default -> throw new ProtocolException("unknown message " + name);
        };
    }

    private ClientMessage call(JsonNode body) {
        String reducer = text(body, "reducer");
        int requestId = number(body, "request_id");
        try {
            return new ClientMessage.CallReducer(requestId, reducer, arguments(reducer, text(body, "args")), body.path("flags").asInt() == 1);
        } catch (ValueException e) {
            return new ClientMessage.BadCall(requestId, reducer, false, "invalid arguments for reducer " + reducer + ": " + e.getMessage());
        }
    }

    private ClientMessage procedure(JsonNode body) {
        String procedure = text(body, "procedure");
        int requestId = number(body, "request_id");
        try {
            return new ClientMessage.CallProcedure(requestId, procedure, arguments(procedure, text(body, "args")));
        } catch (ValueException e) {
            return new ClientMessage.BadCall(requestId, procedure, true, "invalid arguments for procedure " + procedure + ": " + e.getMessage());
        }
    }

    /** The arguments in BSATN; none for a function that is not there, whose call will say so. */
    private byte[] arguments(String function, String json) {
        Optional<Layout> parameters = layouts.get().parameters(function);
        return parameters.isEmpty() ? new byte[0] : parameters.get().encode(SatsJson.read(parameters.get(), json, "args"));
    }

    @Override
    public void opened(Identity identity, ConnectionId connection, String token, BsatnWriter out) {
        ObjectNode body = JSON.objectNode();
        body.set("identity", identity(identity));
        body.put("token", token).set("connection_id", connection(connection));
        send("IdentityToken", body, out);
    }

    @Override
    public void subscribed(ClientMessage.Subscribe asked, List<TableRows> rows, long nanoseconds, BsatnWriter out) {
        applied(asked.way(), asked.requestId(), asked.querySet(), V1.inserted(rows), nanoseconds, out, "Subscribe");
    }

    @Override
    public void unsubscribed(ClientMessage.Unsubscribe asked, List<TableRows> rows, long nanoseconds, BsatnWriter out) {
        applied(asked.way(), asked.requestId(), asked.querySet(), V1.deleted(rows), nanoseconds, out, "Unsubscribe");
    }

    private void applied(
            ClientMessage.Way way, int requestId, int querySet, List<List<QueryChange>> tables, long nanoseconds, BsatnWriter out, String what) {
        ObjectNode body = JSON.objectNode();
        if (way == ClientMessage.Way.WHOLE) {
            body.set("database_update", update(tables));
            body.put("request_id", unsigned(requestId)).set("total_host_execution_duration", duration(nanoseconds));
            send("InitialSubscription", body, out);
            return;
        }
        body.put("request_id", unsigned(requestId)).put("total_host_execution_duration_micros", nanoseconds / 1000);
        body.set("query_id", JSON.objectNode().put("id", unsigned(querySet)));
        if (way == ClientMessage.Way.SET) {
            body.set("update", update(tables));
            send(what + "MultiApplied", body, out);
        } else {
            ObjectNode table = tables.isEmpty() ? emptyTable() : table(tables.getFirst());
            ObjectNode rows = JSON.objectNode();
            rows.set("table_id", table.get("table_id"));
            rows.set("table_name", table.get("table_name"));
            body.set("rows", rows.set("table_rows", table));
            send(what + "Applied", body, out);
        }
    }

    @Override
    public void subscriptionFailed(OptionalInt requestId, int querySet, String message, long nanoseconds, BsatnWriter out) {
        ObjectNode body = JSON.objectNode().put("total_host_execution_duration_micros", nanoseconds / 1000);
        body.set("request_id", option(requestId));
        body.set("query_id", option(querySet == V1.WHOLE_SET ? OptionalInt.empty() : OptionalInt.of(querySet)));
        body.set("table_id", option(OptionalInt.empty()));
        send("SubscriptionError", body.put("error", message), out);
    }

    @Override
    public void reducerEnded(Call call, ReducerOutcome outcome, List<QuerySetChange> changes, boolean quiet, BsatnWriter out) {
        if (quiet && outcome instanceof ReducerOutcome.Committed) {
            if (!changes.isEmpty()) {
                changed(Optional.of(call), changes, out);
            }
            return;
        }
        ObjectNode status = JSON.objectNode();
        switch (outcome) {
            case ReducerOutcome.Committed(byte[] result) -> status.set("Committed", update(V1.all(changes)));
            case ReducerOutcome.Refused(String message) -> status.put("Failed", message);
            case ReducerOutcome.Failed(ReducerOutcome.Failure failure, String message) -> status.put("Failed", message);
        }
        ObjectNode reducer = JSON.objectNode().put("reducer_name", call.reducer()).put("reducer_id", call.reducerId())
                .put("args", arguments(call)).put("request_id", unsigned(call.requestId()));
        ObjectNode body = JSON.objectNode();
        body.set("status", status);
        body.set("timestamp", timestamp(call.timestamp()));
        body.set("caller_identity", identity(call.sender()));
        body.set("caller_connection_id", connection(call.connection()));
        body.set("reducer_call", reducer);
        body.set("energy_quanta_used", JSON.objectNode().put("quanta", 0));
        send("TransactionUpdate", body.set("total_host_execution_duration", duration(call.nanoseconds())), out);
    }

    @Override
    public void changed(Optional<Call> call, List<QuerySetChange> changes, BsatnWriter out) {
        ObjectNode body = JSON.objectNode().put("request_id", unsigned(call.map(Call::requestId).orElse(0)));
        send("TransactionUpdateLight", body.set("update", update(V1.all(changes))), out);
    }

    @Override
    public void procedureEnded(int requestId, ProcedureOutcome outcome, long timestamp, long nanoseconds, BsatnWriter out) {
        ObjectNode status = JSON.objectNode();
        switch (outcome) {
            case ProcedureOutcome.Returned(byte[] value) -> status.put("Returned", HexFormat.of().formatHex(value));
            case ProcedureOutcome.Failed(ReducerOutcome.Failure failure, String message) -> status.put("InternalError", message);
        }
        ObjectNode body = JSON.objectNode();
        body.set("status", status);
        body.set("timestamp", timestamp(timestamp));
        body.set("total_host_execution_duration", duration(nanoseconds));
        send("ProcedureResult", body.put("request_id", unsigned(requestId)), out);
    }

    @Override
    public void answered(byte[] messageId, List<TableRows> rows, long nanoseconds, BsatnWriter out) {
        ArrayNode tables = JSON.arrayNode();
        rows.forEach(table -> tables.add(JSON.objectNode().put("table_name", table.table()).set("rows", rows(table.table(), table.rows()))));
        answer(messageId, JSON.objectNode().set("none", JSON.arrayNode()), tables, nanoseconds, out);
    }

    @Override
    public void queryFailed(byte[] messageId, String message, long nanoseconds, BsatnWriter out) {
        answer(messageId, JSON.objectNode().put("some", message), JSON.arrayNode(), nanoseconds, out);
    }

    private static void answer(byte[] messageId, JsonNode error, ArrayNode tables, long nanoseconds, BsatnWriter out) {
        ObjectNode body = JSON.objectNode().put("message_id", HexFormat.of().formatHex(messageId));
        body.set("error", error);
        body.set("tables", tables);
        send("OneOffQueryResponse", body.set("total_host_execution_duration", duration(nanoseconds)), out);
    }

    private ObjectNode update(List<List<QueryChange>> tables) {
        ArrayNode all = JSON.arrayNode();
        tables.forEach(changes -> all.add(table(changes)));
        return JSON.objectNode().set("tables", all);
    }

    private static ObjectNode emptyTable() {
        return JSON.objectNode().put("table_id", 0).put("table_name", "").put("num_rows", 0).set("updates", JSON.arrayNode());
    }

    private ObjectNode table(List<QueryChange> changes) {
        QueryChange first = changes.getFirst();
        ArrayNode updates = JSON.arrayNode();
        for (QueryChange change : changes) {
            ObjectNode rows = JSON.objectNode();
            rows.set("deletes", rows(change.table(), change.deletes()));
            updates.add(rows.set("inserts", rows(change.table(), change.inserts())));
        }
        return JSON.objectNode().put("table_id", first.tableId()).put("table_name", first.table())
                .put("num_rows", V1.rows(changes)).set("updates", updates);
    }

    private ArrayNode rows(String table, RowList rows) {
        ArrayNode texts = JSON.arrayNode();
        if (!rows.isEmpty()) {
            Layout layout = layouts.get().row(table);
            for (int row = 0; row < rows.count(); row++) {
                BsatnReader in = new BsatnReader(rows.data(), rows.start(row), rows.start(row + 1));
                texts.add(SatsJson.text(layout, layout.decode(in), SatsJson.Form.TYPED));
            }
        }
        return texts;
    }

    private String arguments(Call call) {
        Optional<Layout> parameters = layouts.get().parameters(call.reducer());
        try {
            return parameters.isEmpty() ? "[]"
                    : SatsJson.text(parameters.get(), parameters.get().decode(new BsatnReader(call.arguments())), SatsJson.Form.UNTYPED);
        } catch (dev.cloche.values.BsatnException e) {
            return "[]";
        }
    }

    private static JsonNode identity(Identity identity) {
        return JSON.objectNode().put("__identity__", "0x" + identity.hex());
    }

    private static JsonNode connection(ConnectionId connection) {
        return JSON.objectNode().put("__connection_id__", new BigInteger(connection.hex(), 16));
    }

    private static JsonNode timestamp(long micros) {
        return JSON.objectNode().put("__timestamp_micros_since_unix_epoch__", micros);
    }

    private static JsonNode duration(long nanoseconds) {
        return JSON.objectNode().put("__time_duration_micros__", nanoseconds / 1000);
    }

    private static JsonNode option(OptionalInt number) {
        return number.isPresent() ? JSON.objectNode().put("some", unsigned(number.getAsInt())) : JSON.objectNode().set("none", JSON.arrayNode());
    }

    private static long unsigned(int number) {
        return number & 0xffff_ffffL;
    }

    private static String text(JsonNode body, String field) {
        if (!body.path(field).isTextual()) {
            throw new ProtocolException("'" + field + "' is a text");
        }
        return body.path(field).asText();
    }

    private static List<String> texts(JsonNode body, String field) {
        JsonNode list = body.path(field);
        if (!list.isArray() || list.valueStream().anyMatch(one -> !one.isTextual())) {
            throw new ProtocolException("'" + field + "' is an array of texts");
        }
        return list.valueStream().map(JsonNode::asText).toList();
    }

    private static int number(JsonNode body, String field) {
        JsonNode number = body.path(field);
        if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0 || number.longValue() > 0xffff_ffffL) {
            throw new ProtocolException("'" + field + "' is a number of 32 bits");
        }
        return (int) number.longValue();
    }

    private static byte[] bytes(JsonNode value) {
        try {
            return HexFormat.of().parseHex(value.asText());
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("'message_id' is hexadecimal");
        }
    }

    private static void send(String name, JsonNode body, BsatnWriter out) {
        out.writeRaw(JSON.objectNode().<ObjectNode>set(name, body).toString().getBytes(StandardCharsets.UTF_8));
    }
}
