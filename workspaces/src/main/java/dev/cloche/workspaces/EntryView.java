package dev.cloche.workspaces;

import java.util.List;
import java.util.Optional;

/** A file or folder as the API shows it: the schema {@code FileEntry} of {@code openapi.yaml}. */
record EntryView(String path, String kind, Optional<Long> size, long revision, Optional<String> digest) {
    static EntryView of(TreeEntry entry) {
        return switch (entry) {
            case TreeEntry.File f -> new EntryView(
                    f.path().value(), "file", Optional.of(f.size()), f.revision(), Optional.of(f.digest().hex()));
            case TreeEntry.Folder f ->
                new EntryView(f.path().value(), "folder", Optional.empty(), f.revision(), Optional.empty());
        };
    }

    static List<EntryView> all(List<TreeEntry> entries) {
        return entries.stream().map(EntryView::of).toList();
    }
}
