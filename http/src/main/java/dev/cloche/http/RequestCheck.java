package dev.cloche.http;

import dev.cloche.kernel.Problem;

/** Checks a whole request against the contract before its handler sees it. */
@FunctionalInterface
public interface RequestCheck {
    /** Returns if the request keeps the contract, else throws the {@link Problem} that names each broken rule. */
    void check(Request request, Route route);

    /** Checks nothing. */
    static RequestCheck none() {
        return (request, route) -> {};
    }
}
