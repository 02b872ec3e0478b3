package dev.cloche.wasm;

/**
 * One thing that a module wants from its host.
 *
 * @param module the first of its two names
 * @param name the second
 * @param type what it is
 */
public record Import(String module, String name, ExternType type) {}
