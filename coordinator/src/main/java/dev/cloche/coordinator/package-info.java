/** Coordinating workers: registry, queue, links to nodes and tabs, and who runs a call. */
@NullMarked
package dev.cloche.coordinator;

import org.jspecify.annotations.NullMarked;
