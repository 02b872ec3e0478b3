package dev.cloche.databases;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.tables.Changes;
import dev.cloche.tables.ChangesForm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A snapshot for a backup: collects its parts for another thread that waits for them. */
final class BackupSnapshot implements Snapshots.Wanted {
    private final List<byte[]> parts = new ArrayList<>();
    private final CompletableFuture<List<byte[]>> whole = new CompletableFuture<>();
    private volatile long at;

    /** Waits for all; the parts in their order. */
    List<byte[]> rows() {
        try {
            return whole.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Waits for all; after which transaction they are so. */
    long at() {
        rows();
        return at;
    }

    @Override
    public void begin(long number) {
        at = number;
    }

    @Override
    public void part(Changes rows) {
        parts.add(ChangesForm.write(rows));
    }

    @Override
    public boolean full() {
        return false;
    }

    @Override
    public void whole() {
        whole.complete(parts);
    }

    @Override
    public void broken() {
        whole.completeExceptionally(Problem.of(ErrorCode.UNAVAILABLE, "The database is stopping, or has too much to do; try again."));
    }
}
