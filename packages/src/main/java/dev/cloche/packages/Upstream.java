package dev.cloche.packages;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** The package index that this server asks for what it does not have itself. Safe for use by several threads. */
interface Upstream {
    /** Takes a file's content in; an {@link IOException} ends the transfer. */
    @FunctionalInterface
    interface Receiver<T> {
        /** What was made of the content. */
        T receive(InputStream content) throws IOException;
    }

    /** A stable name of this index for the folder of its documents: letters and digits. */
    String key();

    /** The files of a project; empty if it does not know the project. */
    Optional<List<IndexFile>> project(ProjectName project) throws PackageSource.Unreachable;

    /** The separate metadata file of a wheel, whether announced or not; empty if there is none. */
    Optional<byte[]> metadata(IndexFile wheel) throws PackageSource.Unreachable;

    /** The content of a file. */
    <T> T file(IndexFile file, Receiver<T> receiver) throws PackageSource.Unreachable, IOException;

    /** No package index at all: the administrator wants none, or the machine knows none. */
    record None(String why) implements Upstream {
        @Override
        public String key() {
            return "none";
        }

        @Override
        public Optional<List<IndexFile>> project(ProjectName project) throws PackageSource.Unreachable {
            throw new PackageSource.Unreachable(why);
        }

        @Override
        public Optional<byte[]> metadata(IndexFile wheel) throws PackageSource.Unreachable {
            throw new PackageSource.Unreachable(why);
        }

        @Override
        public <T> T file(IndexFile file, Receiver<T> receiver) throws PackageSource.Unreachable {
            throw new PackageSource.Unreachable(why);
        }
    }
}
