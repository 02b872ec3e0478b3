/** storage. */
@NullMarked
package dev.cloche.storage;

import org.jspecify.annotations.NullMarked;
