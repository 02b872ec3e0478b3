/** Types and values of live databases, and their two forms: BSATN (binary) and SATS-JSON. */
@NullMarked
package dev.cloche.values;

import org.jspecify.annotations.NullMarked;
