package dev.cloche.schema;

import java.util.List;
import java.util.stream.Stream;

/**
 * How a database gets from the schema that it has to the next one (facts, section 7, migrations at publish), and what stands
 * against it.
 *
 * @param steps in the order in which they are taken
 * @param losses why rows would be lost; accepted only with force, or where the named tables are empty
 * @param breaks why connected clients would not understand the database any more; they are disconnected
 * @param refusals why it cannot be done at all; the data has to be moved by hand, or the database cleared
 */
public record MigrationPlan(List<MigrationStep> steps, List<Loss> losses, List<String> breaks, List<String> refusals) {
    /** Copies the lists. */
    public MigrationPlan {
        steps = List.copyOf(steps);
        losses = List.copyOf(losses);
        breaks = List.copyOf(breaks);
        refusals = List.copyOf(refusals);
    }

    /** Rows of this table would be lost, if there are any. */
    public record Loss(int table, String name, String reason) {}

    /** How much a plan asks of the person who publishes; the later, the more. */
    public enum Kind {
        /** Nothing, or nothing that anybody notices. */
        AUTOMATIC,
        /** Clients must be built anew. */
        BREAKS_CLIENTS,
        /** Rows are lost. */
        NEEDS_FORCE,
        /** Impossible. */
        REFUSED
    }

    /** The plan from one schema to another, which must be resolved with the first, so that identifiers are kept. */
    public static MigrationPlan of(ModuleSchema before, ModuleSchema after) {
        return new MigrationPlanner(before, after).plan();
    }

    /** What it asks for, if every table in {@link #losses} has rows. */
    public Kind kind() {
        if (!refusals.isEmpty()) {
            return Kind.REFUSED;
        }
        if (!losses.isEmpty()) {
            return Kind.NEEDS_FORCE;
        }
        return breaks.isEmpty() ? Kind.AUTOMATIC : Kind.BREAKS_CLIENTS;
    }

    /** Whether nothing of the tables and views changes. */
    public boolean isEmpty() {
        return steps.isEmpty() && refusals.isEmpty();
    }

    /** The plan for people, a line for each step and reason, ending with a line feed. */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (isEmpty() && breaks.isEmpty()) {
            return "No change of tables.\n";
        }
        part(text, "Cannot be done:", refusals.stream());
        part(text, "Loses data:", losses.stream().map(Loss::reason));
        part(text, "Breaks clients:", breaks.stream());
        part(text, "Steps:", steps.stream().map(MigrationStep::text));
        return text.toString();
    }

    private static void part(StringBuilder text, String title, Stream<String> lines) {
        List<String> all = lines.toList();
        if (!all.isEmpty()) {
            text.append(title).append('\n');
            all.forEach(line -> text.append("  - ").append(line).append('\n'));
        }
    }
}
