package dev.cloche.workspaces;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Tells the open streams of this process what happens to workspaces, whoever writes. Safe for use by several threads.
 *
 * <p>Events are published after their transaction is committed. A listener that falls {@value #BACKLOG} events behind gets
 * one event without paths instead of those it missed.
 */
public final class WorkspaceEvents implements AutoCloseable {
    private static final int BACKLOG = 256;

    private final Map<WorkspaceId, Set<Listener>> listeners = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Somebody who has a workspace open; close it when done. */
    public final class Listener implements AutoCloseable {
        private final WorkspaceId workspace;
        private final BlockingQueue<WorkspaceEvent> queue = new ArrayBlockingQueue<>(BACKLOG);

        private Listener(WorkspaceId workspace) {
            this.workspace = workspace;
        }

        /** The next event, or nothing if none comes in this time. */
        public Optional<WorkspaceEvent> next(Duration patience) throws InterruptedException {
            return Optional.ofNullable(queue.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
        }

        /** Whether the source of events has ended, so that the stream should end too. */
        public boolean ended() {
            return closed;
        }

        private synchronized void offer(WorkspaceEvent event) {
            if (queue.offer(event)) {
                return;
            }
            queue.clear();
            queue.add(event instanceof WorkspaceEvent.FilesChanged(long revision, List<FilePath> _)
                    ? new WorkspaceEvent.FilesChanged(revision, List.of())
                    : event);
        }

        @Override
        public void close() {
            listeners.computeIfPresent(workspace, (_, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }

    /** Listens from now on. */
    public Listener listen(WorkspaceId workspace) {
        Listener listener = new Listener(workspace);
        listeners.compute(workspace, (_, all) -> {
            Set<Listener> set = all == null ? ConcurrentHashMap.newKeySet() : all;
            set.add(listener);
            return set;
        });
        return listener;
    }

    /** Tells everybody who has this workspace open. */
    void publish(WorkspaceId workspace, WorkspaceEvent event) {
        listeners.getOrDefault(workspace, Set.of()).forEach(listener -> listener.offer(event));
    }

    /** Ends all streams. */
    @Override
    public void close() {
        closed = true;
        listeners.values().forEach(all -> all.forEach(l -> l.offer(new WorkspaceEvent.Configured())));
    }
}
