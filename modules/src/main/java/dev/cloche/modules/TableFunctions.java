package dev.cloche.modules;

import static dev.cloche.modules.GuestMemory.bytes;
import static dev.cloche.modules.GuestMemory.length;
import static dev.cloche.modules.GuestMemory.pointer;
import static dev.cloche.modules.GuestMemory.putInt;
import static dev.cloche.modules.GuestMemory.putLong;
import static dev.cloche.modules.GuestMemory.text;

import dev.cloche.tables.IndexRange;
import dev.cloche.tables.Reader;
import dev.cloche.tables.RowCursor;
import dev.cloche.tables.Store;
import dev.cloche.tables.StoreException;
import dev.cloche.tables.Transaction;
import dev.cloche.wasm.Frame;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The host functions that read and change tables. Each answers an {@link Errno}; a refused change has changed nothing. */
final class TableFunctions {
    private TableFunctions() {}

    /** A question to the tables as the guest may see them. */
    @FunctionalInterface
    interface Question {
        int ask(Frame frame, GuestState state, Reader reader);
    }

    /** A change in the guest's transaction. */
    @FunctionalInterface
    interface Change {
        int make(Frame frame, GuestState state, Transaction transaction);
    }

    static void read(Frame frame, Question question) {
        GuestState state = frame.context(GuestState.class);
        Reader reader = state.reader();
        if (reader == null) {
            frame.result(Errno.NOT_IN_TRANSACTION);
            return;
        }
        try {
            frame.result(question.ask(frame, state, reader));
        } catch (StoreException refused) {
            frame.result(number(refused));
        }
    }

    static void write(Frame frame, Change change) {
        GuestState state = frame.context(GuestState.class);
        Transaction transaction = state.transaction();
        if (transaction == null) {
            frame.result(state.reader() == null ? Errno.NOT_IN_TRANSACTION : Errno.TRANSACTION_IS_READ_ONLY);
            return;
        }
        try {
            frame.result(change.make(frame, state, transaction));
        } catch (StoreException refused) {
            frame.result(number(refused));
        }
    }

    /** What the guest gets; where there is no room, its call ends at once, so that whoever called hears why. */
    private static int number(StoreException refused) {
        if (refused.reason() == StoreException.Reason.NO_SPACE) {
            throw new OutOfRoom(String.valueOf(refused.getMessage()));
        }
        return refused.reason().number();
    }

    static int tableId(Frame frame, GuestState state, Reader reader) {
        @Nullable Store store = state.store();
        return found(frame, store == null ? OptionalInt.empty() : store.tableId(text(frame, 0)), Errno.NO_SUCH_TABLE);
    }

    static int indexId(Frame frame, GuestState state, Reader reader) {
        @Nullable Store store = state.store();
        return found(frame, store == null ? OptionalInt.empty() : store.indexId(text(frame, 0)), Errno.NO_SUCH_INDEX);
    }

    private static int found(Frame frame, OptionalInt id, int otherwise) {
        if (id.isEmpty()) {
            return otherwise;
        }
        putInt(frame, 2, id.getAsInt());
        return Errno.OK;
    }

    static int rowCount(Frame frame, GuestState state, Reader reader) {
        state.reads(frame.i32(0));
        putLong(frame, 1, reader.rowCount(frame.i32(0)));
        return Errno.OK;
    }

    static int scan(Frame frame, GuestState state, Reader reader) {
        state.reads(frame.i32(0));
        return open(frame, 1, state, reader.scan(frame.i32(0)));
    }

    static int scanPoint(Frame frame, GuestState state, Reader reader) {
        state.readsIndex(frame.i32(0));
        return open(frame, 3, state, reader.scanPoint(frame.i32(0), bytes(frame, 1)));
    }

    static int scanRange(Frame frame, GuestState state, Reader reader) {
        state.readsIndex(frame.i32(0));
        return open(frame, 8, state, reader.scanRange(frame.i32(0), range(frame)));
    }

    private static int open(Frame frame, int out, GuestState state, RowCursor cursor) {
        putInt(frame, out, state.open(cursor));
        return Errno.OK;
    }

    private static IndexRange range(Frame frame) {
        int columns = frame.i32(3) & 0xFFFF;
        byte[] prefix = columns == 0 ? new byte[0] : bytes(frame, 1);
        return new IndexRange(prefix, columns, bytes(frame, 4), bytes(frame, 6));
    }

    static int insert(Frame frame, GuestState state, Transaction transaction) {
        int length = length(frame, 2);
        MemorySegment memory = frame.memory();
        putInt(frame, 2, transaction.insert(frame.i32(0), memory, within(memory, pointer(frame, 1), length), length));
        return Errno.OK;
    }

    static int update(Frame frame, GuestState state, Transaction transaction) {
        int length = length(frame, 3);
        MemorySegment memory = frame.memory();
        putInt(frame, 3, transaction.update(frame.i32(0), frame.i32(1), memory, within(memory, pointer(frame, 2), length), length));
        return Errno.OK;
    }

    private static long within(MemorySegment memory, long at, int length) {
        if (at + length > memory.byteSize()) {
            throw new GuestFault("a guest passed a row beyond the end of its memory");
        }
        return at;
    }

    static int deleteEqual(Frame frame, GuestState state, Transaction transaction) {
        putInt(frame, 3, transaction.deleteEqual(frame.i32(0), bytes(frame, 1)));
        return Errno.OK;
    }

    static int deletePoint(Frame frame, GuestState state, Transaction transaction) {
        putInt(frame, 3, transaction.deletePoint(frame.i32(0), bytes(frame, 1)));
        return Errno.OK;
    }

    static int deleteRange(Frame frame, GuestState state, Transaction transaction) {
        putInt(frame, 8, transaction.deleteRange(frame.i32(0), range(frame)));
        return Errno.OK;
    }

    static int clear(Frame frame, GuestState state, Transaction transaction) {
        putLong(frame, 1, transaction.clear(frame.i32(0)));
        return Errno.OK;
    }

    /** Fills the buffer with whole rows; tells a guest whose buffer is too small how much it needs. */
    static void advance(Frame frame) {
        GuestState state = frame.context(GuestState.class);
        int handle = frame.i32(0);
        RowCursor cursor = state.cursor(handle);
        if (cursor == null) {
            frame.result(Errno.NO_SUCH_ITER);
            return;
        }
        MemorySegment memory = frame.memory();
        int room = length(frame, 2);
        long at = frame.u32(1);
        if (at + room > memory.byteSize()) {
            throw new GuestFault("a guest passed a buffer beyond the end of its memory");
        }
        int written = cursor.copyTo(memory, at, room);
        int needed = cursor.nextLength();
        if (written == 0 && needed >= 0) {
            putInt(frame, 2, needed);
            frame.result(Errno.BUFFER_TOO_SMALL);
            return;
        }
        putInt(frame, 2, written);
        if (needed < 0) {
            state.closeCursor(handle);
        }
        frame.result(needed < 0 ? Errno.END : Errno.OK);
    }

    static void close(Frame frame) {
        frame.result(frame.context(GuestState.class).closeCursor(frame.i32(0)) ? Errno.OK : Errno.NO_SUCH_ITER);
    }
}
