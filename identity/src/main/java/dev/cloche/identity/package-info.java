/** identity. */
@NullMarked
package dev.cloche.identity;

import org.jspecify.annotations.NullMarked;
