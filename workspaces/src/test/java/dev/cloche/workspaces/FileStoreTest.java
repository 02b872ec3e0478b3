package dev.cloche.workspaces;

import static dev.cloche.workspaces.Bench.OWNER;
import static dev.cloche.workspaces.Bench.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.http.Request;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.storage.Blobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FileStoreTest {
    private final Bench bench = new Bench();
    private final FileStore files = bench.files(WorkspaceLimits.DEFAULT);

    @AfterEach
    void close() {
        bench.close();
    }

    private static FileChange.Write write(String path, String content, Precondition precondition) {
        return new FileChange.Write(new FilePath(path), precondition, bytes(content));
    }

    private static FileChange.Write write(String path, String content) {
        return write(path, content, new Precondition.Always());
    }

    @Test
    void ofTwoWritersWithTheSameBaseOneIsToldToMerge() throws Exception {
        WorkspaceId id = bench.newWorkspace();
        files.change(id, List.of(write("a.txt", "base")), "x");
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String content = "writer " + i;
            writers.add(() -> {
                try {
                    files.change(id, List.of(write("a.txt", content, Precondition.ofRevision(1))), "x");
                    return true;
                } catch (Problem e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.REVISION_MISMATCH);
                    assertThat(e.members()).containsEntry("revision", 2L);
                    return false;
                }
            });
        }

        int won = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> done : threads.invokeAll(writers)) {
                won += done.get() ? 1 : 0;
            }
        }

        assertThat(won).isEqualTo(1);
        assertThat(files.revision(id)).isEqualTo(2);
    }

    @Test
    void writersOfDifferentFilesAllGetARevisionOfTheirOwn() throws Exception {
        WorkspaceId id = bench.newWorkspace();
        List<Callable<Long>> writers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String path = "folder/f" + i;
            writers.add(() -> files.change(id, List.of(write(path, "same content"), write("shared/" + path, "also shared")), "x").revision());
        }

        List<Long> revisions = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Long> done : threads.invokeAll(writers)) {
                revisions.add(done.get());
            }
        }

        assertThat(revisions).doesNotHaveDuplicates().hasSize(20);
        assertThat(files.tree(id, OptionalLong.empty()).files()).hasSize(40);
        assertThat(files.tree(id, OptionalLong.of(20))).isEqualTo(files.tree(id, OptionalLong.empty()));
    }

    @Test
    void aTransactionThatFailsLeavesNeitherFilesNorContents() {
        WorkspaceId id = bench.newWorkspace();

        assertThatThrownBy(() -> bench.database.database().write(handle -> {
                    files.change(handle, id, List.of(write("a.txt", "lost")), "x");
                    throw new IllegalStateException("crash");
                }))
                .hasMessage("crash");

        assertThat(files.tree(id, OptionalLong.empty())).isEqualTo(new FileTree(0, List.of()));
        assertThat(isStored("lost")).isFalse();
    }

    private boolean isStored(String content) {
        return bench.database.database().read(handle -> new Blobs().get(handle, Digest.of(bytes(content)))).isPresent();
    }

    @Test
    void aPurgeRemovesWhatNobodyCanAskForAnyMore() {
        WorkspaceId kept = bench.newWorkspace();
        WorkspaceId deleted = bench.newWorkspace();
        files.change(kept, List.of(write("a", "old text")), "x");
        files.change(kept, List.of(write("a", "new text")), "x");
        files.change(deleted, List.of(write("a", "new text"), write("b", "only here")), "x");
        bench.as(OWNER, Request.builder("DELETE", "/api/workspaces/" + deleted));

        assertThat(bench.workspaces.purge()).isEqualTo(new Workspaces.Purged(0, 0));
        bench.clock.pass(Duration.ofDays(30).plusSeconds(1));
        assertThat(bench.workspaces.purge()).isEqualTo(new Workspaces.Purged(1, 1));

        assertThat(isStored("only here")).isFalse();
        assertThat(isStored("new text")).isTrue();
        assertThat(isStored("old text")).as("an older revision still has it").isTrue();
    }

    @Test
    void aSweepNeverTakesContentThatAWriterIsAboutToUse() throws Exception {
        WorkspaceId id = bench.newWorkspace();
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> sweeping = threads.submit(() -> {
                while (!stop.get()) {
                    bench.workspaces.purge();
                }
            });
            try {
                writeWhileSweeping(id);
            } finally {
                stop.set(true);
            }
            sweeping.get();
        }

        assertThat(files.tree(id, OptionalLong.empty()).files())
                .allSatisfy(file -> assertThat(files.content(file.digest())).hasSize(9));
    }

    private void writeWhileSweeping(WorkspaceId id) {
        for (int i = 0; i < 150; i++) {
            String content = "content " + i % 3;
            // left without a reference, as by a purge, so that the sweep wants it at the same time
            bench.database.database().write(handle -> new Blobs().put(handle, bytes(content)));
            WorkspaceId target = i % 5 == 0 ? bench.newWorkspace() : id;
            files.change(target, List.of(write("f" + i, content)), "x");
        }
    }

    @Test
    void olderTreesAndReadsAreServedByIndexes() {
        WorkspaceId id = bench.newWorkspace();
        files.change(id, List.of(write("a", "1")), "x");

        List<String> plan = bench.database.database().read(handle -> {
            handle.execute("SET enable_seqscan = off");
            handle.execute("SET enable_sort = off");
            List<String> lines = handle.createQuery("""
                            EXPLAIN SELECT DISTINCT ON (path) path, kind FROM workspace_change
                            WHERE workspace_id = :id AND revision <= 1 ORDER BY path, revision DESC
                            """)
                    .bind("id", id.value())
                    .mapTo(String.class)
                    .list();
            handle.execute("RESET ALL");
            return lines;
        });

        assertThat(String.join("\n", plan)).contains("workspace_change_by_path").doesNotContain("Sort");
    }
}
