/** Live databases: modules, their transactions, the durable log, and the public client protocol. */
@NullMarked
package dev.cloche.databases;

import org.jspecify.annotations.NullMarked;
