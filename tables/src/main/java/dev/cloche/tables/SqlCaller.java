package dev.cloche.tables;

import dev.cloche.values.Identity;

/**
 * Who asks in SQL.
 *
 * @param identity what {@code :sender} stands for
 * @param owner whether private tables may be read, filters of row-level security do not apply and rows may be changed
 */
public record SqlCaller(Identity identity, boolean owner) {}
