package dev.cloche.databases;

import java.util.List;
import java.util.Map;

/**
 * What the module answered to an HTTP request.
 *
 * @param headers names in lower case
 * @param body not to be changed
 */
public record HandlerAnswer(int status, Map<String, List<String>> headers, byte[] body) {
    /** Copies the headers. */
    public HandlerAnswer {
        headers = Map.copyOf(headers);
    }
}
