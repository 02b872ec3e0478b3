/** What every part stands on: identifiers, problems, JSON, configuration, digests, lifecycle. */
@NullMarked
package dev.cloche.kernel;

import org.jspecify.annotations.NullMarked;
