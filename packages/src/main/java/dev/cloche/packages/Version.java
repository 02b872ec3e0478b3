package dev.cloche.packages;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A version by PEP 440, in its normal form. Equal versions compare as 0, whatever their spelling: {@code 1.0} and
 * {@code 1.0.0} are equal. Numbers have at most 18 digits.
 */
final class Version implements Comparable<Version> {
    private static final int LONGEST = 200;
    private static final Pattern SYNTAX = Pattern.compile(
            """
            v?(?:(?<epoch>\\d{1,18})!)?(?<release>\\d{1,18}(?:\\.\\d{1,18})*+)\
            (?:[-_.]?(?<phase>alpha|a|beta|b|preview|pre|c|rc)(?:[-_.]?(?<pre>\\d{1,18}))?)?\
            (?:-(?<bare>\\d{1,18})|(?<post>[-_.]?(?:post|rev|r)(?:[-_.]?(?<postn>\\d{1,18}))?))?\
            (?<dev>[-_.]?dev(?:[-_.]?(?<devn>\\d{1,18}))?)?\
            (?:\\+(?<local>[a-z0-9]++(?:[-_.][a-z0-9]++)*))?""");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final Comparator<Version> ORDER = Comparator.<Version>comparingLong(v -> v.epoch)
            .thenComparing((a, b) -> compareRelease(a.release, b.release))
            .thenComparingInt(Version::phaseRank)
            .thenComparingLong(v -> v.pre.orElse(0))
            .thenComparingLong(v -> v.post.orElse(-1))
            .thenComparingLong(v -> v.dev.orElse(Long.MAX_VALUE))
            .thenComparing((a, b) -> compareLocal(a.local, b.local));

    private final long epoch;
    private final List<Long> release;
    private final String phase;
    private final OptionalLong pre;
    private final OptionalLong post;
    private final OptionalLong dev;
    private final List<String> local;

    private Version(long epoch, List<Long> release, String phase, OptionalLong pre, OptionalLong post, OptionalLong dev, List<String> local) {
        this.epoch = epoch;
        this.release = List.copyOf(release);
        this.phase = phase;
        this.pre = pre;
        this.post = post;
        this.dev = dev;
        this.local = List.copyOf(local);
    }

    /** The version of this text, if it is one. */
    static Optional<Version> parse(String text) {
        String plain = text.strip().toLowerCase(Locale.ROOT);
        Matcher m = SYNTAX.matcher(plain);
        if (plain.length() > LONGEST || !m.matches()) {
            return Optional.empty();
        }
        String phase = normalPhase(m.group("phase"));
        return Optional.of(new Version(
                m.group("epoch") == null ? 0 : Long.parseLong(m.group("epoch")),
                numbers(m.group("release")),
                phase,
                phase.isEmpty() ? OptionalLong.empty() : number(m.group("pre")),
                m.group("bare") != null ? number(m.group("bare")) : optional(m.group("post"), m.group("postn")),
                optional(m.group("dev"), m.group("devn")),
                m.group("local") == null ? List.of() : List.of(m.group("local").split("[-_.]"))));
    }

    /** The version of a text that must be one, else an {@link IllegalArgumentException}. */
    static Version of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not a version (PEP 440)"));
    }

    /** The release numbers, at least one. */
    List<Long> release() {
        return release;
    }

    /** The epoch, mostly 0. */
    long epoch() {
        return epoch;
    }

    /** Whether it is an alpha, beta, release candidate or development version. */
    boolean isPreRelease() {
        return pre.isPresent() || dev.isPresent();
    }

    /** Whether it is a pre-release of the other, which is none itself. */
    boolean isPreReleaseOf(Version other) {
        boolean sameRelease = epoch == other.epoch && compareRelease(release, other.release) == 0;
        return isPreRelease() && !other.isPreRelease() && sameRelease
                && (other.post.isEmpty() || (pre.isEmpty() && post.equals(other.post)));
    }

    /** Whether it is a post-release of the other, which is none itself. */
    boolean isPostReleaseOf(Version other) {
        return post.isPresent() && other.post.isEmpty()
                && epoch == other.epoch && compareRelease(release, other.release) == 0
                && phase.equals(other.phase) && pre.equals(other.pre);
    }

    /** Whether it has a local part. */
    boolean hasLocal() {
        return !local.isEmpty();
    }

    /** The same without the local part. */
    Version withoutLocal() {
        return local.isEmpty() ? this : new Version(epoch, release, phase, pre, post, dev, List.of());
    }

    /** Epoch and release only. */
    Version base() {
        return new Version(epoch, release, "", OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), List.of());
    }

    /** Whether the epoch is this one and the release, with zeros added, starts with these numbers. */
    boolean startsWith(long otherEpoch, List<Long> prefix) {
        if (epoch != otherEpoch) {
            return false;
        }
        for (int i = 0; i < prefix.size(); i++) {
            if (at(release, i) != prefix.get(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Version version && compareTo(version) == 0;
    }

    @Override
    public int hashCode() {
        int last = release.size();
        while (last > 1 && release.get(last - 1) == 0) {
            last--;
        }
        return Objects.hash(epoch, release.subList(0, last), phase, pre, post, dev, normalLocal());
    }

    /** The normal form. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        if (epoch != 0) {
            out.append(epoch).append('!');
        }
        out.append(release.stream().map(String::valueOf).collect(Collectors.joining(".")));
        pre.ifPresent(n -> out.append(phase).append(n));
        post.ifPresent(n -> out.append(".post").append(n));
        dev.ifPresent(n -> out.append(".dev").append(n));
        if (!local.isEmpty()) {
            out.append('+').append(String.join(".", normalLocal()));
        }
        return out.toString();
    }

    private List<String> normalLocal() {
        return local.stream().map(p -> NUMBER.matcher(p).matches() ? String.valueOf(Long.parseLong(p)) : p).toList();
    }

    // A development version of a final release comes before its alphas; a final release after its candidates.
    private int phaseRank() {
        if (pre.isEmpty()) {
            return post.isEmpty() && dev.isPresent() ? 0 : 4;
        }
        return switch (phase.charAt(0)) {
            case 'a' -> 1;
            case 'b' -> 2;
            default -> 3;
        };
    }

    private static int compareRelease(List<Long> a, List<Long> b) {
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            int order = Long.compare(at(a, i), at(b, i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compareLocal(List<String> a, List<String> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            boolean numberA = NUMBER.matcher(a.get(i)).matches();
            boolean numberB = NUMBER.matcher(b.get(i)).matches();
            int order;
            if (numberA && numberB) {
                order = Long.compare(Long.parseLong(a.get(i)), Long.parseLong(b.get(i)));
            } else {
                // numbers come after words
                order = numberA == numberB ? a.get(i).compareTo(b.get(i)) : Boolean.compare(numberA, numberB);
            }
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static long at(List<Long> numbers, int index) {
        return index < numbers.size() ? numbers.get(index) : 0;
    }

    private static List<Long> numbers(String dotted) {
        List<Long> all = new ArrayList<>();
        for (String part : dotted.split("\\.")) {
            all.add(Long.parseLong(part));
        }
        return all;
    }

    private static String normalPhase(@Nullable String written) {
        return switch (written) {
            case null -> "";
            case "a", "alpha" -> "a";
            case "b", "beta" -> "b";
            default -> "rc";
        };
    }

    private static OptionalLong optional(@Nullable String whole, @Nullable String digits) {
        return whole == null ? OptionalLong.empty() : number(digits);
    }

    private static OptionalLong number(@Nullable String digits) {
        return OptionalLong.of(digits == null ? 0 : Long.parseLong(digits));
    }
}
