/** The {@code cloche} command: the public API's client, and what only the machine itself can do. */
@NullMarked
package dev.cloche.cli;

import org.jspecify.annotations.NullMarked;
