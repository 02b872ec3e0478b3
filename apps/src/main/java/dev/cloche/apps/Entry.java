package dev.cloche.apps;

import dev.cloche.kernel.Problem;
import dev.cloche.workspaces.FileEntry;
import dev.cloche.workspaces.FilePath;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks where an app says that it starts. */
final class Entry {
    private static final Pattern PYTHON =
            Pattern.compile("([A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*):([A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*)");

    private Entry() {}

    /** The entry as it is kept, if this revision has what it names. */
    static String checked(AppKind kind, String entry, List<FileEntry> tree) {
        Set<String> paths = tree.stream().map(FileEntry::path).collect(Collectors.toSet());
        return switch (kind) {
            case STATIC -> folder(entry, paths);
            case WSGI, ASGI -> module(entry, paths);
        };
    }

    private static String folder(String entry, Set<String> paths) {
        String folder = entry.isEmpty() || entry.equals(".") || entry.equals("/") ? "" : new FilePath(entry.replaceFirst("/$", "")).value();
        String index = folder.isEmpty() ? "index.html" : folder + "/index.html";
        if (!paths.contains(index)) {
            throw Problem.field("entry", "exists", "There is no " + index + " in this revision; the entry of static files is the folder with index.html.");
        }
        return folder;
    }

    private static String module(String entry, Set<String> paths) {
        var parts = PYTHON.matcher(entry);
        if (!parts.matches()) {
            throw Problem.field("entry", "pattern", "The entry of a Python app is MODULE:OBJECT, such as main:app.");
        }
        String file = parts.group(1).replace('.', '/');
        if (!paths.contains(file + ".py") && !paths.contains(file + "/__init__.py")) {
            throw Problem.field("entry", "exists", "There is no " + file + ".py in this revision.");
        }
        return entry;
    }
}
