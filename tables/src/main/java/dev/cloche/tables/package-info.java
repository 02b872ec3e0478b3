/** Tables in memory with indexes, constraints and one writer, and the SQL that reads and watches them. */
@NullMarked
package dev.cloche.tables;

import org.jspecify.annotations.NullMarked;
