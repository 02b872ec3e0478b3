package dev.cloche.wasm;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a module's binary says about its borders: read by us and not by an engine, so that both engines tell the same.
 * WebAssembly core specification 2.0, section 5.5.
 *
 * @param imports in the module's order
 * @param exports in the module's order
 * @param memories minimum pages of each memory of its own
 * @param tables minimum elements of each table of its own
 */
record ModuleShape(List<Import> imports, List<Export> exports, List<Long> memories, List<Long> tables) {
    private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};

    /** Reads a module of this engine-independent kind; the function bodies are not looked at. */
    static ModuleShape read(byte[] module) {
        return new Reading(module).shape();
    }

    /** A cursor over the sections that matter. */
    private static final class Reading {
        private final Bytes in;
        private final List<FunctionType> types = new ArrayList<>();
        private final List<FunctionType> functions = new ArrayList<>();
        private final List<Import> imports = new ArrayList<>();
        private final List<Export> exports = new ArrayList<>();
        private final List<Long> memories = new ArrayList<>();
        private final List<Long> allMemories = new ArrayList<>();
        private final List<Long> tables = new ArrayList<>();

        Reading(byte[] module) {
            in = new Bytes(module);
            if (module.length < HEADER.length || !java.util.Arrays.equals(HEADER, 0, HEADER.length, module, 0, HEADER.length)) {
                throw new InvalidModule("no WebAssembly module: it does not begin with the bytes 00 61 73 6d 01 00 00 00");
            }
            in.skip(HEADER.length);
        }

        ModuleShape shape() {
            while (!in.ended()) {
                int id = in.octet();
                Bytes body = in.part(in.u32());
                switch (id) {
                    case 1 -> repeat(body, () -> types.add(functionType(body)));
                    case 2 -> repeat(body, () -> readImport(body));
                    case 3 -> repeat(body, () -> functions.add(type(body.u32())));
                    case 4 -> repeat(body, () -> readTable(body));
                    case 5 -> repeat(body, () -> readMemory(body));
                    case 7 -> repeat(body, () -> exports.add(new Export(body.name(), exportType(body))));
                    default -> { }
                }
            }
            return new ModuleShape(List.copyOf(imports), List.copyOf(exports), List.copyOf(memories), List.copyOf(tables));
        }

        private static void repeat(Bytes body, Runnable one) {
            for (long left = body.u32(); left > 0; left--) {
                one.run();
            }
        }

        private static FunctionType functionType(Bytes in) {
            if (in.octet() != 0x60) {
                throw new InvalidModule("only function types are run here, no other types of the collector's kind");
            }
            return new FunctionType(valueTypes(in), valueTypes(in));
        }

        private static List<ValueType> valueTypes(Bytes in) {
            List<ValueType> found = new ArrayList<>();
            repeat(in, () -> found.add(valueType(in)));
            return found;
        }

        private static ValueType valueType(Bytes in) {
            return switch (in.octet()) {
                case 0x7f -> ValueType.I32;
                case 0x7e -> ValueType.I64;
                case 0x7d -> ValueType.F32;
                case 0x7c -> ValueType.F64;
                case 0x7b -> ValueType.V128;
                case 0x63, 0x64 -> {
                    in.u32(); // a heap type
                    yield ValueType.REFERENCE;
                }
                case 0x70, 0x6f, 0x69, 0x6e, 0x6d, 0x6c, 0x6b, 0x6a, 0x71, 0x72, 0x73, 0x74 -> ValueType.REFERENCE;
                default -> throw new InvalidModule("an unknown value type, at byte " + in.position());
            };
        }

        private FunctionType type(long index) {
            if (index >= types.size()) {
                throw new InvalidModule("type " + index + " of " + types.size());
            }
            return types.get((int) index);
        }

        private void readImport(Bytes body) {
            String module = body.name();
            String name = body.name();
            int kind = body.octet();
            ExternType type = switch (kind) {
                case 0 -> type(body.u32());
                case 1 -> {
                    valueType(body);
                    limits(body);
                    yield ExternType.Other.TABLE;
                }
                case 2 -> new ExternType.Memory(limits(body));
                case 3 -> {
                    valueType(body);
                    body.octet();
                    yield ExternType.Other.GLOBAL;
                }
                case 4 -> {
                    body.octet();
                    body.u32();
                    yield ExternType.Other.TAG;
                }
                default -> throw new InvalidModule("an import of unknown kind " + kind);
            };
            if (type instanceof FunctionType function) {
                functions.add(function);
            } else if (type instanceof ExternType.Memory(long pages)) {
                allMemories.add(pages);
            }
            imports.add(new Import(module, name, type));
        }

        /** Functions of the module stand behind the imported ones, as imports come first in the binary. */
        private ExternType exportType(Bytes body) {
            int kind = body.octet();
            long index = body.u32();
            return switch (kind) {
                case 0 -> at(functions, index);
                case 1 -> ExternType.Other.TABLE;
                case 2 -> new ExternType.Memory(at(allMemories, index));
                case 3 -> ExternType.Other.GLOBAL;
                case 4 -> ExternType.Other.TAG;
                default -> throw new InvalidModule("an export of unknown kind " + kind);
            };
        }

        private static <T> T at(List<T> list, long index) {
            if (index >= list.size()) {
                throw new InvalidModule("export " + index + " of " + list.size());
            }
            return list.get((int) index);
        }

        private void readMemory(Bytes body) {
            long pages = limits(body);
            memories.add(pages);
            allMemories.add(pages);
        }

        private void readTable(Bytes body) {
            if (body.peek() == 0x40) {
                throw new InvalidModule("tables with a content of their own are not run here");
            }
            valueType(body);
            tables.add(limits(body));
        }

        private static long limits(Bytes body) {
            int flags = body.octet();
            long minimum = body.u32();
            if ((flags & 1) != 0) {
                body.u32();
            }
            return minimum;
        }
    }

    /** The signature of an exported function whose values can cross. */
    FunctionType function(String name) {
        for (Export export : exports) {
            if (export.name().equals(name) && export.type() instanceof FunctionType type) {
                if (!type.crosses()) {
                    throw new IllegalArgumentException("the values of the exported function " + name + " cannot cross: " + type.text());
                }
                return type;
            }
        }
        throw new IllegalArgumentException("the module exports no function " + name);
    }

    /** Bytes read from front to back; an end too early is an invalid module. */
    static final class Bytes {
        private final byte[] all;
        private final int end;
        private int at;

        Bytes(byte[] all) {
            this(all, 0, all.length);
        }

        private Bytes(byte[] all, int from, int end) {
            this.all = all;
            this.at = from;
            this.end = end;
        }

        boolean ended() {
            return at == end;
        }

        int position() {
            return at;
        }

        int peek() {
            if (at >= end) {
                throw new InvalidModule("the module ends too early, at byte " + at);
            }
            return all[at] & 0xff;
        }

        int octet() {
            int value = peek();
            at++;
            return value;
        }

        void skip(long length) {
            if (length > end - at) {
                throw new InvalidModule("the module ends too early: " + length + " bytes are wanted at byte " + at);
            }
            at += (int) length;
        }

        /** The next bytes, as a part of their own. */
        Bytes part(long length) {
            int from = at;
            skip(length);
            return new Bytes(all, from, at);
        }

        byte[] rest() {
            byte[] rest = java.util.Arrays.copyOfRange(all, at, end);
            at = end;
            return rest;
        }

        /** An unsigned number of at most 32 bits, LEB128. */
        long u32() {
            long value = 0;
            for (int shift = 0; shift < 35; shift += 7) {
                int octet = octet();
                value |= (long) (octet & 0x7f) << shift;
                if (octet < 0x80) {
                    if (value >= 1L << 32) {
                        break;
                    }
                    return value;
                }
            }
            throw new InvalidModule("a number of more than 32 bits, at byte " + at);
        }

        /** Another cursor at the same place. */
        Bytes copy() {
            return new Bytes(all, at, end);
        }

        /** Passes over a constant expression, its end included. */
        void constant() {
            for (int code = octet(); code != 0x0b; code = octet()) {
                switch (code) {
                    case 0x41, 0x42, 0x23, 0xd2, 0xd0 -> leb();
                    case 0x43 -> skip(4);
                    case 0x44 -> skip(8);
                    case 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e -> { } // sums and products
                    case 0xfd -> {
                        leb();
                        skip(16);
                    }
                    default -> throw new InvalidModule("an unknown constant, at byte " + at);
                }
            }
        }

        private void leb() {
            while (octet() >= 0x80) {
                // the value is of no interest
            }
        }

        String name() {
            return new String(part(u32()).rest(), StandardCharsets.UTF_8);
        }
    }
}
