package dev.cloche.workers;

import static dev.cloche.wasm.ValueType.I32;
import static dev.cloche.wasm.ValueType.I64;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import dev.cloche.wasm.Frame;
import dev.cloche.wasm.FunctionType;
import dev.cloche.wasm.HostFunction;
import dev.cloche.wasm.HostImport;
import dev.cloche.workers.WorkerSettings.WorkerLog;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The functions of the public plug-in interface {@code extism:host/env} that need the host; the others are the kernel
 * module's. A function that takes a block takes it over and frees it.
 */
final class ExtismFunctions {
    private static final FunctionType TAKES = FunctionType.of(I64);
    private static final FunctionType LOOKS_UP = FunctionType.of(I64).returning(I64);
    /** The log level that guests are told: 2 is information. */
    private static final int LOG_LEVEL = 2;
    /** Keys, log lines, and descriptions of requests. */
    private static final long LONGEST_TEXT = 1 << 20;
    private static final long LARGEST_BODY = 64L << 20;

    private ExtismFunctions() {}

    static List<HostImport> all() {
        List<HostImport> all = new ArrayList<>();
        add(all, "config_get", LOOKS_UP, frame -> {
            Guest guest = guest(frame);
            String value = guest.config().get(text(guest, frame.i64(0), "config key"));
            frame.result(value == null ? 0 : guest.kernel().write(value.getBytes(StandardCharsets.UTF_8)));
        });
        add(all, "var_get", LOOKS_UP, frame -> {
            Guest guest = guest(frame);
            byte[] value = guest.variables().get(text(guest, frame.i64(0), "var key"));
            frame.result(value == null ? 0 : guest.kernel().write(value));
        });
        add(all, "var_set", FunctionType.of(I64, I64), ExtismFunctions::setVariable);
        add(all, "http_request", FunctionType.of(I64, I64).returning(I64), ExtismFunctions::http);
        add(all, "http_status_code", FunctionType.of().returning(I32), frame -> frame.result(guest(frame).answer().status()));
        add(all, "http_headers", FunctionType.of().returning(I64), frame -> {
            Guest guest = guest(frame);
            frame.result(guest.kernel().write(Json.bytes(guest.answer().headers())));
        });
        for (WorkerLog.Level level : WorkerLog.Level.values()) {
            add(all, "log_" + level.name().toLowerCase(Locale.ROOT), TAKES, frame -> log(frame, level));
        }
        add(all, "get_log_level", FunctionType.of().returning(I32), frame -> frame.result(LOG_LEVEL));
        return all;
    }

    private static void add(List<HostImport> all, String name, FunctionType type, HostFunction function) {
        all.add(new HostImport(Kernel.MODULE, name, type, function));
    }

    private static Guest guest(Frame frame) {
        return frame.context(Guest.class);
    }

    /** Takes a block of text. */
    private static String text(Guest guest, long offset, String what) {
        return new String(take(guest, offset, what, LONGEST_TEXT), StandardCharsets.UTF_8);
    }

    private static byte[] take(Guest guest, long offset, String what, long most) {
        byte[] bytes = guest.kernel().read(offset, most);
        if (bytes.length == 0) {
            throw new Refused("invalid handle offset for " + what + ": " + Long.toUnsignedString(offset));
        }
        guest.kernel().free(offset);
        return bytes;
    }

    private static void setVariable(Frame frame) {
        Guest guest = guest(frame);
        long key = frame.i64(0);
        long value = frame.i64(1);
        String name = text(guest, key, "var key");
        if (value == 0) {
            guest.variables().remove(name);
        } else {
            guest.variables().put(name, value(guest, value));
        }
    }

    private static byte[] value(Guest guest, long offset) {
        if (guest.variables().most() > 0 && guest.kernel().length(offset) > guest.variables().most()) {
            throw new Refused("Variable store is full");
        }
        return take(guest, offset, "var value", guest.kernel().length(offset));
    }

    private static void log(Frame frame, WorkerLog.Level level) {
        Guest guest = guest(frame);
        long offset = frame.i64(0);
        if (level.ordinal() < LOG_LEVEL) {
            guest.kernel().free(offset);
        } else {
            guest.log(level, text(guest, offset, "log message"));
        }
    }

    private static void http(Frame frame) {
        Guest guest = guest(frame);
        long head = frame.i64(0);
        long body = frame.i64(1);
        guest.answer(OutboundHttp.Answer.NONE);
        OutboundHttp.Request request = request(take(guest, head, "http request", LONGEST_TEXT), body == 0 ? new byte[0] : take(guest, body, "http request body", LARGEST_BODY));
        OutboundHttp.Answer answer = guest.http(request, frame.instance()::ending);
        guest.answer(answer);
        frame.result(guest.kernel().write(answer.body()));
    }

    private static OutboundHttp.Request request(byte[] json, byte[] body) {
        JsonNode node;
        try {
            node = Json.tree(json);
        } catch (Problem e) {
            throw new Refused("the description of the HTTP request is no JSON: " + e.detail());
        }
        Map<String, String> headers = new LinkedHashMap<>();
        JsonNode named = node.has("headers") ? node.get("headers") : node.path("header");
        named.properties().forEach(one -> headers.put(one.getKey(), one.getValue().asText()));
        try {
            return new OutboundHttp.Request(node.path("method").asText("GET").toUpperCase(Locale.ROOT), new URI(node.path("url").asText("")), headers, body);
        } catch (URISyntaxException e) {
            throw new Refused("Invalid URL: " + e.getMessage());
        }
    }
}
