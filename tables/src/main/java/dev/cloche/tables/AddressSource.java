package dev.cloche.tables;

/** Addresses of rows, one after another. Good until the next change of their table. */
abstract class AddressSource {
    /** Nothing. */
    static final AddressSource EMPTY = new AddressSource() {
        @Override
        int next() {
            return RowPages.NONE;
        }
    };

    /** The next address, or {@link RowPages#NONE}. */
    abstract int next();

    /** One address; nothing if it is {@link RowPages#NONE}. */
    static AddressSource one(int address) {
        return address == RowPages.NONE ? EMPTY : new One(address);
    }

    /** All live rows. */
    static AddressSource all(RowPages rows) {
        return new AddressSource() {
            private int last = RowPages.NONE;
            private boolean ended;

            @Override
            int next() {
                if (!ended) {
                    last = rows.next(last);
                    ended = last == RowPages.NONE;
                }
                return last;
            }
        };
    }

    /** The addresses in a stack, from the first on. */
    static AddressSource of(IntStack addresses) {
        return new AddressSource() {
            private int at;

            @Override
            int next() {
                return at < addresses.size() ? addresses.get(at++) : RowPages.NONE;
            }
        };
    }

    private static final class One extends AddressSource {
        private int address;

        One(int address) {
            this.address = address;
        }

        @Override
        int next() {
            int given = address;
            address = RowPages.NONE;
            return given;
        }
    }
}
