package dev.cloche.databases;

import dev.cloche.tables.Changes;
import dev.cloche.tables.ChangesForm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A snapshot for the log: numbers its parts and marks the last one, which is known only when there is no other. */
final class LogSnapshot implements Snapshots.Wanted {
    private final CommitLog log;
    private long at;
    private byte @Nullable [] waiting;
    private int next;

    LogSnapshot(CommitLog log) {
        this.log = log;
    }

    @Override
    public void begin(long number) {
        at = number;
    }

    @Override
    public void part(Changes rows) {
        if (waiting != null) {
            log.keep(new CommitLog.SnapshotPart(at, next++, waiting, false));
        }
        waiting = ChangesForm.write(rows);
    }

    @Override
    public boolean full() {
        return log.busy();
    }

    @Override
    public void whole() {
        byte[] last = waiting == null ? ChangesForm.write(new Changes(List.of(), List.of())) : waiting;
        log.keep(new CommitLog.SnapshotPart(at, next, last, true));
    }

    @Override
    public void broken() {}
}
