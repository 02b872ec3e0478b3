package dev.cloche.packages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads the metadata out of a wheel, which is a zip file. */
final class WheelArchive {
    private static final int LARGEST_METADATA = 4 * 1024 * 1024;

    private WheelArchive() {}

    /** The bytes of the METADATA file; a file that is no wheel is {@link CoreMetadata.Broken}. */
    static byte[] metadata(Path wheel) throws CoreMetadata.Broken, IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (isMetadata(entry.getName())) {
                    return read(zip, entry);
                }
            }
            throw new CoreMetadata.Broken("it has no METADATA file");
        } catch (ZipException e) {
            throw new CoreMetadata.Broken("it is not a zip file");
        }
    }

    /** Whether a name inside a wheel is that of its METADATA file. */
    static boolean isMetadata(String name) {
        int slash = name.indexOf('/');
        return slash > 0 && name.substring(0, slash).endsWith(".dist-info") && name.substring(slash + 1).equals("METADATA");
    }

    private static byte[] read(ZipFile zip, ZipEntry entry) throws CoreMetadata.Broken, IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(LARGEST_METADATA + 1);
            if (bytes.length > LARGEST_METADATA) {
                throw new CoreMetadata.Broken("its METADATA file is larger than " + LARGEST_METADATA + " bytes");
            }
            return bytes;
        }
    }
}
