/** Workers: what one is, and running it in this process. */
@NullMarked
package dev.cloche.workers;

import org.jspecify.annotations.NullMarked;
