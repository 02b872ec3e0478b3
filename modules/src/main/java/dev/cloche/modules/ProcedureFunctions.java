package dev.cloche.modules;

import static dev.cloche.modules.GuestMemory.bytes;
import static dev.cloche.modules.GuestMemory.pointer;
import static dev.cloche.modules.GuestMemory.putInt;
import static dev.cloche.modules.GuestMemory.putLong;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.cloche.values.BsatnWriter;
import dev.cloche.wasm.Frame;

/** The host functions that only procedures have: transactions of their own, sleep, HTTP. */
final class ProcedureFunctions {
    private ProcedureFunctions() {}

    static void begin(Frame frame) {
        GuestState state = frame.context(GuestState.class);
        if (!state.isProcedure() || state.lease() != null) {
            frame.result(Errno.WOULD_BLOCK_TRANSACTION);
            return;
        }
        Outside.Lease lease = state.outside.begin();
        state.lease(lease);
        putLong(frame, 0, lease.timestamp());
        frame.result(Errno.OK);
    }

    static void commit(Frame frame) {
        end(frame, true);
    }

    static void abort(Frame frame) {
        end(frame, false);
    }

    private static void end(Frame frame, boolean commit) {
        GuestState state = frame.context(GuestState.class);
        Outside.Lease lease = state.lease();
        if (lease == null) {
            frame.result(Errno.NOT_IN_TRANSACTION);
            return;
        }
        state.lease(null);
        if (commit) {
            lease.commit().ifPresent(refusal -> {
                throw new GuestFault(refusal);
            });
        } else {
            lease.rollback();
        }
        frame.result(Errno.OK);
    }

    static void sleep(Frame frame) {
        GuestState state = frame.context(GuestState.class);
        if (state.isProcedure() && state.lease() == null) {
            state.outside.sleepUntil(frame.i64(0));
        }
        frame.result(System.currentTimeMillis() * 1_000);
    }

    static void http(Frame frame) {
        GuestState state = frame.context(GuestState.class);
        if (!state.isProcedure() || state.lease() != null) {
            frame.result(Errno.WOULD_BLOCK_TRANSACTION);
            return;
        }
        byte[] body = frame.i32(3) == 0 ? new byte[0] : bytes(frame, 2);
        switch (state.outside.http(bytes(frame, 0), body)) {
            case Outside.HttpAnswer.Answered(byte[] head, byte[] content) -> {
                putInt(frame, 4, state.open(head));
                frame.memory().set(JAVA_INT_UNALIGNED, pointer(frame, 4) + 4, state.open(content));
                frame.result(Errno.OK);
            }
            case Outside.HttpAnswer.Failed(String message) -> {
                putInt(frame, 4, state.open(new BsatnWriter().writeString(message).toArray()));
                frame.result(Errno.HTTP_ERROR);
            }
        }
    }
}
