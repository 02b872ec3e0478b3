package dev.cloche.databases;

import dev.cloche.databases.ReducerOutcome.Failure;
import dev.cloche.modules.HttpHeader;
import java.util.List;

/** What became of an HTTP request for the module. */
public sealed interface HandlerOutcome {
    /**
     * A handler answered.
     *
     * @param status from 200 to 599
     * @param headers as the module gave them, checked for their form only
     * @param body not to be changed
     * @param offset of the last transaction that went before; 0 for none
     */
    record Answered(int status, List<HttpHeader> headers, byte[] body, long offset) implements HandlerOutcome {
        /** Copies the headers. */
        public Answered {
            headers = List.copyOf(headers);
        }
    }

    /** The module has no route for the path. */
    record NoRoute() implements HandlerOutcome {}

    /** The module has routes for the path, but for these methods only. */
    record OtherMethod(List<String> allowed) implements HandlerOutcome {
        /** Copies the methods. */
        public OtherMethod {
            allowed = List.copyOf(allowed);
        }
    }

    /** The handler could not be run, broke, or gave no HTTP answer. */
    record Failed(Failure failure, String message) implements HandlerOutcome {}
}
