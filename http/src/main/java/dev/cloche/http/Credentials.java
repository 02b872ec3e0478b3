package dev.cloche.http;

/** What a request shows to prove who asks; taken from it only where the rules of its origin allow it. */
public sealed interface Credentials {
    /** The secret of a session, from the {@code __Host-cloche} cookie of a same-origin request. */
    record Session(String secret) implements Credentials {
        @Override
        public String toString() {
            return "Session[...]";
        }
    }

    /** The secret of a token or of the local operator, from {@code Authorization}. */
    record Bearer(String secret) implements Credentials {
        @Override
        public String toString() {
            return "Bearer[...]";
        }
    }
}
