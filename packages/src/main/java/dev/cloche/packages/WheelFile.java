package dev.cloche.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a wheel file says (PEP 427).
 *
 * @param file the file name itself, of letters, digits and {@code ._+!-} only
 * @param name the package
 * @param version its version
 * @param build the build number, 0 if there is none
 * @param pythons Python tags
 * @param abis ABI tags
 * @param platforms platform tags
 */
record WheelFile(
        String file, ProjectName name, Version version, long build, List<String> pythons, List<String> abis, List<String> platforms) {
    private static final int LONGEST = 300;
    private static final int MOST_TAGS = 200;
    private static final Pattern SYNTAX = Pattern.compile(
            "([A-Za-z0-9._]+)-([A-Za-z0-9._+!]+)(?:-(\\d{1,18})[A-Za-z0-9._]*)?-([A-Za-z0-9_.]+)-([A-Za-z0-9_.]+)-([A-Za-z0-9_.]+)\\.whl");

    /** Copies the lists. */
    WheelFile {
        pythons = List.copyOf(pythons);
        abis = List.copyOf(abis);
        platforms = List.copyOf(platforms);
    }

    /** The wheel of this file name, if it is one. */
    static Optional<WheelFile> parse(String file) {
        Matcher m = SYNTAX.matcher(file);
        if (file.length() > LONGEST || !m.matches()) {
            return Optional.empty();
        }
        Optional<ProjectName> name = ProjectName.parse(m.group(1));
        Optional<Version> version = Version.parse(m.group(2).replace('_', '-'));
        if (name.isEmpty() || version.isEmpty()) {
            return Optional.empty();
        }
        long build = m.group(3) == null ? 0 : Long.parseLong(m.group(3));
        WheelFile wheel = new WheelFile(file, name.get(), version.get(), build, tags(m.group(4)), tags(m.group(5)), tags(m.group(6)));
        return wheel.pythons.size() * wheel.abis.size() * wheel.platforms.size() > MOST_TAGS ? Optional.empty() : Optional.of(wheel);
    }

    /** All tags as {@code python-abi-platform}. */
    List<String> tags() {
        List<String> all = new ArrayList<>();
        for (String python : pythons) {
            for (String abi : abis) {
                for (String platform : platforms) {
                    all.add(python + "-" + abi + "-" + platform);
                }
            }
        }
        return all;
    }

    private static List<String> tags(String compressed) {
        return List.of(compressed.split("\\."));
    }
}
