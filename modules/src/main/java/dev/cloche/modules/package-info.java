/** Modules of the public ABI: their code, the functions that the host gives them, and calls into them. */
@NullMarked
package dev.cloche.modules;

import org.jspecify.annotations.NullMarked;
