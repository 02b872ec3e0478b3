package dev.cloche.packages;

import dev.cloche.kernel.Configuration;
import dev.cloche.kernel.Problem;
import java.net.URI;
import java.nio.file.Path;

/**
 * The settings of Python packages.
 *
 * @param shelf the folder with the wheels of the installation and their {@code shelf.lock.json}
 * @param data the folder for pages and files that are fetched; one process owns it
 * @param index which index to ask for what is not on the shelf
 * @param cacheLimit how many bytes of files may be cached; wheels that a lock names do not count
 * @param largestFile the largest file that is fetched, in bytes
 */
public record PackagesConfig(Path shelf, Path data, Index index, long cacheLimit, long largestFile) {
    private static final long MIB = 1024L * 1024;

    /** Which index to ask. */
    public sealed interface Index {
        /** The one that the machine's own tools use. */
        record OfTheMachine() implements Index {}

        /** The simple index (PEP 503) at this URL. */
        record At(URI url) implements Index {}

        /** None: what is not on the shelf cannot be had. */
        record None() implements Index {}
    }

    /** The settings of a server that says nothing else: the machine's index, 5 GiB of cache, files up to 512 MiB. */
    public static PackagesConfig defaults(Path shelf, Path data) {
        return new PackagesConfig(shelf, data, new Index.OfTheMachine(), 5120 * MIB, 512 * MIB);
    }

    /**
     * The settings in this configuration: {@code packages.index} is a URL or {@code none}, {@code packages.cache} and
     * {@code packages.largest} are in MiB.
     */
    public static PackagesConfig from(Configuration configuration, Path shelf, Path data) {
        return new PackagesConfig(
                shelf,
                data,
                configuration.text("packages.index").map(PackagesConfig::index).orElse(new Index.OfTheMachine()),
                configuration.integer("packages.cache", 5120, 10, 10_000_000) * MIB,
                configuration.integer("packages.largest", 512, 1, 100_000) * MIB);
    }

    private static Index index(String text) {
        if (text.strip().equals("none")) {
            return new Index.None();
        }
        try {
            // Checked here, so that a mistake is told at the start rather than at the first installation.
            UpstreamAddress.of(text, java.util.Optional.empty());
            return new Index.At(URI.create(text.strip()));
        } catch (IllegalArgumentException e) {
            throw Problem.field("packages.index", "url", "packages.index is the URL of a simple index, as https://HOST/simple/, or none.");
        }
    }
}
