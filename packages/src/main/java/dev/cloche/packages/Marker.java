package dev.cloche.packages;

import java.util.Locale;
import java.util.Set;

/** An environment marker (PEP 508): when a requirement counts. */
sealed interface Marker {
    /** The variables that are compared as versions. */
    Set<String> VERSIONS = Set.of("python_version", "python_full_version", "implementation_version", "platform_release");

    /** Whether it holds in this environment while one extra, or none (empty text), is asked for. */
    boolean holds(TabEnvironment environment, String extra);

    /** Both must hold. */
    record And(Marker left, Marker right) implements Marker {
        @Override
        public boolean holds(TabEnvironment environment, String extra) {
            return left.holds(environment, extra) && right.holds(environment, extra);
        }
    }

    /** One must hold. */
    record Or(Marker left, Marker right) implements Marker {
        @Override
        public boolean holds(TabEnvironment environment, String extra) {
            return left.holds(environment, extra) || right.holds(environment, extra);
        }
    }

    /** One side of a comparison. */
    sealed interface Operand {
        /** A quoted text. */
        record Literal(String text) implements Operand {}

        /** A variable of the environment, or {@code extra}. */
        record Variable(String name) implements Operand {}
    }

    /** A comparison; the operator is one of PEP 440, {@code in} or {@code not in}. */
    record Compare(Operand left, String operator, Operand right) implements Marker {
        @Override
        public boolean holds(TabEnvironment environment, String extra) {
            boolean aboutExtra = isExtra(left) || isExtra(right);
            String a = value(left, environment, extra);
            String b = value(right, environment, extra);
            if (aboutExtra) {
                a = normalExtra(a);
                b = normalExtra(b);
            }
            return switch (operator) {
                case "in" -> b.contains(a);
                case "not in" -> !b.contains(a);
                default -> isVersion(left) || isVersion(right) ? byVersion(a, b) : byText(a, b);
            };
        }

        private boolean byVersion(String a, String b) {
            var specifier = VersionSpecifier.parse(operator + b);
            return specifier.isPresent() ? Version.parse(a).map(specifier.get()::contains).orElse(false) : byText(a, b);
        }

        private boolean byText(String a, String b) {
            // Texts that are no versions have no order.
            return switch (operator) {
                case "==", "===", "<=", ">=" -> a.equals(b);
                case "!=" -> !a.equals(b);
                default -> false;
            };
        }

        private static boolean isVersion(Operand operand) {
            return operand instanceof Operand.Variable(String name) && VERSIONS.contains(name);
        }

        private static boolean isExtra(Operand operand) {
            return operand instanceof Operand.Variable(String name) && name.equals("extra");
        }

        private static String value(Operand operand, TabEnvironment environment, String extra) {
            return switch (operand) {
                case Operand.Literal(String text) -> text;
                case Operand.Variable(String name) -> name.equals("extra") ? extra : environment.variable(name).orElse("");
            };
        }
    }

    /** An extra's name in its normal form (PEP 685). */
    static String normalExtra(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
    }
}
