package dev.cloche.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Ticket TICKET = new Ticket(7, "matrix", "ab", 2, "multiply_f64", 30_000, NOW.plus(Ticket.VALID).toEpochMilli());

    private final byte[] key = new byte[Ticket.KEY_BYTES];

    private static void refused(String text, byte[] key, Instant now, String rule) {
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> Ticket.read(text, key, now)).satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
            assertThat(problem.fields().getFirst().field()).isEqualTo("ticket");
            assertThat(problem.fields().getFirst().rule()).isEqualTo(rule);
        });
    }

    @Test
    void aTicketIsReadWithTheKeyThatSignedItUntilItsTimeIsOver() {
        assertThat(Ticket.read(TICKET.signed(key), key, NOW)).isEqualTo(TICKET);
        assertThat(Ticket.read(TICKET.signed(key), key, NOW.plus(Ticket.VALID))).isEqualTo(TICKET);
        refused(TICKET.signed(key), key, NOW.plus(Ticket.VALID).plusMillis(1), "expired");
    }

    @Test
    void oneThatIsForgedIsRefused() {
        byte[] other = key.clone();
        Arrays.fill(other, (byte) 1);
        refused(TICKET.signed(other), key, NOW, "signature");

        String[] parts = TICKET.signed(key).split("\\.", 2);
        Ticket longer = new Ticket(7, "matrix", "ab", 2, "multiply_f64", 30_000, TICKET.until() + 1);
        refused(longer.signed(other).split("\\.", 2)[0] + "." + parts[1], key, NOW, "signature");
        refused(parts[0] + ".", key, NOW, "signature");
        refused(parts[0] + "." + Base64.getUrlEncoder().encodeToString(new byte[32]), key, NOW, "signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "x.?", "?.x"})
    void whatIsNoTicketIsRefused(String text) {
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> Ticket.read(text, key, NOW)).satisfies(problem -> assertThat(problem.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
        refused("x".repeat(5000) + ".x", key, NOW, "form");
    }
}
