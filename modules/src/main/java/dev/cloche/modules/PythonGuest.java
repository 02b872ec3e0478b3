package dev.cloche.modules;

import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Identity;
import dev.cloche.wasm.GuestThread;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Runs Python modules: the interpreter is compiled once, started once and then copied, so that a user's module is no new
 * WebAssembly but text that a copy reads. Any thread may use it.
 *
 * <p>The guest says in its data where the text goes: {@code PYTHON-SOURCE-1}, a zero, then address and size of a room, two u32.
 * The room gets the u32 length of what follows, then for each file, the main one first: u16 length of the name, name, u32
 * length of the text, text.
 */
public final class PythonGuest implements AutoCloseable {
    private static final byte[] MARK = "PYTHON-SOURCE-1\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int LONGEST_NAME = 200;

    private final ModuleHost host;
    private final CompletableFuture<Module> started;
    private final long room;
    private final int size;

    /** Prepares the interpreter in the background; takes seconds where its code is not in the engine's cache yet. */
    public PythonGuest(ModuleHost host, byte[] guest) {
        this.host = host;
        int mark = find(guest);
        ByteBuffer record = ByteBuffer.wrap(guest, mark + MARK.length, 2 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        room = Integer.toUnsignedLong(record.getInt());
        size = record.getInt();
        started = new CompletableFuture<>();
        GuestThread thread = new GuestThread("python-guest", () -> prepare(guest));
        thread.setDaemon(true);
        thread.start();
    }

    private static int find(byte[] guest) {
        for (int at = 0; at + MARK.length + 2 * Integer.BYTES <= guest.length; at++) {
            if (Arrays.equals(guest, at, at + MARK.length, MARK, 0, MARK.length)) {
                return at;
            }
        }
        throw new IllegalArgumentException("The Python guest has no record of its room for sources.");
    }

    private void prepare(byte[] guest) {
        try {
            started.complete(host.load(host.startedOnce(guest)));
        } catch (RuntimeException | Error e) {
            started.completeExceptionally(e);
        }
    }

    /**
     * A module from Python source; nothing of it runs yet.
     *
     * @param name of the main file, for tracebacks, such as {@code game.py}
     * @param files name and text; the main one must be among them
     * @throws ModuleRefused if it is too large
     */
    public Module load(String name, Map<String, String> files) {
        BsatnWriter out = new BsatnWriter();
        int length = out.reserveU32();
        file(out, name, files.getOrDefault(name, ""));
        files.forEach((other, text) -> {
            if (!other.equals(name)) {
                file(out, other, text);
            }
        });
        if (out.size() > size) {
            throw new ModuleRefused(ModuleRefused.Reason.SOURCE, "The module's source has " + out.size() + " bytes; at most " + size + " fit.");
        }
        out.setU32(length, out.size() - Integer.BYTES);
        return interpreter().with(new Preload(room, out.toArray()));
    }

    private static void file(BsatnWriter out, String name, String text) {
        byte[] label = name.getBytes(StandardCharsets.UTF_8);
        if (label.length == 0 || label.length > LONGEST_NAME) {
            throw new ModuleRefused(ModuleRefused.Reason.SOURCE, "The name of a source file has 1 to " + LONGEST_NAME + " bytes.");
        }
        out.writeU16(label.length).writeRaw(label).writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private Module interpreter() {
        try {
            return started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Gives the interpreter up; waits until it is ready if it is not yet. */
    @Override
    public void close() {
        started.handle((module, failure) -> {
            if (module != null) {
                module.close();
            }
            return true;
        }).join();
    }

    /** What the interpreter works on while it is started: it has no database yet. */
    static GuestState stateNowhere() {
        return new GuestState(Identity.ZERO, line -> { }, Outside.NOTHING);
    }
}
