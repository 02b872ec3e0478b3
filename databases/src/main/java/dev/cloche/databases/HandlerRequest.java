package dev.cloche.databases;

import dev.cloche.modules.HttpHeader;
import java.util.List;

/**
 * An HTTP request for the module.
 *
 * @param method in capitals
 * @param path below the database's {@code /route}, as sent but decoded; empty for that itself
 * @param query as sent, without the question mark, with characters of a URL only; empty if there is none
 * @param headers names in lower case
 * @param body not to be changed
 */
public record HandlerRequest(String method, String path, String query, List<HttpHeader> headers, byte[] body) {
    /** Copies the headers. */
    public HandlerRequest {
        headers = List.copyOf(headers);
    }
}
