package dev.cloche.workspaces;

import static dev.cloche.workspaces.Bench.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Random batches against the simplest possible model: a map from path to content, null for folders. */
final class TreeModelTest {
    private static final long SEED = 20260501;
    private static final String[] NAMES = {"a", "b", "c", "A", "é", "x-y", "x"};
    private static final Precondition ALWAYS = new Precondition.Always();

    private final Bench bench = new Bench();
    private final FileStore files = bench.files(WorkspaceLimits.DEFAULT);
    private final Random random = new Random(SEED);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void theStoreDoesWhatTheModelDoes() {
        WorkspaceId id = bench.newWorkspace();
        Map<Long, TreeMap<String, String>> history = new HashMap<>();
        TreeMap<String, String> model = new TreeMap<>();
        history.put(0L, model);
        int refused = 0;

        for (int round = 0; round < 300; round++) {
            List<FileChange> batch = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                batch.add(randomChange());
            }
            TreeMap<String, String> after = new TreeMap<>(model);
            boolean fits = batch.stream().allMatch(change -> apply(after, change));
            long before = files.revision(id);
            try {
                long revision = files.change(id, batch, "x").revision();
                assertThat(fits).as("round %d accepted %s on %s", round, batch, model).isTrue();
                assertThat(revision).isEqualTo(after.equals(model) ? before : before + 1);
                model = after;
                history.put(revision, after);
            } catch (Problem e) {
                assertThat(e.code()).isIn(ErrorCode.CONFLICT, ErrorCode.NOT_FOUND);
                assertThat(fits).as("round %d refused %s on %s: %s", round, batch, model, e.detail()).isFalse();
                refused++;
            }
            assertThat(content(id, OptionalLong.empty())).as("round %d", round).isEqualTo(model);
        }

        assertThat(refused).isBetween(30, 270);
        history.forEach((revision, then) -> assertThat(content(id, OptionalLong.of(revision))).as("revision %d", revision).isEqualTo(then));
        assertThat(sums(id)).isEqualTo(List.of((long) model.size(),
                model.values().stream().mapToLong(c -> c == null ? 0 : bytes(c).length).sum()));
    }

    private FileChange randomChange() {
        FilePath path = randomPath();
        return switch (random.nextInt(6)) {
            case 0, 1, 2 -> new FileChange.Write(path, ALWAYS, bytes("v" + random.nextInt(4)));
            case 3 -> new FileChange.Delete(path, ALWAYS);
            case 4 -> new FileChange.Move(path, randomPath(), ALWAYS);
            default -> new FileChange.MakeFolder(path, ALWAYS);
        };
    }

    private FilePath randomPath() {
        StringBuilder path = new StringBuilder(NAMES[random.nextInt(NAMES.length)]);
        for (int i = random.nextInt(3); i > 0; i--) {
            path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
        }
        return new FilePath(path.toString());
    }

    private static boolean apply(TreeMap<String, String> model, FileChange change) {
        String path = change.path().value();
        switch (change) {
            case FileChange.Write write -> {
                if (!parents(model, path) || (model.containsKey(path) && model.get(path) == null)) {
                    return false;
                }
                model.put(path, new String(write.content(), java.nio.charset.StandardCharsets.UTF_8));
            }
            case FileChange.MakeFolder _ -> {
                if (!parents(model, path) || model.get(path) != null) {
                    return false;
                }
                model.put(path, null);
            }
            case FileChange.Delete _ -> model.keySet().removeIf(p -> p.equals(path) || p.startsWith(path + "/"));
            case FileChange.Move move -> {
                return move(model, path, move.to().value()) && clashFree(model);
            }
        }
        return clashFree(model);
    }

    private static boolean move(TreeMap<String, String> model, String from, String to) {
        if (!model.containsKey(from)) {
            return false;
        }
        if (from.equals(to)) {
            return true;
        }
        if (to.startsWith(from + "/")) {
            return false;
        }
        Map<String, String> moving = new TreeMap<>();
        for (String path : List.copyOf(model.keySet())) {
            if (path.equals(from) || path.startsWith(from + "/")) {
                moving.put(to + path.substring(from.length()), model.get(path));
                model.remove(path);
            }
        }
        if (model.containsKey(to) || !parents(model, to)) {
            return false;
        }
        model.putAll(moving);
        return true;
    }

    private static boolean parents(TreeMap<String, String> model, String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            String folder = path.substring(0, slash);
            if (model.get(folder) != null) {
                return false;
            }
            model.put(folder, null);
        }
        return true;
    }

    private static boolean clashFree(TreeMap<String, String> model) {
        return model.keySet().stream().map(p -> p.toLowerCase(java.util.Locale.ROOT)).distinct().count() == model.size();
    }

    private TreeMap<String, String> content(WorkspaceId id, OptionalLong revision) {
        TreeMap<String, String> content = new TreeMap<>();
        for (TreeEntry entry : files.tree(id, revision).entries()) {
            content.put(entry.path().value(), switch (entry) {
                case TreeEntry.File file -> new String(files.content(file.digest()), java.nio.charset.StandardCharsets.UTF_8);
                case TreeEntry.Folder _ -> null;
            });
        }
        return content;
    }

    private List<Long> sums(WorkspaceId id) {
        return bench.database.database().read(handle -> handle.createQuery("SELECT entries, size FROM workspace WHERE id = :id")
                .bind("id", id.value())
                .map((row, _) -> List.of(row.getLong(1), row.getLong(2)))
                .one());
    }
}
