package dev.cloche.wasm;

/**
 * A module that is linked beside another for its exports.
 *
 * @param name by which later ones import from it; the host may offer functions of the same module name
 */
public record Library(String name, CompiledModule module) {}
