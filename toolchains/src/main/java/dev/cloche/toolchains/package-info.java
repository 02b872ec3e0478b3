/** Workers from sources, by the compilers of this machine. */
@NullMarked
package dev.cloche.toolchains;

import org.jspecify.annotations.NullMarked;
