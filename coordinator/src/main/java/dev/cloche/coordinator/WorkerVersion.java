package dev.cloche.coordinator;

import dev.cloche.kernel.Digest;
import java.time.Instant;

/** One version of a worker, never changed again. */
record WorkerVersion(Digest digest, String form, long bytes, Instant publishedAt, String publishedBy) {}
