package dev.cloche.workers;

import static dev.cloche.wasm.ValueType.I32;
import static dev.cloche.wasm.ValueType.I64;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.cloche.wasm.Frame;
import dev.cloche.wasm.FunctionType;
import dev.cloche.wasm.HostImport;
import dev.cloche.wasm.ValueType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** WASI preview 1, as far as a worker needs it: everything but sockets and links. Those of files are {@link WasiFileFunctions}. */
final class WasiFunctions {
    static final String MODULE = "wasi_snapshot_preview1";
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK = 65_536;
    private static final long SLICE_MILLIS = 10;
    private static final int SUBSCRIPTION = 48;
    private static final int EVENT = 32;
    private static final int MOST_SUBSCRIPTIONS = 1024;
    private static final SecureRandom RANDOM = new SecureRandom();

    private WasiFunctions() {}

    /** What a function does; the result is an error number, 0 for none. */
    interface Operation {
        /** With the state of the guest that calls. */
        int run(Frame frame, Wasi wasi) throws IOException;
    }

    static List<HostImport> all() {
        List<HostImport> all = new ArrayList<>();
        add(all, "args_sizes_get", (frame, wasi) -> sizes(frame, wasi.arguments()), I32, I32);
        add(all, "args_get", (frame, wasi) -> texts(frame, wasi.arguments()), I32, I32);
        add(all, "environ_sizes_get", (frame, wasi) -> sizes(frame, List.of()), I32, I32);
        add(all, "environ_get", (frame, wasi) -> 0, I32, I32);
        add(all, "clock_res_get", (frame, wasi) -> put(frame, 1, 1), I32, I32);
        add(all, "clock_time_get", (frame, wasi) -> put(frame, 2, frame.i32(0) == 0 ? realTime() : System.nanoTime()), I32, I64, I32);
        add(all, "random_get", (frame, wasi) -> random(frame), I32, I32);
        add(all, "sched_yield", (frame, wasi) -> 0);
        add(all, "poll_oneoff", (frame, wasi) -> poll(frame), I32, I32, I32, I32);
        add(all, "proc_raise", (frame, wasi) -> WasiError.NOSYS, I32);
        for (String name : List.of("sock_accept", "sock_recv", "sock_send", "sock_shutdown")) {
            add(all, name, (frame, wasi) -> WasiError.NOTSUP, switch (name) {
                case "sock_accept" -> new ValueType[] {I32, I32, I32};
                case "sock_recv" -> new ValueType[] {I32, I32, I32, I32, I32, I32};
                case "sock_send" -> new ValueType[] {I32, I32, I32, I32, I32};
                default -> new ValueType[] {I32, I32};
            });
        }
        all.add(new HostImport(MODULE, "proc_exit", FunctionType.of(I32), frame -> {
            throw new WasiExit(frame.i32(0));
        }));
        WasiFileFunctions.addTo(all);
        return all;
    }

    static void add(List<HostImport> all, String name, Operation operation, ValueType... parameters) {
        all.add(new HostImport(MODULE, name, FunctionType.of(parameters).returning(I32), frame -> frame.result(number(operation, frame))));
    }

    private static int number(Operation operation, Frame frame) {
        try {
            return operation.run(frame, frame.context(Guest.class).wasi());
        } catch (WasiError e) {
            return e.number();
        } catch (IndexOutOfBoundsException e) {
            return WasiError.FAULT;
        } catch (FileSystemException e) {
            return number(e);
        } catch (IOException | UnsupportedOperationException e) {
            return WasiError.IO;
        }
    }

    private static int number(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException gone -> WasiError.NOENT;
            case FileAlreadyExistsException there -> WasiError.EXIST;
            case DirectoryNotEmptyException full -> WasiError.NOTEMPTY;
            case AccessDeniedException denied -> WasiError.ACCES;
            case NotDirectoryException file -> WasiError.NOTDIR;
            default -> String.valueOf(e.getReason()).contains("Not a directory") ? WasiError.NOTDIR
                    : String.valueOf(e.getReason()).contains("name too long") ? WasiError.NAMETOOLONG : WasiError.IO;
        };
    }

    private static long realTime() {
        java.time.Instant now = java.time.Instant.now();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
    }

    /** Writes 64 bits where argument k points. */
    private static int put(Frame frame, int k, long value) {
        frame.memory().set(LONG, frame.u32(k), value);
        return 0;
    }

    private static int sizes(Frame frame, List<String> texts) {
        MemorySegment memory = frame.memory();
        memory.set(INT, frame.u32(0), texts.size());
        memory.set(INT, frame.u32(1), texts.stream().mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length + 1).sum());
        return 0;
    }

    private static int texts(Frame frame, List<String> texts) {
        MemorySegment memory = frame.memory();
        long pointer = frame.u32(0);
        long at = frame.u32(1);
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            memory.set(INT, pointer, (int) at);
            MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, at, bytes.length);
            memory.set(JAVA_BYTE, at + bytes.length, (byte) 0);
            pointer += Integer.BYTES;
            at += bytes.length + 1;
        }
        return 0;
    }

    private static int random(Frame frame) {
        MemorySegment target = frame.memory().asSlice(frame.u32(0), frame.u32(1));
        byte[] chunk = new byte[(int) Math.min(CHUNK, target.byteSize())];
        for (long at = 0; at < target.byteSize() && !frame.instance().ending(); at += chunk.length) {
            RANDOM.nextBytes(chunk);
            MemorySegment.copy(chunk, 0, target, JAVA_BYTE, at, (int) Math.min(chunk.length, target.byteSize() - at));
        }
        return 0;
    }

    /** Files are always ready; else waits for the first clock. */
    private static int poll(Frame frame) {
        long count = frame.u32(2);
        if (count == 0 || count > MOST_SUBSCRIPTIONS) {
            return WasiError.INVAL;
        }
        MemorySegment asked = frame.memory().asSlice(frame.u32(0), count * SUBSCRIPTION);
        boolean clocks = true;
        long wait = Long.MAX_VALUE;
        for (long k = 0; k < count; k++) {
            clocks &= asked.get(JAVA_BYTE, k * SUBSCRIPTION + 8) == 0;
        }
        for (long k = 0; k < count && clocks; k++) {
            wait = Math.min(wait, wait(asked, k * SUBSCRIPTION));
        }
        if (clocks) {
            sleep(frame, wait);
        }
        long events = 0;
        MemorySegment told = frame.memory().asSlice(frame.u32(1), count * EVENT);
        for (long k = 0; k < count; k++) {
            long from = k * SUBSCRIPTION;
            byte kind = asked.get(JAVA_BYTE, from + 8);
            if (kind != 0 || clocks && wait(asked, from) <= wait) {
                long to = events++ * EVENT;
                told.asSlice(to, EVENT).fill((byte) 0);
                told.set(LONG, to, asked.get(LONG, from));
                told.set(JAVA_BYTE, to + 10, kind);
                told.set(LONG, to + 16, kind == 0 ? 0 : 1);
            }
        }
        frame.memory().set(INT, frame.u32(3), (int) events);
        return 0;
    }

    /** Nanoseconds from now on; those of absolute times shrink while they are looked at. */
    private static long wait(MemorySegment asked, long at) {
        long time = asked.get(LONG, at + 24);
        boolean absolute = (asked.get(SHORT, at + 40) & 1) != 0;
        if (!absolute) {
            return time < 0 ? Long.MAX_VALUE : time;
        }
        return Math.max(0, time - (asked.get(INT, at + 16) == 0 ? realTime() : System.nanoTime()));
    }

    private static void sleep(Frame frame, long nanos) {
        long start = System.nanoTime();
        try {
            for (long left = nanos; left > 0 && !frame.instance().ending(); left = nanos - (System.nanoTime() - start)) {
                long slice = Math.min(left, SLICE_MILLIS * 1_000_000);
                Thread.sleep(slice / 1_000_000, (int) (slice % 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
