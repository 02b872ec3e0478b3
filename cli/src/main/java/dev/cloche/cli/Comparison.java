package dev.cloche.cli;

import dev.cloche.kernel.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who changed what since folder and workspace were last the same.
 *
 * @param here paths that changed in the folder only (also: were made or deleted there)
 * @param there paths that changed in the workspace only
 * @param both paths that changed in both, differently
 */
record Comparison(List<String> here, List<String> there, List<String> both) {
    /** Compares digests by path; without a common state what differs counts as changed in both, what is missing as made on the other side. */
    static Comparison of(Map<String, Digest> local, Map<String, Digest> remote, Map<String, Digest> common) {
        Set<String> paths = new TreeSet<>(local.keySet());
        paths.addAll(remote.keySet());
        List<String> here = new ArrayList<>();
        List<String> there = new ArrayList<>();
        List<String> both = new ArrayList<>();
        for (String path : paths) {
            @Nullable Digest mine = local.get(path);
            @Nullable Digest theirs = remote.get(path);
            @Nullable Digest last = common.get(path);
            if (Objects.equals(mine, theirs)) {
                continue;
            }
            if (Objects.equals(theirs, last)) {
                here.add(path);
            } else if (Objects.equals(mine, last)) {
                there.add(path);
            } else {
                both.add(path);
            }
        }
        return new Comparison(here, there, both);
    }
}
