package dev.cloche.tables;

import dev.cloche.values.LittleEndian;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A hash table of addresses that grows in small steps.
 *
 * <p>Its segments are found by the first bits of the hash and split when they are full (extendible hashing), so that no
 * insertion ever waits for the whole table to be built anew. A place holds 32 bits of the hash and the address.
 */
final class AddressHash {
    private static final int SMALLEST = 8;
    private static final int LARGEST = 1 << 12;
    private static final int DEEPEST = 19;
    private static final long SEED = ThreadLocalRandom.current().nextLong() | 1;
    private static final long A = 0xa076_1d64_78bd_642fL;
    private static final long B = 0xe703_7ed1_a0b4_28dbL;

    private Segment[] directory = {new Segment(0, SMALLEST)};
    private int depth;
    private int size;
    private long places = SMALLEST;

    /** Places hold the lower half of the hash above the address; 0 is empty, so addresses are kept plus one. */
    private static final class Segment {
        final int depth;
        long[] places;
        int used;

        Segment(int depth, int length) {
            this.depth = depth;
            this.places = new long[length];
        }
    }

    /** A hash of bytes on top of another hash; differs from process to process. */
    static long hash(long hash, byte[] bytes, int from, int to) {
        long h = mix(hash ^ SEED, (to - from) ^ A);
        int at = from;
        for (; at + 8 <= to; at += 8) {
            h = mix(h ^ LittleEndian.getLong(bytes, at), B);
        }
        if (at < to) {
            long rest = 0;
            for (int i = to - 1; i >= at; i--) {
                rest = rest << 8 | bytes[i] & 0xff;
            }
            h = mix(h ^ rest, B);
        }
        return h;
    }

    private static long mix(long a, long b) {
        return a * b ^ Math.multiplyHigh(a, b);
    }

    int size() {
        return size;
    }

    /** Goes through the addresses with this hash; equality is for the caller to test. */
    int first(long hash) {
        Segment segment = segment(hash);
        return from(segment, hash, (int) hash & (segment.places.length - 1));
    }

    /** The next address with this hash behind the one that was just given; without changes in between. */
    int after(long hash, int address) {
        Segment segment = segment(hash);
        int mask = segment.places.length - 1;
        int at = place(segment, hash, address);
        return from(segment, hash, (at + 1) & mask);
    }

    private static int from(Segment segment, long hash, int start) {
        long[] places = segment.places;
        int mask = places.length - 1;
        int at = start;
        for (long place = places[at]; place != 0; place = places[at]) {
            if ((int) (place >>> 32) == (int) hash) {
                return (int) place - 1;
            }
            at = (at + 1) & mask;
        }
        return RowPages.NONE;
    }

    private static int place(Segment segment, long hash, int address) {
        long[] places = segment.places;
        int mask = places.length - 1;
        long wanted = entry(hash, address);
        int at = (int) hash & mask;
        while (places[at] != wanted) {
            if (places[at] == 0) {
                return -1;
            }
            at = (at + 1) & mask;
        }
        return at;
    }

    private static long entry(long hash, int address) {
        return hash << 32 | (address + 1) & 0xffff_ffffL;
    }

    private Segment segment(long hash) {
        return directory[depth == 0 ? 0 : (int) hash >>> 32 - depth];
    }

    void add(long hash, int address) {
        Segment segment = segment(hash);
        while ((segment.used + 1) * 5 > segment.places.length * 4) {
            if (segment.places.length < LARGEST || segment.depth == DEEPEST) {
                grow(segment);
            } else {
                split(hash, segment);
            }
            segment = segment(hash);
        }
        put(segment, hash, address);
        size++;
    }

    private static void put(Segment segment, long hash, int address) {
        long[] places = segment.places;
        int mask = places.length - 1;
        int at = (int) hash & mask;
        while (places[at] != 0) {
            at = (at + 1) & mask;
        }
        places[at] = entry(hash, address);
        segment.used++;
    }

    private void grow(Segment segment) {
        long[] old = segment.places;
        places += old.length;
        segment.places = new long[old.length * 2];
        segment.used = 0;
        for (long place : old) {
            if (place != 0) {
                put(segment, place >>> 32, (int) place - 1);
            }
        }
    }

    private void split(long hash, Segment segment) {
        if (segment.depth == depth) {
            Segment[] doubled = new Segment[directory.length * 2];
            for (int i = 0; i < doubled.length; i++) {
                doubled[i] = directory[i >>> 1];
            }
            directory = doubled;
            depth++;
        }
        places += segment.places.length;
        int below = segment.depth + 1;
        Segment low = new Segment(below, segment.places.length);
        Segment high = new Segment(below, segment.places.length);
        for (long place : segment.places) {
            if (place != 0) {
                boolean up = ((int) (place >>> 32) >>> 32 - below & 1) != 0;
                put(up ? high : low, place >>> 32, (int) place - 1);
            }
        }
        int shared = 1 << depth - below;
        int first = ((int) hash >>> 32 - below & ~1) * shared;
        for (int i = 0; i < shared; i++) {
            directory[first + i] = low;
            directory[first + shared + i] = high;
        }
    }

    void remove(long hash, int address) {
        Segment segment = segment(hash);
        int at = place(segment, hash, address);
        if (at < 0) {
            throw new IllegalStateException("a row is missing in a hash index");
        }
        close(segment, at);
        segment.used--;
        size--;
    }

    /** Puts an address in the place of another one with the same hash. */
    void swap(long hash, int old, int address) {
        Segment segment = segment(hash);
        int at = place(segment, hash, old);
        if (at < 0) {
            throw new IllegalStateException("a row is missing in a hash index");
        }
        segment.places[at] = entry(hash, address);
    }

    /** Empties a place and moves later ones of its run up, so that no run has a hole. */
    private static void close(Segment segment, int hole) {
        long[] places = segment.places;
        int mask = places.length - 1;
        int empty = hole;
        int at = (hole + 1) & mask;
        while (places[at] != 0) {
            int home = (int) (places[at] >>> 32) & mask;
            if (((at - home) & mask) >= ((at - empty) & mask)) {
                places[empty] = places[at];
                empty = at;
            }
            at = (at + 1) & mask;
        }
        places[empty] = 0;
    }

    long memory() {
        return 8 * places + 4L * directory.length;
    }

    void clear() {
        if (directory.length == 1 && directory[0].places.length == SMALLEST) {
            Arrays.fill(directory[0].places, 0);
            directory[0].used = 0;
            size = 0;
        } else {
            directory = new Segment[] {new Segment(0, SMALLEST)};
            depth = 0;
            size = 0;
            places = SMALLEST;
        }
    }
}
