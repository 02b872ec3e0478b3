package dev.cloche.modules;

/** Bytes that are put into an instance's memory before anything of it runs: a user's source, in a room that the guest left for it. */
record Preload(long address, byte[] content) {}
