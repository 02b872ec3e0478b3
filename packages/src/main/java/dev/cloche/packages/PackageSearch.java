package dev.cloche.packages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds packages by name for the screens: the shelf's by part of the name, and the exact name in the index. */
final class PackageSearch {
    private static final int MOST = 20;

    private final PackageIndex index;
    private final Resolver resolver;
    private final TabEnvironment environment;

    /** A package as the screens show it; {@code size} in bytes is that of its own wheel. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Found(
            String name, Optional<String> version, Optional<String> summary, Optional<Long> size,
            boolean loadable, Optional<String> reason, boolean onShelf) {}

    PackageSearch(PackageIndex index, TabEnvironment environment, Resolver.Limits limits) {
        this.index = index;
        this.environment = environment;
        this.resolver = new Resolver(index, environment, limits);
    }

    /** What fits the text, the best first. */
    List<Found> find(String text) {
        String part = text.strip().toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
        List<Found> all = new ArrayList<>();
        index.ownShelf().projects().stream()
                .filter(p -> p.value().contains(part))
                .sorted(java.util.Comparator.comparing((ProjectName p) -> !p.value().startsWith(part)).thenComparing(p -> p))
                .limit(MOST)
                .forEach(p -> all.add(onShelf(p)));
        Optional<ProjectName> exact = ProjectName.parse(text.strip())
                .or(() -> Optional.empty())
                .map(p -> ImportNames.packageFor(text.strip()).map(ProjectName::new).orElse(p));
        if (exact.isPresent() && all.stream().noneMatch(f -> f.name().equals(exact.get().value()))) {
            inIndex(exact.get()).ifPresent(all::add);
        }
        return all;
    }

    /** The package that provides an import name; empty for the standard library and for what nobody here knows. */
    Optional<String> provider(String module) {
        String top = module.contains(".") ? module.substring(0, module.indexOf('.')) : module;
        if (StandardLibrary.provides(top)) {
            return Optional.empty();
        }
        return index.ownShelf().provider(top)
                .map(ProjectName::value)
                .or(() -> ImportNames.packageFor(module))
                .or(() -> ImportNames.packageFor(top));
    }

    private Found onShelf(ProjectName project) {
        Shelf.Entry entry = index.ownShelf().entries(project).getFirst();
        return new Found(project.value(), Optional.of(entry.metadata().version().toString()), summary(entry.file()),
                entry.file().size(), true, Optional.empty(), true);
    }

    private Optional<Found> inIndex(ProjectName project) {
        Optional<Reason> builtIn = StandardLibrary.about(project.value())
                .map(text -> new Reason(project.value(), Reason.Cause.UNKNOWN_PACKAGE, text, Optional.empty()));
        if (builtIn.isPresent()) {
            return Optional.of(refused(project, builtIn.get(), Optional.empty()));
        }
        PackageSource.Lookup lookup = index.index(project);
        if (!(lookup instanceof PackageSource.Lookup.Found(List<IndexFile> files)) || files.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> newest = Candidates.of(project, files, false, environment, new TabTags(environment)).versions().stream()
                .min(java.util.Comparator.comparing(Version::isPreRelease).thenComparing(java.util.Comparator.reverseOrder()))
                .map(Version::toString);
        Requirement any = new Requirement(project, new java.util.TreeSet<>(), VersionSpecifier.ANY, Optional.empty());
        return Optional.of(switch (resolver.resolve(new Resolver.Question(List.of(any), java.util.Map.of(), false))) {
            case Resolution.Resolved(List<Resolution.Chosen> chosen) -> chosen.stream()
                    .filter(c -> c.project().equals(project))
                    .findFirst()
                    .map(c -> new Found(project.value(), Optional.of(c.version().toString()), summary(c.wheel()), c.wheel().size(),
                            true, Optional.empty(), false))
                    .orElseThrow();
            case Resolution.Unresolvable(List<Reason> reasons) -> refused(project, reasons.getFirst(), newest);
        });
    }

    private static Found refused(ProjectName project, Reason reason, Optional<String> newest) {
        return new Found(project.value(), newest, Optional.empty(), Optional.empty(), false, Optional.of(reason.message()), false);
    }

    private Optional<String> summary(IndexFile wheel) {
        try {
            return Optional.of(CoreMetadata.parse(index.metadataBytes(wheel)).summary()).filter(s -> !s.isBlank());
        } catch (CoreMetadata.Broken | PackageSource.Unreachable e) {
            return Optional.empty();
        }
    }
}
