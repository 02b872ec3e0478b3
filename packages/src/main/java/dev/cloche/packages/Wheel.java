package dev.cloche.packages;

import dev.cloche.kernel.Digest;

/**
 * A wheel file that the tab can load, as a lock names it.
 *
 * @param name the normalised project name (PEP 503)
 * @param version the version (PEP 440)
 * @param file the wheel's file name (PEP 427)
 * @param sha256 its digest, by which it is also fetched
 * @param size in bytes
 */
public record Wheel(String name, String version, String file, Digest sha256, long size) {}
