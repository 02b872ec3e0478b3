/** server. */
@NullMarked
package dev.cloche.server;

import org.jspecify.annotations.NullMarked;
