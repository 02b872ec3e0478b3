package dev.cloche.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The versions of the client protocol, the preferred one first (facts, specification B, section 3.1). */
enum Subprotocol {
    /** Version 2 with several messages to a frame. */
    V3("v3.bsatn.spacetimedb"),
    /** One message to a frame; what a client gets that names none is this, too. */
    V2("v2.bsatn.spacetimedb"),
    /** The older messages. */
    V1("v1.bsatn.spacetimedb"),
    /** The older messages as text. */
    V1_JSON("v1.json.spacetimedb");

    private final String word;

    Subprotocol(String word) {
        this.word = word;
    }

    /** Its name in the handshake. */
    String word() {
        return word;
    }

    /** Whether messages wait for the log unless the client says else. */
    boolean confirmedByDefault() {
        return this == V3 || this == V2;
    }

    /** The best of those that a client offers. */
    static Optional<Subprotocol> choose(List<String> offered) {
        return Arrays.stream(values()).filter(one -> offered.contains(one.word)).findFirst();
    }
}
