package dev.cloche.tables;

import dev.cloche.values.Bytes;

/**
 * Who asks in SQL.
 *
 * @param identity the 32 bytes of the identity as BSATN; what {@code :sender} stands for
 * @param owner whether private tables may be read, filters of row-level security do not apply and rows may be changed
 */
public record SqlCaller(Bytes identity, boolean owner) {
    /** Checks the identity. */
    public SqlCaller {
        if (identity.toArray().length != 32) {
            throw new IllegalArgumentException("An identity has 32 bytes.");
        }
    }
}
