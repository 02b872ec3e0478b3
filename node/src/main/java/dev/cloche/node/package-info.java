/** A node: runs workers, listens on HTTP, and lends itself to a coordinator. */
@NullMarked
package dev.cloche.node;

import org.jspecify.annotations.NullMarked;
