package dev.cloche.outbound;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Finds the address of a name, once for each request: what is sent goes to the address that was judged here and to no other, so that
 * a name that changes its address between check and use (DNS rebinding) gains nothing. Any thread; calls block.
 */
public final class Lookup {
    private static final long LOOK_EVERY_MILLIS = 50;

    private final Names names;

    /** What looks names up. */
    @FunctionalInterface
    public interface Names {
        /** All addresses of a name. */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** By the resolver of this machine. */
    public Lookup() {
        this(InetAddress::getAllByName);
    }

    /** By another one. */
    public Lookup(Names names) {
        this.names = names;
    }

    /**
     * The address to which a request goes.
     *
     * @param host as it stands in a URL: a name, or an address, of version 6 in brackets
     * @param publicOnly refuses names of which one address is not in the public network
     * @param patience how long it may take
     * @param ending whether the caller wants to wait no longer; asked again and again
     * @throws IOException if there is none, or none that may be used; the message says so
     */
    public InetAddress address(String host, boolean publicOnly, Duration patience, BooleanSupplier ending) throws IOException {
        // a resolver may take its time, and cannot be stopped
        FutureTask<InetAddress[]> lookup = new FutureTask<>(() -> names.addresses(host.startsWith("[") ? host.substring(1, host.length() - 1) : host));
        Thread.ofVirtual().name("outbound-lookup").start(lookup);
        InetAddress[] found = await(lookup, host, patience, ending);
        if (found.length == 0) {
            throw new IOException("there is no address for " + host);
        }
        if (publicOnly && !Arrays.stream(found).allMatch(PublicAddress::is)) {
            throw new IOException(host + " is not in the public network");
        }
        return found[0];
    }

    private static InetAddress[] await(FutureTask<InetAddress[]> lookup, String host, Duration patience, BooleanSupplier ending) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (!ending.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new IOException("there is no address for " + host);
            }
            try {
                return lookup.get(Math.min(left, LOOK_EVERY_MILLIS), TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                // looks again whether to wait on
            } catch (ExecutionException e) {
                throw new IOException("there is no address for " + host, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the server stops", e);
            }
        }
        throw new IOException("the call is to end");
    }
}
