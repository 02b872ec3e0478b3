package dev.cloche.databases;

import dev.cloche.modules.ModuleLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** The last lines of a database's log, in memory, for any number of readers. Any thread; writing never waits for readers. */
final class ModuleLines implements ModuleLog {
    private static final int KEPT = 10_000;
    private static final int LONGEST = 16_384;
    private static final long MOST_CHARACTERS = 4L << 20;
    private static final int PANIC = 101;

    private final LongSupplier micros;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final ArrayDeque<LogLine> lines = new ArrayDeque<>();
    private long written;
    private long characters;
    private boolean closed;

    ModuleLines(LongSupplier micros) {
        this.micros = micros;
    }

    @Override
    public void line(Line line) {
        LogLine kept = new LogLine(level(line.level()), micros.getAsLong(), line.target(), line.file(), line.line(),
                line.function().isEmpty() ? Optional.empty() : Optional.of(line.function()), shortened(line.message()), List.of());
        lock.lock();
        try {
            lines.addLast(kept);
            written++;
            characters += size(kept);
            while (lines.size() > KEPT || characters > MOST_CHARACTERS) {
                characters -= size(lines.removeFirst());
            }
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static int size(LogLine line) {
        return line.message().length() + line.target().map(String::length).orElse(0) + line.file().map(String::length).orElse(0);
    }

    private static LogLine.Level level(int level) {
        return level == PANIC ? LogLine.Level.PANIC : LogLine.Level.values()[level];
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST) + " … (" + (message.length() - LONGEST) + " more characters)";
    }

    /** Ends all readers that follow. */
    void close() {
        lock.lock();
        try {
            closed = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The lines from the last {@code count} on. */
    DatabaseLog read(Optional<Integer> count, boolean follow) {
        lock.lock();
        try {
            return new Reader(Math.max(0, written - Math.min(lines.size(), count.orElse(lines.size()))), follow ? Long.MAX_VALUE : written);
        } finally {
            lock.unlock();
        }
    }

    private final class Reader implements DatabaseLog {
        private final long end;
        private final List<LogLine> taken = new ArrayList<>();
        private long next;
        private int at;
        private boolean left;

        Reader(long next, long end) {
            this.next = next;
            this.end = end;
        }

        @Override
        public Optional<LogLine> next() throws InterruptedException {
            lock.lock();
            try {
                while (!left && at == taken.size() && next >= written && next < end && !closed) {
                    more.await();
                }
                if (at == taken.size()) {
                    take();
                }
            } finally {
                lock.unlock();
            }
            return left || at == taken.size() ? Optional.empty() : Optional.of(taken.get(at++));
        }

        /** Copies what there is; lines that were dropped meanwhile are passed over. */
        private void take() {
            taken.clear();
            at = 0;
            long first = written - lines.size();
            long from = Math.max(next, first);
            lines.stream().skip(from - first).limit(Math.max(0, Math.min(end, written) - from)).forEach(taken::add);
            next = Math.max(from, Math.min(end, written));
        }

        @Override
        public boolean ready() {
            lock.lock();
            try {
                return at < taken.size() || next < Math.min(end, written);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            left = true;
            lock.lock();
            try {
                more.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
