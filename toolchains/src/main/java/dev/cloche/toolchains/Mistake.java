package dev.cloche.toolchains;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a compiler found at a place.
 *
 * @param severity {@code error} or {@code warning}
 * @param path of the file in the worker's folder; none where it is no file of the worker
 * @param line from 1
 * @param column from 1
 * @param code the compiler's name for it, may be empty
 * @param message for people, one line
 */
public record Mistake(String severity, Optional<String> path, int line, int column, String code, String message) {
    private static final int MOST = 200;
    /** clang: {@code ./src/a.c:3:10: error: unknown type name 'x'}. */
    private static final Pattern CLANG = Pattern.compile("^(?:\\./)?([^:]+):(\\d+):(\\d+): (?:fatal )?(error|warning): (.*)$");
    /** rustc and cargo: {@code error[E0425]: cannot find value `x`}, its place in one of the next lines. */
    private static final Pattern HEAD = Pattern.compile("^(error|warning)(?:\\[([\\w:]+)])?: (.*)$");
    private static final Pattern PLACE = Pattern.compile("^\\s*--> (.+?):(\\d+):(\\d+)$");
    /** A program that ran in a build. */
    private static final Pattern PANIC = Pattern.compile("^\\s*thread '.*' (?:\\(\\d+\\) )?panicked at ([^:]+):(\\d+):(\\d+):$");
    /** What sums up others. */
    private static final Pattern SUM = Pattern.compile("^(could not compile|aborting due to|.* generated \\d+ warnings?|\\d+ warnings? emitted|build failed).*");
    private static final int LINES_TO_PLACE = 6;

    /** Those in the words of clang, rustc and cargo, each once, at most 200. */
    static List<Mistake> in(List<String> said) {
        LinkedHashSet<Mistake> found = new LinkedHashSet<>();
        for (String one : said) {
            List<String> lines = one.lines().toList();
            for (int i = 0; i < lines.size() && found.size() < MOST; i++) {
                at(lines, i).ifPresent(found::add);
            }
        }
        return new ArrayList<>(found);
    }

    private static Optional<Mistake> at(List<String> lines, int index) {
        Matcher clang = CLANG.matcher(lines.get(index));
        if (clang.matches()) {
            return Optional.of(placed(clang.group(4), clang.group(1), clang.group(2), clang.group(3), "", clang.group(5)));
        }
        Matcher panic = PANIC.matcher(lines.get(index));
        if (panic.matches()) {
            return Optional.of(placed("error", panic.group(1), panic.group(2), panic.group(3), "", index + 1 < lines.size() ? lines.get(index + 1).strip() : "panicked"));
        }
        Matcher head = HEAD.matcher(lines.get(index));
        if (!head.matches() || SUM.matcher(head.group(3)).matches()) {
            return Optional.empty();
        }
        String code = Optional.ofNullable(head.group(2)).orElse("");
        for (int i = index + 1; i < Math.min(lines.size(), index + LINES_TO_PLACE) && !HEAD.matcher(lines.get(i)).matches(); i++) {
            Matcher place = PLACE.matcher(lines.get(i));
            if (place.matches()) {
                return Optional.of(placed(head.group(1), place.group(1), place.group(2), place.group(3), code, head.group(3)));
            }
        }
        return Optional.of(new Mistake(head.group(1), Optional.empty(), 1, 1, code, head.group(3)));
    }

    private static Mistake placed(String severity, String path, String line, String column, String code, String message) {
        boolean own = !path.startsWith("/") && !path.startsWith("~");
        return new Mistake(severity, own ? Optional.of(path) : Optional.empty(), number(line), number(column), code, own ? message : message + " (in " + path + ")");
    }

    private static int number(String digits) {
        return digits.length() > 9 ? 1 : Math.max(1, Integer.parseInt(digits));
    }
}
