/** WebAssembly on the server: one interface, two engines. */
@NullMarked
package dev.cloche.wasm;

import org.jspecify.annotations.NullMarked;
