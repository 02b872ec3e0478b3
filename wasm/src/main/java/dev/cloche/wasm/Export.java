package dev.cloche.wasm;

/**
 * One thing that a module offers its host.
 *
 * @param name unique within the module
 * @param type what it is
 */
public record Export(String name, ExternType type) {}
