package dev.cloche.kernel;

import java.util.Arrays;

/**
 * A pattern for paths with {@code /} between names: {@code *} and {@code ?} stay within a name, {@code **} does not. The time
 * to match is at most the length of the pattern times that of the path, whatever the pattern: it may come from anybody.
 */
final class PathGlob {
    private static final int ONE = -1;
    private static final int NAME = -2;
    private static final int ALL = -3;
    private static final int FOLDERS = -4;

    private final int[] steps;

    /** A pattern; one that is not anchored may begin at any name. */
    PathGlob(String text, boolean anchored) {
        int[] found = new int[text.length() + 1];
        int count = 0;
        if (!anchored) {
            found[count++] = FOLDERS;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (text.startsWith("**/", i)) {
                found[count++] = FOLDERS;
                i += 2;
            } else if (text.startsWith("**", i)) {
                found[count++] = ALL;
                i += 1;
            } else {
                found[count++] = c == '*' ? NAME : c == '?' ? ONE : c;
            }
        }
        steps = Arrays.copyOf(found, count);
    }

    /** Whether the whole path matches. */
    boolean matches(String path) {
        // one flag for each place before a step, and one for each place inside of a FOLDERS step
        boolean[] now = new boolean[2 * steps.length + 1];
        enter(now, 0);
        for (int i = 0; i < path.length(); i++) {
            boolean[] next = new boolean[now.length];
            for (int at = 0; at < now.length; at++) {
                if (now[at]) {
                    advance(next, at, path.charAt(i));
                }
            }
            now = next;
        }
        return now[steps.length];
    }

    private void advance(boolean[] next, int at, char c) {
        if (at == steps.length) {
            return;
        }
        int index = at < steps.length ? at : at - steps.length - 1;
        switch (steps[index]) {
            case FOLDERS -> {
                next[steps.length + 1 + index] = true;
                if (c == '/') {
                    enter(next, index + 1);
                }
            }
            case ALL -> enter(next, index);
            case NAME -> {
                if (c != '/') {
                    enter(next, index);
                }
            }
            case ONE -> {
                if (c != '/') {
                    enter(next, index + 1);
                }
            }
            default -> {
                if (steps[index] == c) {
                    enter(next, index + 1);
                }
            }
        }
    }

    /** The place before a step, and those behind steps that may match nothing. */
    private void enter(boolean[] places, int from) {
        for (int index = from; !places[index]; index++) {
            places[index] = true;
            if (index == steps.length || steps[index] >= ONE) {
                return;
            }
        }
    }
}
