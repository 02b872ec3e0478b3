package dev.cloche.wasm;

/** The type of one value of WebAssembly. Only the four number types cross between host and guest. */
public enum ValueType {
    /** A 32-bit integer, also every pointer of a guest. */
    I32,
    /** A 64-bit integer. */
    I64,
    /** A 32-bit float. */
    F32,
    /** A 64-bit float. */
    F64,
    /** A vector of 128 bits; stays within the guest. */
    V128,
    /** A reference; stays within the guest. */
    REFERENCE;

    /** Whether a value of this type can be an argument or a result between host and guest. */
    public boolean crosses() {
        return this != V128 && this != REFERENCE;
    }

    /** The name in the text format. */
    public String text() {
        return this == REFERENCE ? "ref" : name().toLowerCase(java.util.Locale.ROOT);
    }
}
