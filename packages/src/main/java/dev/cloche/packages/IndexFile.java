package dev.cloche.packages;

import dev.cloche.kernel.Digest;
import java.net.URI;
import java.util.Optional;

/**
 * A file of a project, as the shelf or a package index names it.
 *
 * @param file its name: a wheel, or a source archive that the tab cannot use
 * @param sha256 its digest; files without one are not offered, as they could not be checked
 * @param url where the upstream has it; empty for a file of the shelf or of the store
 * @param size in bytes, if the index says so
 * @param requiresPython the Python versions that it runs on, as written in the index
 * @param yanked why it was withdrawn, possibly empty text, if it was (PEP 592)
 * @param metadata what the index says about its separate metadata file (PEP 658)
 */
record IndexFile(
        String file,
        Digest sha256,
        Optional<URI> url,
        Optional<Long> size,
        Optional<String> requiresPython,
        Optional<String> yanked,
        Optional<MetadataFile> metadata) {
    /**
     * That the index has a metadata file beside the wheel.
     *
     * @param sha256 its digest, if the index gives it
     */
    record MetadataFile(Optional<Digest> sha256) {}

    /** A wheel that is here already. */
    static IndexFile local(String file, Digest sha256, long size) {
        return new IndexFile(file, sha256, Optional.empty(), Optional.of(size), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The file's tags, if it is a wheel. */
    Optional<WheelFile> wheel() {
        return WheelFile.parse(file);
    }

    /** The version that a file name of this project tells, if any. */
    Optional<Version> version(ProjectName project) {
        Optional<WheelFile> wheel = wheel();
        if (wheel.isPresent()) {
            return wheel.filter(w -> w.name().equals(project)).map(WheelFile::version);
        }
        return SourceArchive.parse(file, project).map(SourceArchive::version);
    }
}
