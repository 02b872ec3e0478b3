package dev.cloche.modules;

import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnReader;
import java.util.Arrays;

/** How a view ended. */
public sealed interface ViewEnd {
    /** It gave rows: BSATN of an array of its rows. */
    record Rows(byte[] array) implements ViewEnd {}

    /** It gave a query whose rows are meant. */
    record Sql(String text) implements ViewEnd {}

    /** It refused or broke. */
    record Failed(CallEnd end) implements ViewEnd {}

    /** Reads the answer with its header: a sum of rows, which follow, and SQL. */
    static ViewEnd ofHeader(byte[] answer) {
        try {
            BsatnReader reader = new BsatnReader(answer);
            return reader.readTag(2, "view result") == 0
                    ? new Rows(Arrays.copyOfRange(answer, reader.position(), answer.length))
                    : new Sql(reader.readString());
        } catch (BsatnException e) {
            return new Failed(new CallEnd.Broken(CallEnd.Cause.TRAP, "a view's answer cannot be read: " + e.getMessage()));
        }
    }
}
