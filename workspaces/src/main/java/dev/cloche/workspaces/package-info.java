/** workspaces. */
@NullMarked
package dev.cloche.workspaces;

import org.jspecify.annotations.NullMarked;
