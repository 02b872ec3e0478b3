package dev.cloche.workspaces;

import dev.cloche.kernel.Problem;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold for a file before it is changed; the optimistic lock of the API. */
public sealed interface Precondition {
    /** The revision that stands for "does not exist". */
    long ABSENT = 0;

    /** Whether it holds for a file of this revision, {@link #ABSENT} if there is none. */
    boolean holds(long revision);

    /** Nothing is asked. */
    record Always() implements Precondition {
        @Override
        public boolean holds(long revision) {
            return true;
        }
    }

    /** The file has one of these revisions; {@link #ABSENT} among them means that it may be missing. */
    record OneOf(Set<Long> revisions) implements Precondition {
        /** Copies the set. */
        public OneOf {
            revisions = Set.copyOf(revisions);
        }

        @Override
        public boolean holds(long revision) {
            return revisions.contains(revision);
        }
    }

    /** The file exists, in whatever revision. */
    record Exists() implements Precondition {
        @Override
        public boolean holds(long revision) {
            return revision != ABSENT;
        }
    }

    /** The file has none of these revisions. */
    record NoneOf(Set<Long> revisions) implements Precondition {
        /** Copies the set. */
        public NoneOf {
            revisions = Set.copyOf(revisions);
        }

        @Override
        public boolean holds(long revision) {
            return !revisions.contains(revision);
        }
    }

    /** Both hold. */
    record Both(Precondition first, Precondition second) implements Precondition {
        @Override
        public boolean holds(long revision) {
            return first.holds(revision) && second.holds(revision);
        }
    }

    /** The condition of {@code If-Match} and {@code If-None-Match} (RFC 9110, sections 13.1.1 and 13.1.2). */
    static Precondition ofHeaders(Optional<String> ifMatch, Optional<String> ifNoneMatch) {
        Precondition match = ifMatch.<Precondition>map(text ->
                        text.strip().equals("*") ? new Exists() : new OneOf(tags("If-Match", text)))
                .orElseGet(Always::new);
        Precondition noneMatch = ifNoneMatch.<Precondition>map(text ->
                        text.strip().equals("*") ? ofRevision(ABSENT) : new NoneOf(tags("If-None-Match", text)))
                .orElseGet(Always::new);
        return new Both(match, noneMatch);
    }

    /** The file has exactly this revision; {@link #ABSENT} means that it must not exist. */
    static Precondition ofRevision(long revision) {
        return new OneOf(Set.of(revision));
    }

    private static Set<Long> tags(String header, String text) {
        return Arrays.stream(text.split(",")).map(tag -> revision(header, tag.strip())).collect(Collectors.toSet());
    }

    private static long revision(String header, String tag) {
        String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
        if (!strong.matches("\"[0-9]{1,18}\"")) {
            throw Problem.field(header, "pattern", header + " is * or the ETag of a file, which is its revision in quotes.");
        }
        return Long.parseLong(strong.substring(1, strong.length() - 1));
    }
}
