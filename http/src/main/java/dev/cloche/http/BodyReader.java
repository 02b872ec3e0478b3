package dev.cloche.http;

import dev.cloche.kernel.Problem;
import java.io.IOException;

/** Reads the body of a request once its route and its limit are known. */
@FunctionalInterface
public interface BodyReader {
    /**
     * All bytes.
     *
     * @param limit in bytes
     * @throws Problem if there are more than the limit (413), or they do not come (400)
     * @throws IOException if the client went away
     */
    byte[] read(long limit) throws IOException;
}
