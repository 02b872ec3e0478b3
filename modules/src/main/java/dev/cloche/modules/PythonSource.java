package dev.cloche.modules;

import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The files of a Python module, the main one first, as they lie in a guest's memory: the u32 length of what follows, then
 * for each file u16 length of the name, name, u32 length of the text, text, all in UTF-8.
 *
 * @param files name, such as {@code rules/dice.py}, and text; in order, at least one
 */
public record PythonSource(Map<String, String> files) {
    private static final byte[] BUNDLE = "PYTHON-SOURCE-1\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int LONGEST_NAME = 200;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(/[A-Za-z_][A-Za-z0-9_]*)*\\.py");

    /**
     * Checks the names.
     *
     * @throws ModuleRefused if one is no name that Python can import
     */
    public PythonSource {
        if (files.isEmpty()) {
            throw new ModuleRefused(ModuleRefused.Reason.SOURCE, "A Python module has at least one file.");
        }
        for (String name : files.keySet()) {
            if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
                throw new ModuleRefused(ModuleRefused.Reason.SOURCE, "'" + name + "' is no name of a Python file: letters, digits and underscores, then .py,"
                        + " at most " + LONGEST_NAME + " characters.");
            }
        }
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    /** These files with the main one first, whatever their order was; an absent main file is empty. */
    public static PythonSource of(String main, Map<String, String> files) {
        Map<String, String> ordered = new LinkedHashMap<>();
        ordered.put(main, files.getOrDefault(main, ""));
        ordered.putAll(files);
        return new PythonSource(ordered);
    }

    /**
     * The bytes for the guest.
     *
     * @param room at most so many bytes, the length included
     * @throws ModuleRefused if there are more
     */
    public byte[] encode(int room) {
        BsatnWriter out = new BsatnWriter();
        int length = out.reserveU32();
        files.forEach((name, text) -> {
            byte[] label = name.getBytes(StandardCharsets.UTF_8);
            out.writeU16(label.length).writeRaw(label).writeBytes(text.getBytes(StandardCharsets.UTF_8));
        });
        if (out.size() > room) {
            throw new ModuleRefused(ModuleRefused.Reason.SOURCE, "The module's source has " + out.size() + " bytes; at most " + room + " fit.");
        }
        out.setU32(length, out.size() - Integer.BYTES);
        return out.toArray();
    }

    /** The files as one to hand in: {@code PYTHON-SOURCE-1}, a zero, then as in a guest's memory. */
    public byte[] bundle() {
        return new BsatnWriter().writeRaw(BUNDLE).writeRaw(encode(Integer.MAX_VALUE)).toArray();
    }

    /** Whether the bytes say that they are a {@link #bundle}. */
    public static boolean isBundle(byte[] bytes) {
        return bytes.length >= BUNDLE.length && Arrays.equals(bytes, 0, BUNDLE.length, BUNDLE, 0, BUNDLE.length);
    }

    /**
     * The files of a {@link #bundle}.
     *
     * @throws ModuleRefused if it is damaged
     */
    public static PythonSource ofBundle(byte[] bytes) {
        return decode(Arrays.copyOfRange(bytes, BUNDLE.length, bytes.length));
    }

    /**
     * The files of such bytes.
     *
     * @throws ModuleRefused if they are none
     */
    public static PythonSource decode(byte[] bytes) {
        Map<String, String> files = new LinkedHashMap<>();
        try {
            BsatnReader in = new BsatnReader(bytes);
            if (in.readU32() != in.remaining()) {
                throw new ModuleRefused(ModuleRefused.Reason.SOURCE, "The source in the module has another length than it says.");
            }
            while (in.remaining() > 0) {
                String name = new String(in.readRaw(in.readU16()), StandardCharsets.UTF_8);
                files.put(name, new String(in.readBytes(), StandardCharsets.UTF_8));
            }
        } catch (BsatnException broken) {
            throw new ModuleRefused(ModuleRefused.Reason.SOURCE, "The source in the module cannot be read: " + broken.getMessage());
        }
        return new PythonSource(files);
    }
}
