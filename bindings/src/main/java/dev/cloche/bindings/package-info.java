/** Client bindings, generated from a module's definition. */
@NullMarked
package dev.cloche.bindings;

import org.jspecify.annotations.NullMarked;
