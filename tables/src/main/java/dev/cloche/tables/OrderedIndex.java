package dev.cloche.tables;

import dev.cloche.schema.TableSchema;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A B+ tree of addresses in the order of the key, then of the address.
 *
 * <p>Entries hold the prefix of their key ({@link IndexKey}) and the address; the row itself is looked at only where the prefix
 * does not decide. Leaves that are filled from the left stay full, so ascending keys cost 13 bytes a row.
 */
final class OrderedIndex extends RowIndex {
    private static final int MOST = 64;

    private final RowPages rows;
    private Node root = new Leaf();
    private int inTheWay;
    private int leaves = 1;
    private int inners;

    OrderedIndex(TableSchema.Index schema, IndexKey key, boolean unique, RowPages rows) {
        super(schema, key, unique);
        this.rows = rows;
    }

    private abstract static sealed class Node {
        final long[] keys = new long[MOST];
        final int[] addresses = new int[MOST];
        int size;

        void open(int at) {
            System.arraycopy(keys, at, keys, at + 1, size - at);
            System.arraycopy(addresses, at, addresses, at + 1, size - at);
        }

        void close(int at) {
            System.arraycopy(keys, at + 1, keys, at, size - at - 1);
            System.arraycopy(addresses, at + 1, addresses, at, size - at - 1);
        }
    }

    private static final class Leaf extends Node {
        @Nullable Leaf next;
        @Nullable Leaf previous;
    }

    /** Entry i is the lowest of child i; that of child 0 is not kept. */
    private static final class Inner extends Node {
        final Node[] children = new Node[MOST];
    }

    /** A row to be added or removed. */
    private record Entry(long key, int address, byte[] bytes, int at) {}

    private Entry entry(int address) {
        byte[] bytes = rows.bytes(address);
        int at = rows.offset(address);
        return new Entry(key().prefix(bytes, at), address, bytes, at);
    }

    /** How entry {@code i} of a node compares with a row. */
    private int compare(Node node, int i, Entry entry, boolean keyOnly) {
        long own = node.keys[i];
        if (own != entry.key) {
            return own < entry.key ? -1 : 1;
        }
        int address = node.addresses[i];
        if (!key().exact()) {
            int order = key().compare(rows.bytes(address), rows.offset(address), entry.bytes, entry.at);
            if (order != 0) {
                return order;
            }
        }
        return keyOnly ? 0 : Integer.compare(address, entry.address);
    }

    /** The first entry from {@code low} on that is not below the row; above it, if {@code after}. */
    private int search(Node node, int low, Entry entry, boolean after) {
        int from = low;
        int to = node.size;
        while (from < to) {
            int middle = from + to >>> 1;
            int order = compare(node, middle, entry, unique());
            if (order < 0 || after && order == 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    @Override
    int add(int address) {
        inTheWay = RowPages.NONE;
        Node right = add(root, entry(address));
        if (right != null) {
            Inner above = new Inner();
            inners++;
            above.size = 2;
            above.children[0] = root;
            above.children[1] = right;
            above.keys[1] = lowest(right).keys[0];
            above.addresses[1] = lowest(right).addresses[0];
            root = above;
        }
        return inTheWay;
    }

    /** Adds below a node; gives the new right half if the node had to be split. */
    private @Nullable Node add(Node node, Entry entry) {
        return switch (node) {
            case Leaf leaf -> addToLeaf(leaf, entry);
            case Inner inner -> addToInner(inner, entry);
        };
    }

    private @Nullable Node addToLeaf(Leaf leaf, Entry entry) {
        int at = search(leaf, 0, entry, false);
        if (unique() && at < leaf.size && compare(leaf, at, entry, true) == 0) {
            inTheWay = leaf.addresses[at];
            return null;
        }
        if (leaf.size < MOST) {
            put(leaf, at, entry.key, entry.address);
            return null;
        }
        Leaf right = new Leaf();
        leaves++;
        right.next = leaf.next;
        right.previous = leaf;
        if (leaf.next != null) {
            leaf.next.previous = right;
        }
        int kept = at == MOST && leaf.next == null ? MOST : MOST / 2;
        leaf.next = right;
        halve(leaf, right, kept);
        if (at < kept || at == kept && kept < MOST) {
            put(leaf, at, entry.key, entry.address);
        } else {
            put(right, at - kept, entry.key, entry.address);
        }
        return right;
    }

    private @Nullable Node addToInner(Inner inner, Entry entry) {
        int child = search(inner, 1, entry, true) - 1;
        Node right = add(inner.children[child], entry);
        if (right == null) {
            return null;
        }
        Leaf first = lowest(right);
        int at = child + 1;
        Inner target = inner;
        Inner split = null;
        if (inner.size == MOST) {
            split = new Inner();
            inners++;
            int kept = at == MOST ? MOST - 1 : MOST / 2;
            System.arraycopy(inner.children, kept, split.children, 0, MOST - kept);
            Arrays.fill(inner.children, kept, MOST, null);
            halve(inner, split, kept);
            if (at > kept) {
                target = split;
                at -= kept;
            }
        }
        System.arraycopy(target.children, at, target.children, at + 1, target.size - at);
        target.children[at] = right;
        put(target, at, first.keys[0], first.addresses[0]);
        return split;
    }

    private static void halve(Node left, Node right, int kept) {
        right.size = left.size - kept;
        System.arraycopy(left.keys, kept, right.keys, 0, right.size);
        System.arraycopy(left.addresses, kept, right.addresses, 0, right.size);
        left.size = kept;
    }

    private static void put(Node node, int at, long key, int address) {
        node.open(at);
        node.keys[at] = key;
        node.addresses[at] = address;
        node.size++;
    }

    private static Leaf lowest(Node node) {
        Node lowest = node;
        while (lowest instanceof Inner inner) {
            lowest = inner.children[0];
        }
        return (Leaf) lowest;
    }

    @Override
    void swap(int old, int address) {
        Entry entry = entry(old);
        Node node = root;
        while (node instanceof Inner inner) {
            int child = search(inner, 1, entry, true) - 1;
            if (child > 0 && inner.addresses[child] == old) {
                inner.addresses[child] = address;
            }
            node = inner.children[child];
        }
        int at = search(node, 0, entry, false);
        if (at == node.size || node.addresses[at] != old) {
            throw new IllegalStateException("a row is missing in an ordered index");
        }
        node.addresses[at] = address;
    }

    @Override
    void remove(int address) {
        remove(root, entry(address));
        if (root instanceof Inner inner && inner.size <= 1) {
            root = inner.size == 1 ? inner.children[0] : new Leaf();
            inners--;
            leaves += inner.size == 1 ? 0 : 1;
        }
    }

    private void remove(Node node, Entry entry) {
        switch (node) {
            case Leaf leaf -> {
                int at = search(leaf, 0, entry, false);
                if (at == leaf.size || leaf.addresses[at] != entry.address) {
                    throw new IllegalStateException("a row is missing in an ordered index");
                }
                leaf.close(at);
                leaf.size--;
            }
            case Inner inner -> {
                int child = search(inner, 1, entry, true) - 1;
                remove(inner.children[child], entry);
                mend(inner, child, entry.address);
            }
        }
    }

    /** A row was removed below a child: keeps its lowest entry right and joins children that became small. */
    private void mend(Inner inner, int child, int removed) {
        Node node = inner.children[child];
        if (node.size == 0) {
            if (node instanceof Leaf leaf) {
                unlink(leaf);
            }
            drop(inner, child);
            return;
        }
        if (child > 0 && inner.addresses[child] == removed) {
            Leaf first = lowest(node);
            inner.keys[child] = first.keys[0];
            inner.addresses[child] = first.addresses[0];
        }
        if (node.size < MOST / 4) {
            if (child + 1 < inner.size && node.size + inner.children[child + 1].size <= MOST / 2) {
                join(inner, child);
            } else if (child > 0 && node.size + inner.children[child - 1].size <= MOST / 2) {
                join(inner, child - 1);
            }
        }
    }

    private void join(Inner inner, int left) {
        Node into = inner.children[left];
        Node from = inner.children[left + 1];
        System.arraycopy(from.keys, 0, into.keys, into.size, from.size);
        System.arraycopy(from.addresses, 0, into.addresses, into.size, from.size);
        if (into instanceof Inner above && from instanceof Inner below) {
            System.arraycopy(below.children, 0, above.children, above.size, below.size);
            above.keys[above.size] = inner.keys[left + 1];
            above.addresses[above.size] = inner.addresses[left + 1];
        }
        into.size += from.size;
        if (from instanceof Leaf leaf) {
            unlink(leaf);
        }
        drop(inner, left + 1);
    }

    private void drop(Inner inner, int child) {
        if (inner.children[child] instanceof Leaf) {
            leaves--;
        } else {
            inners--;
        }
        System.arraycopy(inner.children, child + 1, inner.children, child, inner.size - child - 1);
        inner.close(child);
        inner.size--;
        Arrays.fill(inner.children, inner.size, inner.size + 1, null);
    }

    private static void unlink(Leaf leaf) {
        if (leaf.previous != null) {
            leaf.previous.next = leaf.next;
        }
        if (leaf.next != null) {
            leaf.next.previous = leaf.previous;
        }
    }

    /** A place between entries. */
    private record Place(@Nullable Leaf leaf, int at) {}

    /** The place before the first row that is not below these values; behind them, if {@code after}. */
    private Place place(IndexKey.Search search, boolean after) {
        Node node = root;
        while (node instanceof Inner inner) {
            node = inner.children[search(inner, 1, search, after) - 1];
        }
        int at = search(node, 0, search, after);
        Leaf leaf = (Leaf) node;
        return at < leaf.size ? new Place(leaf, at) : new Place(leaf.next, 0);
    }

    private int search(Node node, int low, IndexKey.Search search, boolean after) {
        int from = low;
        int to = node.size;
        while (from < to) {
            int middle = from + to >>> 1;
            int order = search.compareRow(node.keys[middle], rows, node.addresses[middle]);
            if (order < 0 || after && order == 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    @Override
    int find(IndexKey.Search search) {
        Place place = place(search, false);
        Leaf leaf = place.leaf;
        if (leaf == null || place.at >= leaf.size || search.compareRow(leaf.keys[place.at], rows, leaf.addresses[place.at]) != 0) {
            return RowPages.NONE;
        }
        return leaf.addresses[place.at];
    }

    @Override
    AddressSource point(IndexKey.Search search) {
        if (unique() && search.count() == key().columns()) {
            return AddressSource.one(find(search));
        }
        return range(search, false, search, true);
    }

    /**
     * The rows between two places.
     *
     * @param afterStart whether rows that equal {@code start} are left out
     * @param afterEnd whether rows that equal {@code end} are in
     */
    AddressSource range(IndexKey.Search start, boolean afterStart, IndexKey.Search end, boolean afterEnd) {
        Place from = place(start, afterStart);
        Leaf first = from.leaf;
        if (first == null || first.size == 0) {
            return AddressSource.EMPTY;
        }
        int order = end.compareRow(first.keys[from.at], rows, first.addresses[from.at]);
        if (order > 0 || order == 0 && !afterEnd) {
            return AddressSource.EMPTY;
        }
        return new Range(first, from.at, place(end, afterEnd));
    }

    private static final class Range extends AddressSource {
        private @Nullable Leaf leaf;
        private int at;
        private final Place end;

        Range(Leaf leaf, int at, Place end) {
            this.leaf = leaf;
            this.at = at;
            this.end = end;
        }

        @Override
        int next() {
            Leaf here = leaf;
            if (here == null || here == end.leaf && at >= end.at) {
                return RowPages.NONE;
            }
            int address = here.addresses[at];
            if (++at == here.size) {
                leaf = here.next;
                at = 0;
            }
            return address;
        }
    }

    @Override
    void clear() {
        root = new Leaf();
        leaves = 1;
        inners = 0;
    }

    @Override
    long memory() {
        return (12L * MOST + 72) * leaves + (16L * MOST + 88) * inners;
    }
}
