package dev.cloche.modules;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts Python files into the interpreter's WebAssembly, so that the result is a module of the public ABI by itself, and reads
 * them back. Nothing is compiled: the source becomes one more data segment, over the room that the base names in its data
 * ({@code PYTHON-SOURCE-1}, a zero, address and size, two u32).
 *
 * <p>Imports at the end of the list for which the source has no word become functions of the module that trap; so no function
 * gets another number. The counterpart in Python is {@code guests/python/pack.py}.
 */
public final class PythonModulePacker {
    private static final byte[] MARK = "PYTHON-SOURCE-1\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int IMPORT = 2;
    private static final int FUNCTION = 3;
    private static final int CODE = 10;
    private static final int DATA = 11;
    private static final int DATA_COUNT = 12;
    private static final byte[] TRAP = {3, 0, 0, 0x0b};
    private static final List<String> REMOVAL = List.of("delete", "scheduled");
    private static final List<String> OUTSIDE_TRANSACTIONS = List.of("procedure", "http_handler");
    private static final Map<String, List<String>> WORDS = Map.ofEntries(
            Map.entry("procedure_start_mut_tx", OUTSIDE_TRANSACTIONS),
            Map.entry("procedure_commit_mut_tx", OUTSIDE_TRANSACTIONS),
            Map.entry("procedure_abort_mut_tx", OUTSIDE_TRANSACTIONS),
            Map.entry("procedure_sleep_until", OUTSIDE_TRANSACTIONS),
            Map.entry("procedure_http_request", OUTSIDE_TRANSACTIONS),
            Map.entry("get_jwt", List.of("claims")),
            Map.entry("console_timer_start", List.of("timer")),
            Map.entry("console_timer_end", List.of("timer")),
            Map.entry("datastore_clear", REMOVAL),
            Map.entry("datastore_delete_all_by_eq_bsatn", REMOVAL),
            Map.entry("datastore_delete_by_index_scan_range_bsatn", REMOVAL),
            Map.entry("datastore_delete_by_index_scan_point_bsatn", REMOVAL));

    private final byte[] base;
    private final Slot slot;

    /** The room for the source: its address in memory and its bytes. */
    record Slot(int address, int size) {
        static Optional<Slot> in(byte[] module) {
            for (int at = 0; at + MARK.length + 2 * Integer.BYTES <= module.length; at++) {
                if (Arrays.equals(module, at, at + MARK.length, MARK, 0, MARK.length)) {
                    ByteBuffer record = ByteBuffer.wrap(module, at + MARK.length, 2 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                    return Optional.of(new Slot(record.getInt(), record.getInt()));
                }
            }
            return Optional.empty();
        }
    }

    private record Import(String name, int type, byte[] bytes) {}

    /**
     * On this base.
     *
     * @param base the interpreter, {@code python.wasm}; not to be changed
     * @throws ModuleRefused if it is not that
     */
    public PythonModulePacker(byte[] base) {
        this.base = base;
        slot = Slot.in(base).orElseThrow(() -> new ModuleRefused(ModuleRefused.Reason.SOURCE, "This module has no room for Python source."));
    }

    /**
     * A module of these files.
     *
     * @throws ModuleRefused if they are too large
     */
    public byte[] pack(PythonSource source) {
        byte[] content = encoded(source).content();
        Wasm in = new Wasm(base);
        ByteArrayOutputStream out = new ByteArrayOutputStream(base.length + content.length + 64);
        out.write(base, 0, Wasm.HEADER);
        List<Import> dropped = List.of();
        while (in.hasMore()) {
            Wasm.Section section = in.section();
            byte[] body = switch (section.id()) {
                case IMPORT -> {
                    List<Import> all = imports(section.body());
                    int keep = all.size() - unused(all, source);
                    dropped = all.subList(keep, all.size());
                    yield joined(keep, all.subList(0, keep).stream().map(Import::bytes).toList(), new byte[0]);
                }
                case FUNCTION -> prepended(section.body(), dropped.stream().map(each -> Wasm.unsigned(each.type())).toList());
                case CODE -> prepended(section.body(), dropped.stream().map(each -> TRAP).toList());
                case DATA_COUNT -> Wasm.unsigned(new Wasm(section.body(), 0).readUnsigned() + 1);
                case DATA -> withSegment(section.body(), content);
                default -> section.body();
            };
            out.write(section.id());
            out.writeBytes(Wasm.unsigned(body.length));
            out.writeBytes(body);
        }
        return out.toByteArray();
    }

    /**
     * The same for an instance of the base: what to put into its memory.
     *
     * @throws ModuleRefused if it is too large
     */
    Preload encoded(PythonSource source) {
        return new Preload(Integer.toUnsignedLong(slot.address()), source.encode(slot.size()));
    }

    /**
     * The files inside a packed module; empty if it is none.
     *
     * @throws ModuleRefused if it is damaged
     */
    public static Optional<PythonSource> source(byte[] module) {
        Optional<Slot> slot = Slot.in(module);
        if (slot.isEmpty()) {
            return Optional.empty();
        }
        Wasm in = new Wasm(module);
        while (in.hasMore()) {
            Wasm.Section section = in.section();
            if (section.id() == DATA) {
                return lastSegment(section.body(), slot.get().address()).map(PythonSource::decode);
            }
        }
        return Optional.empty();
    }

    /** The content of the last segment, if it is an active one at this address. */
    private static Optional<byte[]> lastSegment(byte[] body, int address) {
        Wasm in = new Wasm(body, 0);
        byte[] content = {};
        int place = -1;
        for (int left = in.readUnsigned(); left > 0; left--) {
            int kind = in.readUnsigned();
            if (kind == 2) {
                in.readUnsigned();
            }
            place = kind == 1 ? -1 : in.readOffset();
            content = in.readBytes(in.readUnsigned());
        }
        return place == address ? Optional.of(content) : Optional.empty();
    }

    private byte[] withSegment(byte[] body, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + content.length + 32);
        Wasm in = new Wasm(body, 0);
        out.writeBytes(Wasm.unsigned(in.readUnsigned() + 1));
        out.writeBytes(in.rest());
        out.write(0);
        out.write(0x41);
        out.writeBytes(Wasm.signed(slot.address()));
        out.write(0x0b);
        out.writeBytes(Wasm.unsigned(content.length));
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static List<Import> imports(byte[] body) {
        Wasm in = new Wasm(body, 0);
        List<Import> found = new ArrayList<>();
        for (int left = in.readUnsigned(); left > 0; left--) {
            int start = in.position();
            in.readBytes(in.readUnsigned());
            String name = new String(in.readBytes(in.readUnsigned()), StandardCharsets.UTF_8);
            if (in.readUnsigned() != 0) {
                throw new ModuleRefused(ModuleRefused.Reason.SOURCE, "The import " + name + " is no function.");
            }
            int type = in.readUnsigned();
            found.add(new Import(name, type, Arrays.copyOfRange(body, start, in.position())));
        }
        return found;
    }

    /** How many imports at the end the source has no word for. */
    private static int unused(List<Import> imports, PythonSource source) {
        int count = 0;
        for (Import each : imports.reversed()) {
            List<String> words = WORDS.get(each.name());
            if (words == null || words.stream().anyMatch(word -> source.files().values().stream().anyMatch(text -> text.contains(word)))) {
                return count;
            }
            count++;
        }
        return count;
    }

    private static byte[] prepended(byte[] body, List<byte[]> items) {
        Wasm in = new Wasm(body, 0);
        int count = in.readUnsigned();
        return joined(count + items.size(), items, in.rest());
    }

    private static byte[] joined(int count, List<byte[]> items, byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Wasm.unsigned(count));
        items.forEach(out::writeBytes);
        out.writeBytes(rest);
        return out.toByteArray();
    }
}
