package dev.cloche.tables;

import dev.cloche.values.LittleEndian;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table in pages, found by addresses that never change.
 *
 * <p>An address is the number of a page and of an 8-byte unit in it. Rows of one fixed size lie bare; others begin with their
 * length in 4 bytes. Freed places are kept in lists by their size, which lie in the freed places themselves; a page without any
 * row is cut anew. A bit per unit says whether a live row begins there, and two more what the open transaction did.
 */
final class RowPages {
    /** No address. */
    static final int NONE = -1;

    static final int UNITS = 1 << 13;

    private static final int UNIT_BITS = 13;
    private static final int PAGE_BYTES = UNITS * 8;
    private static final int MOST_PAGES = (1 << 19) - 1;
    private static final int LONGEST_BARE = 1 << 12;
    private static final int LONGEST_SHARED = PAGE_BYTES / 2;
    private static final int FIRST_BYTES = 1 << 10;

    /** The size of all rows, or -1. */
    private final int bare;

    private Page[] pages = new Page[4];
    private int pageCount;
    private int cut = -1;
    private int nextUnit;
    private int[] heads = new int[0];
    private long[] filled = new long[0];
    /** The first of the pages of bare rows that have free places. */
    private int openHead = -1;
    private IntStack spare = new IntStack();
    private long placed;
    private long memory;
    /** How many copies were begun. */
    private int copies;
    private @Nullable RowSink copy;

    /** For rows of this size, or of any if it is negative. */
    RowPages(int fixedSize) {
        this.bare = fixedSize >= 0 && fixedSize <= LONGEST_BARE ? fixedSize : -1;
    }

    private static final int PAGE_OVERHEAD = 120;

    private static final class Page {
        byte[] bytes;
        int placed;
        /** The last copy in which its rows are, or that was begun before it was there. */
        int copied;
        /** Of bare rows: the first free place, and its neighbours among the pages with free places. */
        int free = -1;
        int before = -1;
        int after = -1;
        final long[] live;
        final long[] fresh;
        final long[] doomed;

        Page(int bytes, int units) {
            this.bytes = new byte[bytes];
            int words = (units + 63) / 64;
            live = new long[words];
            fresh = new long[words];
            doomed = new long[words];
        }
    }

    byte[] bytes(int address) {
        return pages[address >>> UNIT_BITS].bytes;
    }

    int offset(int address) {
        int at = (address & (UNITS - 1)) << 3;
        return bare >= 0 ? at : at + 4;
    }

    int length(int address) {
        return bare >= 0 ? bare : LittleEndian.getInt(bytes(address), (address & (UNITS - 1)) << 3);
    }

    /** Places a row; it is not live yet. */
    int place(byte[] row, int from, int length) {
        int address = bare >= 0 ? takeBare() : takeSized(length);
        Page page = pages[address >>> UNIT_BITS];
        int at = (address & (UNITS - 1)) << 3;
        if (bare < 0) {
            LittleEndian.putInt(page.bytes, at, length);
            at += 4;
        }
        System.arraycopy(row, from, page.bytes, at, length);
        page.placed++;
        placed++;
        return address;
    }

    /** Frees the place of a row that is not live. */
    void free(int address) {
        int number = address >>> UNIT_BITS;
        Page page = pages[number];
        page.placed--;
        placed--;
        if (placed == 0) {
            reset();
            return;
        }
        if (bare >= 0) {
            freeBare(page, number, address & (UNITS - 1));
            return;
        }
        int units = units(length(address));
        if (units * 8 > LONGEST_SHARED) {
            dropPage(number);
            return;
        }
        putFree(address, units);
        if (page.placed == 0 && number != cut) {
            dissolve(number);
        }
    }

    /** The places of a page without rows go with it, unless it is the only one that has any. */
    private void freeBare(Page page, int number, int unit) {
        if (page.free < 0) {
            page.before = -1;
            page.after = openHead;
            if (openHead >= 0) {
                pages[openHead].before = number;
            }
            openHead = number;
        }
        LittleEndian.putInt(page.bytes, unit << 3, page.free);
        page.free = unit;
        if (page.placed == 0 && number != cut && (page.before >= 0 || page.after >= 0)) {
            notOpen(page);
            dropPage(number);
        }
    }

    private void notOpen(Page page) {
        if (page.before >= 0) {
            pages[page.before].after = page.after;
        } else {
            openHead = page.after;
        }
        if (page.after >= 0) {
            pages[page.after].before = page.before;
        }
    }

    private void reset() {
        pages = new Page[4];
        pageCount = 0;
        memory = 0;
        cut = -1;
        nextUnit = 0;
        heads = new int[0];
        filled = new long[0];
        openHead = -1;
        spare = new IntStack();
    }

    private int takeBare() {
        if (openHead >= 0) {
            Page page = pages[openHead];
            int address = openHead << UNIT_BITS | page.free;
            page.free = LittleEndian.getInt(page.bytes, page.free << 3);
            if (page.free < 0) {
                notOpen(page);
            }
            return address;
        }
        int units = Math.max(1, (bare + 7) >>> 3);
        if (cut < 0 || nextUnit + units > UNITS) {
            newPage(pageCount == 0 ? Math.max(FIRST_BYTES, units * 8) : PAGE_BYTES);
        }
        return cutOff(units);
    }

    private int takeSized(int length) {
        int units = units(length);
        if ((long) units * 8 > LONGEST_SHARED) {
            return ownPage(units);
        }
        int address = fromFree(units);
        if (address != NONE) {
            return address;
        }
        if (cut < 0 || nextUnit + units > UNITS) {
            retireCut();
            newPage(pageCount == 0 ? Math.max(FIRST_BYTES, units * 8) : PAGE_BYTES);
        }
        return cutOff(units);
    }

    private int cutOff(int units) {
        Page page = pages[cut];
        int wanted = (nextUnit + units) * 8;
        if (wanted > page.bytes.length) {
            enlarge(page, Math.min(PAGE_BYTES, Math.max(wanted, page.bytes.length * 2)));
        }
        int address = cut << UNIT_BITS | nextUnit;
        nextUnit += units;
        return address;
    }

    /** The rest of the page that is being cut becomes a free place, so that free and used places fill the page. */
    private void retireCut() {
        if (cut < 0) {
            return;
        }
        Page page = pages[cut];
        int rest = UNITS - nextUnit;
        if (page.bytes.length < PAGE_BYTES) {
            enlarge(page, PAGE_BYTES);
        }
        int number = cut;
        cut = -1;
        if (rest == 1) {
            LittleEndian.putInt(page.bytes, nextUnit << 3, 1);
        } else if (rest > 1) {
            putFree(number << UNIT_BITS | nextUnit, rest);
        }
        if (page.placed == 0) {
            dissolve(number);
        }
    }

    private void newPage(int bytes) {
        cut = pageNumber();
        nextUnit = 0;
        put(cut, new Page(bytes, UNITS));
    }

    private int ownPage(int units) {
        int number = pageNumber();
        put(number, new Page(Math.multiplyExact(units, 8), 1));
        return number << UNIT_BITS;
    }

    private void put(int number, Page page) {
        page.copied = copies;
        pages[number] = page;
        memory += size(page);
    }

    private static long size(Page page) {
        return page.bytes.length + 24L * page.live.length + PAGE_OVERHEAD;
    }

    private void enlarge(Page page, int bytes) {
        memory += bytes - page.bytes.length;
        page.bytes = Arrays.copyOf(page.bytes, bytes);
    }

    private int pageNumber() {
        if (!spare.isEmpty()) {
            return spare.pop();
        }
        if (pageCount == MOST_PAGES) {
            throw new StoreException(StoreException.Reason.NO_SPACE, "The table has no room for more rows.");
        }
        if (pageCount == pages.length) {
            pages = Arrays.copyOf(pages, pageCount * 2);
        }
        return pageCount++;
    }

    private void dropPage(int number) {
        memory -= size(pages[number]);
        pages[number] = new Page(0, 0);
        pages[number].copied = copies;
        spare.push(number);
    }

    /** All places of the page are free: takes them off their lists and gives the page back. */
    private void dissolve(int number) {
        byte[] bytes = pages[number].bytes;
        int unit = 0;
        while (unit < UNITS) {
            int units = LittleEndian.getInt(bytes, unit << 3);
            if (units > 1) {
                unlink(number << UNIT_BITS | unit, units);
            }
            unit += units;
        }
        dropPage(number);
    }

    /** The units of a place for a row of this length: steps of an eighth, so that few sizes occur. */
    private static int units(int length) {
        int units = Math.max(2, (int) ((length + 4L + 7) >>> 3));
        int step = Math.max(1, Integer.highestOneBit(units) >>> 3);
        return (units + step - 1) / step * step;
    }

    private void putFree(int address, int units) {
        if (heads.length == 0) {
            heads = new int[UNITS + 1];
            Arrays.fill(heads, NONE);
            filled = new long[UNITS / 64 + 1];
        }
        byte[] bytes = bytes(address);
        int at = (address & (UNITS - 1)) << 3;
        int head = heads[units];
        LittleEndian.putInt(bytes, at, units);
        LittleEndian.putInt(bytes, at + 4, head);
        LittleEndian.putInt(bytes, at + 8, NONE);
        if (head != NONE) {
            LittleEndian.putInt(bytes(head), ((head & (UNITS - 1)) << 3) + 8, address);
        }
        heads[units] = address;
        filled[units >>> 6] |= 1L << units;
    }

    private void unlink(int address, int units) {
        byte[] bytes = bytes(address);
        int at = (address & (UNITS - 1)) << 3;
        int next = LittleEndian.getInt(bytes, at + 4);
        int previous = LittleEndian.getInt(bytes, at + 8);
        if (next != NONE) {
            LittleEndian.putInt(bytes(next), ((next & (UNITS - 1)) << 3) + 8, previous);
        }
        if (previous != NONE) {
            LittleEndian.putInt(bytes(previous), ((previous & (UNITS - 1)) << 3) + 4, next);
            return;
        }
        heads[units] = next;
        if (next == NONE) {
            filled[units >>> 6] &= ~(1L << units);
        }
    }

    private int fromFree(int units) {
        if (heads.length == 0) {
            return NONE;
        }
        int found = heads[units] != NONE ? units : smallestFrom(units + 2);
        if (found < 0) {
            return NONE;
        }
        int address = heads[found];
        unlink(address, found);
        if (found > units) {
            putFree(address + units, found - units);
        }
        return address;
    }

    private int smallestFrom(int units) {
        int word = units >>> 6;
        if (word >= filled.length) {
            return -1;
        }
        long bits = filled[word] & (-1L << units);
        while (bits == 0) {
            if (++word == filled.length) {
                return -1;
            }
            bits = filled[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    boolean live(int address) {
        int unit = address & (UNITS - 1);
        return (pages[address >>> UNIT_BITS].live[unit >>> 6] & 1L << unit) != 0;
    }

    void live(int address, boolean value) {
        Page page = pages[address >>> UNIT_BITS];
        if (page.copied != copies) {
            copy(page);
        }
        set(page.live, address & (UNITS - 1), value);
    }

    /** Whether the open transaction placed it. */
    boolean fresh(int address) {
        int unit = address & (UNITS - 1);
        return (pages[address >>> UNIT_BITS].fresh[unit >>> 6] & 1L << unit) != 0;
    }

    void fresh(int address, boolean value) {
        set(pages[address >>> UNIT_BITS].fresh, address & (UNITS - 1), value);
    }

    /** Whether the open transaction deleted it, if only for a while. */
    boolean doomed(int address) {
        int unit = address & (UNITS - 1);
        return (pages[address >>> UNIT_BITS].doomed[unit >>> 6] & 1L << unit) != 0;
    }

    void doomed(int address, boolean value) {
        set(pages[address >>> UNIT_BITS].doomed, address & (UNITS - 1), value);
    }

    private static void set(long[] bits, int unit, boolean value) {
        if (value) {
            bits[unit >>> 6] |= 1L << unit;
        } else {
            bits[unit >>> 6] &= ~(1L << unit);
        }
    }

    /** The address of the first live row behind this one, from {@link #NONE} on; {@link #NONE} at the end. */
    int next(int address) {
        int number = address == NONE ? 0 : address >>> UNIT_BITS;
        int unit = address == NONE ? 0 : (address & (UNITS - 1)) + 1;
        while (number < pageCount) {
            int found = nextIn(pages[number], unit);
            if (found >= 0) {
                return number << UNIT_BITS | found;
            }
            number++;
            unit = 0;
        }
        return NONE;
    }

    private static int nextIn(@Nullable Page page, int from) {
        if (page == null) {
            return -1;
        }
        int word = from >>> 6;
        if (word >= page.live.length) {
            return -1;
        }
        long bits = page.live[word] & (-1L << from);
        while (bits == 0) {
            if (++word == page.live.length) {
                return -1;
            }
            bits = page.live[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    // ---- copies

    /** Gets rows one after another; the bytes are not to be kept. */
    @FunctionalInterface
    interface RowSink {
        void row(byte[] bytes, int offset, int length);
    }

    /** Begins to copy the rows that are live now; each page is copied when it is its turn, or before its rows change. */
    void beginCopy(RowSink sink) {
        copies++;
        copy = sink;
    }

    /** Copies the page with this number if it was not copied yet; false if there is none. */
    boolean copyPage(int number) {
        if (number >= pageCount) {
            return false;
        }
        if (pages[number].copied != copies) {
            copy(pages[number]);
        }
        return true;
    }

    void endCopy() {
        copy = null;
    }

    private void copy(Page page) {
        page.copied = copies;
        RowSink sink = copy;
        if (sink == null) {
            return;
        }
        for (int unit = nextIn(page, 0); unit >= 0; unit = nextIn(page, unit + 1)) {
            int at = unit << 3;
            sink.row(page.bytes, bare >= 0 ? at : at + 4, bare >= 0 ? bare : LittleEndian.getInt(page.bytes, at));
        }
    }

    boolean equal(int address, byte[] row, int from, int length) {
        int at = offset(address);
        return length(address) == length && Arrays.equals(bytes(address), at, at + length, row, from, from + length);
    }

    /** Bytes that the pages take. */
    long memory() {
        return memory + 4L * heads.length;
    }
}
