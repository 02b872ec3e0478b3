package dev.cloche.coordinator;

/** The result of a task. */
@SuppressWarnings("ArrayRecordComponent") // outputs are large, and nobody compares results
record StoredResult(byte[] output, String ranOn, double ranMs) {}
