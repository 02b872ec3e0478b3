/** What a database is made of: the definition of its module, checked and resolved, and plans to change it. */
@NullMarked
package dev.cloche.schema;

import org.jspecify.annotations.NullMarked;
