package dev.cloche.packages;

import java.util.List;

/** Where the resolver finds packages: the shelf, which is always there, and the index, which may be out of reach. */
interface PackageSource {
    /** What the index knows about a project. */
    sealed interface Lookup {
        /** These files, possibly none. */
        record Found(List<IndexFile> files) implements Lookup {
            /** Copies the list. */
            public Found {
                files = List.copyOf(files);
            }
        }

        /** There is no such project. */
        record Unknown() implements Lookup {}

        /** The index cannot be asked, and nothing is remembered; {@code why} is for people. */
        record Unreachable(String why) implements Lookup {}
    }

    /** A file that should be there could not be fetched; the message is for people. */
    final class Unreachable extends Exception {
        private static final long serialVersionUID = 1L;

        private final String why;

        Unreachable(String why) {
            super(why);
            this.why = why;
        }

        /** What is the matter, for people. */
        String why() {
            return why;
        }
    }

    /** The files of the shelf for this project, without any network. */
    List<IndexFile> shelf(ProjectName project);

    /** The files of the index for this project. */
    Lookup index(ProjectName project);

    /** The metadata of a wheel. */
    CoreMetadata metadata(IndexFile wheel) throws CoreMetadata.Broken, Unreachable;
}
