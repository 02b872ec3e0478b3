package dev.cloche.packages;

import dev.cloche.packages.Requirement.Refused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the metadata of a wheel says, as far as resolving needs it (core metadata specification).
 *
 * @param name the package
 * @param version its version
 * @param summary one line for people, at most 500 characters, possibly empty
 * @param requires its requirements
 * @param requiresPython the Python versions that it runs on
 */
record CoreMetadata(
        ProjectName name, Version version, String summary, List<Requirement> requires, Optional<VersionSpecifier> requiresPython) {
    private static final int MOST_REQUIREMENTS = 2_000;
    private static final int LONGEST_SUMMARY = 500;

    /** Copies the list. */
    CoreMetadata {
        requires = List.copyOf(requires);
    }

    /** Metadata that cannot be used; the message says why. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        private final String why;

        Broken(String why) {
            super(why);
            this.why = why;
        }

        /** What is the matter, to follow "it cannot be used:". */
        String why() {
            return why;
        }
    }

    /** Reads a METADATA file. */
    static CoreMetadata parse(byte[] file) throws Broken {
        Optional<ProjectName> name = Optional.empty();
        Optional<Version> version = Optional.empty();
        String summary = "";
        Optional<VersionSpecifier> python = Optional.empty();
        List<Requirement> requires = new ArrayList<>();
        for (String line : new String(file, StandardCharsets.UTF_8).split("\r?\n", -1)) {
            if (line.isEmpty()) {
                break; // the description follows
            }
            int colon = line.indexOf(':');
            if (colon < 1 || Character.isWhitespace(line.charAt(0))) {
                continue;
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).toLowerCase(java.util.Locale.ROOT)) {
                case "name" -> name = ProjectName.parse(value);
                case "version" -> version = Version.parse(value);
                case "summary" -> summary = value.length() > LONGEST_SUMMARY ? value.substring(0, LONGEST_SUMMARY) : value;
                case "requires-python" -> python = VersionSpecifier.parse(value);
                case "requires-dist" -> requires.add(requirement(value, requires.size()));
                default -> {
                    // nothing that resolving needs
                }
            }
        }
        if (name.isEmpty() || version.isEmpty()) {
            throw new Broken("its metadata names no package or no version");
        }
        return new CoreMetadata(name.get(), version.get(), summary, requires, python);
    }

    private static Requirement requirement(String text, int before) throws Broken {
        if (before >= MOST_REQUIREMENTS) {
            throw new Broken("its metadata has more than " + MOST_REQUIREMENTS + " requirements");
        }
        try {
            return Requirement.parse(text);
        } catch (Refused e) {
            throw new Broken("its metadata has a requirement that is not understood: " + e.getMessage());
        }
    }
}
