/** Published apps: deployments, their files, rollback, the way from a name to its origin. */
@NullMarked
package dev.cloche.apps;

import org.jspecify.annotations.NullMarked;
