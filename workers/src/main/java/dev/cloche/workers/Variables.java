package dev.cloche.workers;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A guest's variables, limited by their sum. */
final class Variables {
    private final long most;
    private final Map<String, byte[]> values = new HashMap<>();
    private long bytes;

    Variables(long most) {
        this.most = most;
    }

    /** The limit. */
    long most() {
        return most;
    }

    byte @Nullable [] get(String name) {
        return values.get(name);
    }

    void put(String name, byte[] value) {
        if (most == 0) {
            throw new Refused("Vars are disabled by this host");
        }
        long after = bytes - size(name) + keyed(name) + value.length;
        if (after > most) {
            throw new Refused("Variable store is full");
        }
        bytes = after;
        values.put(name, value);
    }

    void remove(String name) {
        bytes -= size(name);
        values.remove(name);
    }

    void clear() {
        bytes = 0;
        values.clear();
    }

    private long size(String name) {
        byte[] value = values.get(name);
        return value == null ? 0 : keyed(name) + value.length;
    }

    private static long keyed(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}
