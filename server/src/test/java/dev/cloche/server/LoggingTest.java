package dev.cloche.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LoggingTest {
    @Test
    void anEventIsOneLineWhateverItCarries() {
        LogRecord record = new LogRecord(Level.WARNING, "event=x name={0}");
        record.setParameters(new Object[] {"a\nlevel=error event=forged"});
        record.setLoggerName("l");
        record.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));

        assertThat(new Logging.Line().format(record))
                .isEqualTo("time=2026-01-02T03:04:05.678Z level=warning logger=l event=x name=a\\nlevel=error event=forged\n");
    }

    @Test
    void anExceptionFollowsItsLine() {
        LogRecord record = new LogRecord(Level.SEVERE, "event=y");
        record.setThrown(new IllegalStateException("why"));

        assertThat(new Logging.Line().format(record)).contains(" level=error ").contains("event=y\njava.lang.IllegalStateException: why\n\tat ");
    }
}
