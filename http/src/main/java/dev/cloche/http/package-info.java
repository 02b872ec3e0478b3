/** The HTTP server: routes, problem JSON, origins and security headers, static assets. */
@NullMarked
package dev.cloche.http;

import org.jspecify.annotations.NullMarked;
