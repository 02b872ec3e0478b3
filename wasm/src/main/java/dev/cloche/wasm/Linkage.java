package dev.cloche.wasm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Modules that make one instance, and where each import comes from; the last one is the main module.
 *
 * @param units libraries first, each before those that import from it
 */
record Linkage(List<Unit> units) {
    private static final long PAGE = 65_536;

    /**
     * One module.
     *
     * @param name empty for the main module
     * @param sources for each import, in the module's order
     */
    record Unit(String name, ModuleShape shape, List<Source> sources) {
        /** Whether nothing comes from a library. */
        boolean fromHostOnly() {
            return sources.stream().allMatch(Source.Host.class::isInstance);
        }
    }

    /** Where an import comes from. */
    sealed interface Source {
        /** An export of an earlier module. */
        record Earlier(int unit, Export export) implements Source {}

        /** A function of the host. */
        record Host(HostImport function) implements Source {}
    }

    /** Resolves all imports: an export of a library goes before a function of the host. */
    static Linkage of(List<String> names, List<ModuleShape> shapes, Map<List<String>, HostImport> offered) {
        Set<String> unique = new HashSet<>();
        List<UnmetImports.Unmet> unmet = new ArrayList<>();
        List<Unit> units = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            if (i < names.size() && !unique.add(names.get(i))) {
                throw new IllegalArgumentException("two libraries are named " + names.get(i));
            }
            List<Source> sources = new ArrayList<>();
            for (Import wanted : shapes.get(i).imports()) {
                resolve(wanted, units, offered, unmet).ifPresent(sources::add);
            }
            units.add(new Unit(i < names.size() ? names.get(i) : "", shapes.get(i), List.copyOf(sources)));
        }
        if (!unmet.isEmpty()) {
            throw new UnmetImports(unmet);
        }
        return new Linkage(List.copyOf(units));
    }

    private static Optional<Source> resolve(Import wanted, List<Unit> earlier, Map<List<String>, HostImport> offered, List<UnmetImports.Unmet> unmet) {
        for (int unit = 0; unit < earlier.size(); unit++) {
            if (earlier.get(unit).name().equals(wanted.module())) {
                for (Export export : earlier.get(unit).shape().exports()) {
                    if (export.name().equals(wanted.name())) {
                        return fits(wanted, export.type(), unmet) ? Optional.of(new Source.Earlier(unit, export)) : Optional.empty();
                    }
                }
            }
        }
        HostImport function = offered.get(List.of(wanted.module(), wanted.name()));
        if (function == null) {
            unmet.add(new UnmetImports.Missing(wanted));
            return Optional.empty();
        }
        return fits(wanted, function.type(), unmet) ? Optional.of(new Source.Host(function)) : Optional.empty();
    }

    /** Of memories and the like only the kind is compared here; the engine compares their types when they meet. */
    private static boolean fits(Import wanted, ExternType found, List<UnmetImports.Unmet> unmet) {
        boolean fits = wanted.type() instanceof FunctionType || found instanceof FunctionType
                ? wanted.type().equals(found)
                : wanted.type().getClass() == found.getClass() && (!(found instanceof ExternType.Other) || found == wanted.type());
        if (!fits) {
            unmet.add(new UnmetImports.Mistyped(wanted, found));
        }
        return fits;
    }

    ModuleShape main() {
        return units.getLast().shape();
    }

    /** How many tables there can be in all. */
    int tables() {
        return units.stream().mapToInt(unit -> unit.shape().tables().size()).sum();
    }

    /** How many memories there can be in all. */
    int memories() {
        return units.stream().mapToInt(unit -> unit.shape().memories().size()).sum();
    }

    /** Refuses what is larger from the start than it may ever become. */
    void refuseAbove(Limits limits) {
        long bytes = units.stream().flatMap(unit -> unit.shape().memories().stream()).mapToLong(pages -> pages * PAGE).sum();
        if (bytes > limits.memoryBytes()) {
            throw new LimitExceeded("the module wants " + bytes + " bytes of memory from the start, the limit is " + limits.memoryBytes());
        }
        long elements = units.stream().flatMap(unit -> unit.shape().tables().stream()).mapToLong(Long::longValue).max().orElse(0);
        if (elements > limits.tableElements()) {
            throw new LimitExceeded("the module wants a table of " + elements + " elements from the start, the limit is " + limits.tableElements());
        }
    }
}
