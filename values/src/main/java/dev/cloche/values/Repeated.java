package dev.cloche.values;

import java.util.AbstractList;
import java.util.Objects;

/** The same value many times in little memory: elements that take no bytes must not take any here either. */
final class Repeated extends AbstractList<Value> {
    private final Value value;
    private final int count;

    Repeated(Value value, int count) {
        this.value = value;
        this.count = count;
    }

    @Override
    public Value get(int index) {
        Objects.checkIndex(index, count);
        return value;
    }

    @Override
    public int size() {
        return count;
    }
}
