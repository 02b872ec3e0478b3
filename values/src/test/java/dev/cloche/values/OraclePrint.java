package dev.cloche.values;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Writes the values for {@code databases/oracle/codec.mjs}; runs when it is named, as the suite {@code oracle} does, with
 * {@code -Doracle=FILE,COUNT,SEED}.
 */
class OraclePrint {
    @Test
    void writesTheValues() throws IOException {
        String[] wanted = System.getProperty("oracle", "target/codec.tsv,10,1").split(",");
        try (Writer out = Files.newBufferedWriter(Path.of(wanted[0]))) {
            new RandomValues(Long.parseLong(wanted[2])).write(Integer.parseInt(wanted[1]), out);
        }
    }
}
