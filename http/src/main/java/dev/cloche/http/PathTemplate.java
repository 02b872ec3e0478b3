package dev.cloche.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The path of a route, compiled for matching.
 *
 * @param parts one for each segment
 */
record PathTemplate(List<Part> parts) {
    /** More exact templates first: literal before parameter before rest, from the left. */
    static final Comparator<PathTemplate> EXACT_FIRST = (a, b) -> {
        for (int i = 0; i < Math.min(a.parts.size(), b.parts.size()); i++) {
            int order = Integer.compare(a.parts.get(i).rank(), b.parts.get(i).rank());
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(b.parts.size(), a.parts.size());
    };

    /** One segment of a template. */
    sealed interface Part {
        /** Its place in the order of exactness. */
        int rank();

        /** Exactly this text. */
        record Literal(String text) implements Part {
            @Override
            public int rank() {
                return 0;
            }
        }

        /** Any one segment, not empty and without a slash. */
        record Parameter(String name) implements Part {
            @Override
            public int rank() {
                return 1;
            }
        }

        /** Everything that is left, slashes included, possibly empty after a slash. */
        record Rest(String name) implements Part {
            @Override
            public int rank() {
                return 2;
            }
        }
    }

    /** Compiles {@code /api/workspaces/{id}/files/{path*}}. */
    static PathTemplate parse(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a route's path begins with a slash: " + path);
        }
        List<Part> parts = new ArrayList<>();
        for (String segment : path.substring(1).split("/", -1)) {
            if (!parts.isEmpty() && parts.getLast() instanceof Part.Rest) {
                throw new IllegalArgumentException("nothing can follow the rest of a path: " + path);
            }
            parts.add(part(segment));
        }
        return new PathTemplate(List.copyOf(parts));
    }

    /** The parameters of a path that fits. */
    Optional<Map<String, String>> match(RawPath path) {
        List<String> segments = path.segments();
        boolean open = parts.getLast() instanceof Part.Rest;
        if (open ? segments.size() < parts.size() : segments.size() != parts.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = LinkedHashMap.newLinkedHashMap(4);
        for (int i = 0; i < parts.size(); i++) {
            String segment = segments.get(i);
            boolean fits = switch (parts.get(i)) {
                case Part.Literal(String text) -> text.equals(segment);
                case Part.Parameter(String name) -> {
                    parameters.put(name, segment);
                    yield !segment.isEmpty() && segment.indexOf('/') < 0;
                }
                case Part.Rest(String name) -> {
                    parameters.put(name, path.from(i));
                    yield true;
                }
            };
            if (!fits) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    private static Part part(String segment) {
        if (!segment.startsWith("{")) {
            return new Part.Literal(segment);
        }
        String name = segment.substring(1, segment.length() - 1);
        return name.endsWith("*") ? new Part.Rest(name.substring(0, name.length() - 1)) : new Part.Parameter(name);
    }
}
