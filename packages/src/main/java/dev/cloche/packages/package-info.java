/** packages. */
@NullMarked
package dev.cloche.packages;

import org.jspecify.annotations.NullMarked;
