package dev.cloche.coordinator;

import dev.cloche.http.Socket;
import dev.cloche.workers.LinkMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Messages on their way to a node: sent at once as long as little waits in the socket, otherwise one after the other as it
 * drains, so that large ones together do not count as a client that is too slow. Any thread; never blocks.
 */
final class LinkSender {
    private static final long LITTLE = 8L << 20;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

    private final Socket socket;
    private final Deque<LinkMessage> waiting = new ArrayDeque<>();
    private boolean draining;
    private boolean closed;

    LinkSender(Socket socket) {
        this.socket = socket;
    }

    void send(LinkMessage message) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (!draining && socket.queued() < LITTLE) {
                write(message);
                return;
            }
            waiting.add(message);
            if (draining) {
                return;
            }
            draining = true;
        }
        Thread.ofVirtual().name("link-sender").start(this::drain);
    }

    private void drain() {
        while (true) {
            synchronized (this) {
                while (socket.queued() < LITTLE || closed) {
                    LinkMessage next = closed ? null : waiting.poll();
                    if (next == null) {
                        draining = false;
                        return;
                    }
                    write(next);
                }
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    private void write(LinkMessage message) {
        socket.binary(message.opening(), message.bytes());
    }

    synchronized void close() {
        closed = true;
        waiting.clear();
    }
}
