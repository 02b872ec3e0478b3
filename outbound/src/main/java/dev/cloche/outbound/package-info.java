/** Requests to servers elsewhere that user code asks for: where they may go, and the connection there. */
@NullMarked
package dev.cloche.outbound;

import org.jspecify.annotations.NullMarked;
