package dev.cloche.tables;

import java.util.Arrays;

/** Numbers in the order in which they came. */
final class IntStack {
    private int[] items = new int[8];
    private int size;

    void push(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
        }
        items[size++] = item;
    }

    int pop() {
        return items[--size];
    }

    int get(int index) {
        return items[index];
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long memory() {
        return 4L * items.length;
    }

    /** Forgets all; gives back much memory. */
    void clear() {
        size = 0;
        if (items.length > 1 << 16) {
            items = new int[8];
        }
    }
}
