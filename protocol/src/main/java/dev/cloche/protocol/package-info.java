/** The public protocol of live databases: WebSockets, tokens, and HTTP below {@code /v1}. */
@NullMarked
package dev.cloche.protocol;

import org.jspecify.annotations.NullMarked;
