package dev.cloche.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which versions are meant: clauses by PEP 440 of which all must hold, as {@code >=1.2,<2,!=1.5.*}. No clause means any.
 *
 * <p>{@link #contains} compares only; whether pre-releases are wanted at all is the resolver's question, which
 * {@link #namesPreRelease} helps to answer.
 *
 * @param clauses what must hold
 */
record VersionSpecifier(List<Clause> clauses) {
    /** Any version. */
    static final VersionSpecifier ANY = new VersionSpecifier(List.of());

    private static final int MOST_CLAUSES = 100;
    private static final Pattern CLAUSE = Pattern.compile("(===|~=|==|!=|<=|>=|<|>)\\s*([^\\s,;()]+)");

    /** A comparison with one version. */
    sealed interface Clause {
        /** Whether the version fits. */
        boolean contains(Version version);

        /** {@code ===}: the same text. */
        record Exactly(String text) implements Clause {
            @Override
            public boolean contains(Version version) {
                return version.toString().equalsIgnoreCase(text)
                        || Version.parse(text).map(Version::toString).filter(version.toString()::equals).isPresent();
            }

            @Override
            public String toString() {
                return "===" + text;
            }
        }

        /** {@code ==V.*} and {@code !=V.*}: the release starts so, or does not. */
        record Prefix(boolean wanted, Version start) implements Clause {
            @Override
            public boolean contains(Version version) {
                return version.startsWith(start.epoch(), start.release()) == wanted;
            }

            @Override
            public String toString() {
                return (wanted ? "==" : "!=") + start + ".*";
            }
        }

        /** {@code ~=}: at least this one, and the same but for the last number of the release. */
        record Compatible(Version from) implements Clause {
            @Override
            public boolean contains(Version version) {
                return version.withoutLocal().compareTo(from) >= 0
                        && version.startsWith(from.epoch(), from.release().subList(0, from.release().size() - 1));
            }

            @Override
            public String toString() {
                return "~=" + from;
            }
        }

        /** The other comparisons; {@code operator} is one of {@code == != <= >= < >}. */
        record Compare(String operator, Version to) implements Clause {
            @Override
            public boolean contains(Version version) {
                Version open = version.withoutLocal();
                return switch (operator) {
                    case "==" -> (to.hasLocal() ? version : open).equals(to);
                    case "!=" -> !(to.hasLocal() ? version : open).equals(to);
                    case "<=" -> open.compareTo(to) <= 0;
                    case ">=" -> open.compareTo(to) >= 0;
                    case "<" -> version.compareTo(to) < 0 && !version.isPreReleaseOf(to);
                    default -> version.compareTo(to) > 0
                            && !version.isPostReleaseOf(to)
                            && !(version.hasLocal() && version.base().equals(to.base()));
                };
            }

            @Override
            public String toString() {
                return operator + to;
            }
        }
    }

    /** Copies the list. */
    VersionSpecifier {
        clauses = List.copyOf(clauses);
    }

    /** The specifier of this text, if it is one; empty text means any version. */
    static Optional<VersionSpecifier> parse(String text) {
        List<Clause> all = new ArrayList<>();
        for (String part : text.split(",")) {
            if (part.isBlank()) {
                continue;
            }
            Matcher m = CLAUSE.matcher(part.strip());
            Optional<Clause> clause = m.matches() ? clause(m.group(1), m.group(2)) : Optional.empty();
            if (clause.isEmpty() || all.size() == MOST_CLAUSES) {
                return Optional.empty();
            }
            all.add(clause.get());
        }
        return Optional.of(new VersionSpecifier(all));
    }

    private static Optional<Clause> clause(String operator, String text) {
        if (operator.equals("===")) {
            return Optional.of(new Clause.Exactly(text));
        }
        boolean equality = operator.equals("==") || operator.equals("!=");
        if (text.endsWith(".*")) {
            Optional<Version> start = Version.parse(text.substring(0, text.length() - 2));
            return start.filter(v -> equality && v.toString().equals(v.base().toString()))
                    .map(v -> new Clause.Prefix(operator.equals("=="), v));
        }
        Optional<Version> version = Version.parse(text).filter(v -> equality || !v.hasLocal());
        if (operator.equals("~=")) {
            return version.filter(v -> v.release().size() > 1).map(Clause.Compatible::new);
        }
        return version.map(v -> new Clause.Compare(operator, v));
    }

    /** Whether the version fits each clause. */
    boolean contains(Version version) {
        return clauses.stream().allMatch(c -> c.contains(version));
    }

    /** Whether a clause asks for a pre-release by name, as {@code >=2.0b1}; {@code !=} asks for nothing. */
    boolean namesPreRelease() {
        return clauses.stream().anyMatch(c -> switch (c) {
            case Clause.Exactly exactly -> Version.parse(exactly.text()).filter(Version::isPreRelease).isPresent();
            case Clause.Prefix prefix -> false;
            case Clause.Compatible compatible -> compatible.from().isPreRelease();
            case Clause.Compare compare -> !compare.operator().equals("!=") && compare.to().isPreRelease();
        });
    }

    /** Whether a clause pins exactly one version, by which also a yanked file may be taken (PEP 592). */
    boolean pins() {
        return clauses.stream().anyMatch(c -> switch (c) {
            case Clause.Exactly exactly -> true;
            case Clause.Compare compare -> compare.operator().equals("==");
            case Clause.Prefix prefix -> false;
            case Clause.Compatible compatible -> false;
        });
    }

    /** The clauses, joined by commas. */
    @Override
    public String toString() {
        return clauses.stream().map(Object::toString).collect(Collectors.joining(","));
    }
}
