package dev.cloche.modules;

/** A version of HTTP as modules count them. */
public enum HttpVersion {
    /** 0.9. */
    HTTP_0_9,
    /** 1.0. */
    HTTP_1_0,
    /** 1.1. */
    HTTP_1_1,
    /** 2. */
    HTTP_2,
    /** 3. */
    HTTP_3;

    /** How many there are. */
    static final int COUNT = values().length;

    static HttpVersion ofTag(int tag) {
        return values()[tag];
    }
}
