package dev.cloche.databases;

import java.util.List;
import java.util.Map;

/**
 * An HTTP request for the module.
 *
 * @param method in capitals
 * @param path below the database's routes, with a slash at its start
 * @param query as sent, without the question mark; empty if there is none
 * @param headers names in lower case
 * @param body not to be changed
 */
public record HandlerRequest(String method, String path, String query, Map<String, List<String>> headers, byte[] body) {
    /** Copies the headers. */
    public HandlerRequest {
        headers = Map.copyOf(headers);
    }
}
