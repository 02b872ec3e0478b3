package dev.cloche.databases;

import dev.cloche.tables.Changes;
import dev.cloche.tables.ChangesForm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers the parts of a snapshot and marks the last one, which is known only when there is no other. */
final class SnapshotParts {
    private final long at;
    private final CommitLog log;
    private byte @Nullable [] waiting;
    private int next;

    SnapshotParts(long at, CommitLog log) {
        this.at = at;
        this.log = log;
    }

    void add(byte[] content) {
        if (waiting != null) {
            log.keep(new CommitLog.SnapshotPart(at, next++, waiting, false));
        }
        waiting = content;
    }

    /** The snapshot is whole. */
    void end() {
        byte[] last = waiting == null ? ChangesForm.write(new Changes(List.of(), List.of())) : waiting;
        log.keep(new CommitLog.SnapshotPart(at, next, last, true));
    }
}
