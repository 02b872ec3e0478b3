package dev.cloche.modules;

import dev.cloche.schema.TableSchema;
import dev.cloche.tables.Reader;
import dev.cloche.tables.RowCursor;
import dev.cloche.tables.Store;
import dev.cloche.tables.Transaction;
import dev.cloche.values.Identity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an instance's host functions work on: the call that runs, and what it has open. Of the instance's thread. */
final class GuestState {
    /** The arguments of the call that runs. */
    static final int ARGUMENTS = 1;
    /** The body of an HTTP request that is handled. */
    static final int BODY = 2;
    /** Where the result or the refusal of the call that runs goes. */
    static final int RESULT = 1;
    /** Where the body of an HTTP answer goes. */
    static final int RESULT_BODY = 2;

    private static final int FIRST_FREE = 3;
    private static final int MOST_OPEN = 10_000;
    private static final int LARGEST_RESULT = 16 << 20;
    private static final int LARGEST_BODY = 16 << 20;

    final Identity database;
    final ModuleLog log;
    final Outside outside;

    private final Map<Integer, ByteSource> sources = new HashMap<>();
    private final Map<Integer, RowCursor> cursors = new HashMap<>();
    private final Map<Integer, Timer> timers = new HashMap<>();
    private final ByteSink result = new ByteSink(LARGEST_RESULT);
    private final ByteSink resultBody = new ByteSink(LARGEST_BODY);
    private @Nullable ByteSource arguments;
    private @Nullable Store store;
    private @Nullable Transaction transaction;
    private Outside.@Nullable Lease lease;
    private boolean procedure;
    private final Set<Integer> reads = new HashSet<>();
    private int next = FIRST_FREE;
    private String function = "";

    /** A running timer of a guest. */
    record Timer(String name, long start) {}

    GuestState(Identity database, ModuleLog log, Outside outside) {
        this.database = database;
        this.log = log;
        this.outside = outside;
    }

    /** Begins a call: a reducer gets a transaction, a view only the tables, a procedure neither. */
    void begin(String name, byte[] args, @Nullable Store tables, @Nullable Transaction open, boolean isProcedure) {
        function = name;
        arguments = args.length == 0 ? null : new ByteSource(args);
        store = tables;
        transaction = open;
        procedure = isProcedure;
        result.clear();
        resultBody.clear();
        if (!reads.isEmpty()) {
            reads.clear();
        }
    }

    /** Ends the call: closes what the guest left open. */
    void end() {
        if (!cursors.isEmpty()) {
            cursors.values().forEach(RowCursor::close);
            cursors.clear();
        }
        if (!sources.isEmpty()) {
            sources.clear();
        }
        if (!timers.isEmpty()) {
            timers.clear();
        }
        if (lease != null) {
            lease.rollback();
            lease = null;
        }
        arguments = null;
        store = null;
        transaction = null;
        procedure = false;
        next = FIRST_FREE;
        function = "";
    }

    /** Notes that a view read this table; nobody asks for others. */
    void reads(int table) {
        if (transaction == null && lease == null) {
            reads.add(table);
        }
    }

    /** Notes that a view read the table of this index. */
    void readsIndex(int index) {
        Store tables = store;
        if (transaction == null && lease == null && tables != null) {
            for (TableSchema table : tables.schema().tables()) {
                if (table.indexes().stream().anyMatch(one -> one.id() == index)) {
                    reads.add(table.id());
                }
            }
        }
    }

    /** The tables that the last call read, if it was a view's. */
    Set<Integer> lastReads() {
        return Set.copyOf(reads);
    }

    String function() {
        return function;
    }

    boolean isProcedure() {
        return procedure;
    }

    /** The handle of the arguments: 0 when there are none. */
    int argumentsHandle() {
        return arguments == null ? 0 : ARGUMENTS;
    }

    @Nullable Store store() {
        return lease != null ? lease.store() : store;
    }

    /** What may be read; null outside a transaction. */
    @Nullable Reader reader() {
        Transaction open = transaction();
        return open != null ? open : store;
    }

    /** The transaction that may be written; null where there is none. */
    @Nullable Transaction transaction() {
        return lease != null ? lease.transaction() : transaction;
    }

    Outside.@Nullable Lease lease() {
        return lease;
    }

    void lease(Outside.@Nullable Lease taken) {
        if (taken == null) {
            cursors.values().forEach(RowCursor::close);
            cursors.clear();
        }
        lease = taken;
    }

    /** The source behind a handle; null if there is none. */
    @Nullable ByteSource source(int handle) {
        return handle == ARGUMENTS ? arguments : sources.get(handle);
    }

    void dropSource(int handle) {
        if (handle == ARGUMENTS) {
            arguments = null;
        } else {
            sources.remove(handle);
        }
    }

    /** Opens a source; 0 for no bytes. */
    int open(byte[] content) {
        return content.length == 0 ? 0 : keep(sources, new ByteSource(content));
    }

    void openAt(int handle, byte[] content) {
        if (content.length > 0) {
            sources.put(handle, new ByteSource(content));
        }
    }

    @Nullable ByteSink sink(int handle) {
        return switch (handle) {
            case RESULT -> result;
            case RESULT_BODY -> resultBody;
            default -> null;
        };
    }

    byte[] result() {
        return result.take();
    }

    byte[] resultBody() {
        return resultBody.take();
    }

    int open(RowCursor cursor) {
        return keep(cursors, cursor);
    }

    @Nullable RowCursor cursor(int handle) {
        return cursors.get(handle);
    }

    boolean closeCursor(int handle) {
        RowCursor cursor = cursors.remove(handle);
        if (cursor == null) {
            return false;
        }
        cursor.close();
        return true;
    }

    int open(Timer timer) {
        return keep(timers, timer);
    }

    @Nullable Timer endTimer(int handle) {
        return timers.remove(handle);
    }

    private <T> int keep(Map<Integer, T> where, T what) {
        if (where.size() >= MOST_OPEN) {
            throw new GuestFault("more than " + MOST_OPEN + " cursors, sources or timers are open");
        }
        int handle = next++;
        where.put(handle, what);
        return handle;
    }
}
