package dev.cloche.workers;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message between the coordinator and a node or tab: a head and bytes. On the wire, a binary message of a WebSocket: the
 * length of the head as a little-endian u32, the head as JSON, the bytes.
 *
 * @param head what it says
 * @param bytes a call's input, an answer's output, a worker's file or its settings, a key; empty with all others
 */
public record LinkMessage(Head head, byte[] bytes) {
    /** Largest head in bytes. */
    public static final int HEAD_BYTES = 64 * 1024;
    private static final byte[] NOTHING = new byte[0];

    /** What a message says. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Hello.class, name = "hello"),
        @JsonSubTypes.Type(value = Welcome.class, name = "welcome"),
        @JsonSubTypes.Type(value = Call.class, name = "call"),
        @JsonSubTypes.Type(value = Answer.class, name = "answer"),
        @JsonSubTypes.Type(value = Failed.class, name = "failed"),
        @JsonSubTypes.Type(value = Cancel.class, name = "cancel"),
        @JsonSubTypes.Type(value = Need.class, name = "need"),
        @JsonSubTypes.Type(value = WorkerFile.class, name = "worker"),
        @JsonSubTypes.Type(value = Settings.class, name = "settings"),
        @JsonSubTypes.Type(value = Beat.class, name = "beat"),
        @JsonSubTypes.Type(value = Drain.class, name = "drain"),
        @JsonSubTypes.Type(value = Reachable.class, name = "reachable"),
        @JsonSubTypes.Type(value = TicketKey.class, name = "ticket-key"),
        @JsonSubTypes.Type(value = Shown.class, name = "shown")
    })
    public sealed interface Head {}

    /**
     * The first message of a node or tab.
     *
     * @param kind {@code node} or {@code tab}
     * @param name for people
     * @param engine its name and version
     * @param simd whether it runs SIMD builds
     * @param slots how many calls it runs at a time
     * @param workers digests of the workers that it has
     * @param hosts patterns of hosts that workers may ask from there; none if they are missing
     */
    public record Hello(String kind, String name, String engine, boolean simd, int slots, List<String> workers, List<String> hosts) implements Head {
        /** Nothing may be missing but the hosts. */
        public Hello(String kind, String name, String engine, boolean simd, int slots, List<String> workers, @Nullable List<String> hosts) {
            this.kind = Objects.requireNonNull(kind, "kind");
            this.name = Objects.requireNonNull(name, "name");
            this.engine = Objects.requireNonNull(engine, "engine");
            this.simd = simd;
            this.slots = slots;
            this.workers = List.copyOf(workers);
            this.hosts = hosts == null ? List.of() : List.copyOf(hosts);
        }
    }

    /** The answer to {@link Hello}: the node's identifier. */
    public record Welcome(String node) implements Head {
        /** Nothing may be missing. */
        public Welcome {
            Objects.requireNonNull(node, "node");
        }
    }

    /**
     * Run this; the bytes are the input.
     *
     * @param call number of the call on this link
     * @param worker its name, for people
     * @param digest which worker
     * @param function which function
     * @param timeoutMs longest time
     */
    public record Call(long call, String worker, String digest, String function, long timeoutMs) implements Head {
        /** Nothing may be missing. */
        public Call {
            Objects.requireNonNull(worker, "worker");
            Objects.requireNonNull(digest, "digest");
            Objects.requireNonNull(function, "function");
        }
    }

    /** A call went well; the bytes are its output, unless the caller came with a ticket and has it already. */
    public record Answer(long call, double ranMs) implements Head {}

    /** A call failed. */
    public record Failed(long call, String error, Optional<String> field, Optional<String> rule, String message) implements Head {
        /** Nothing may be missing but field and rule. */
        public Failed {
            Objects.requireNonNull(error, "error");
            Objects.requireNonNull(message, "message");
        }

        /** The failure of a call. */
        public static Failed of(long call, CallOutcome.Failed failed) {
            return new Failed(call, failed.kind().text(), failed.field(), failed.rule(), failed.message());
        }
    }

    /** The answer to this call is of no interest any more. */
    public record Cancel(long call) implements Head {}

    /** A node lacks a worker. */
    public record Need(String digest) implements Head {
        /** Nothing may be missing. */
        public Need {
            Objects.requireNonNull(digest, "digest");
        }
    }

    /** A worker that was asked for; the bytes are its file. */
    public record WorkerFile(String digest, String name) implements Head {
        /** Nothing may be missing. */
        public WorkerFile {
            Objects.requireNonNull(digest, "digest");
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * What the worker of this digest may use; the bytes are {@link LentSettings}. It holds for the calls that come after it on this link,
     * until the next one; without any, nothing.
     */
    public record Settings(String digest) implements Head {
        /** Nothing may be missing. */
        public Settings {
            Objects.requireNonNull(digest, "digest");
        }
    }

    /** A node lives: calls that run, and the machine's load from 0 to 1. */
    public record Beat(int busy, double load) implements Head {}

    /** A node takes no new calls, finishes what it has and goes. */
    public record Drain() implements Head {}

    /** A node says where callers reach it, so that calls with a {@link Ticket} need not pass the coordinator. */
    public record Reachable(String url) implements Head {
        /** Nothing may be missing. */
        public Reachable {
            Objects.requireNonNull(url, "url");
        }
    }

    /** The answer to {@link Reachable}: the bytes are the key of this link's tickets. */
    public record TicketKey() implements Head {}

    /** The ticket of this call was shown, and its input is on the way. */
    public record Shown(long call) implements Head {}

    /** A message without bytes. */
    public static LinkMessage of(Head head) {
        return new LinkMessage(head, NOTHING);
    }

    /**
     * Reads a message, which is copied.
     *
     * @throws Problem if it is no message of this form
     */
    public static LinkMessage read(ByteBuffer message) {
        ByteBuffer rest = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (rest.remaining() < 4) {
            throw Problem.field("message", "minLength", "A message begins with the length of its head, four bytes.");
        }
        long head = Integer.toUnsignedLong(rest.getInt());
        if (head > Math.min(HEAD_BYTES, rest.remaining())) {
            throw Problem.field("message", "head", "The head of a message is at most " + HEAD_BYTES + " bytes and within the message.");
        }
        return new LinkMessage(Json.read(bytes(rest, (int) head), Head.class), bytes(rest, rest.remaining()));
    }

    private static byte[] bytes(ByteBuffer from, int length) {
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    /** How the message begins on the wire: the length of the head, and the head; {@link #bytes} follow. */
    public byte[] opening() {
        byte[] json = Json.bytes(head);
        return ByteBuffer.allocate(4 + json.length).order(ByteOrder.LITTLE_ENDIAN).putInt(json.length).put(json).array();
    }

    /** The whole message on the wire, copied. */
    public byte[] encoded() {
        byte[] opening = opening();
        return ByteBuffer.allocate(opening.length + bytes.length).put(opening).put(bytes).array();
    }
}
