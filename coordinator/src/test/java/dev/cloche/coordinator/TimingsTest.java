package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.Digest;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimingsTest {
    private static final Timings.Kind KIND = new Timings.Kind("w", Digest.of(new byte[0]), "multiply", 7);
    private static final double MILLI = 1e6;

    private final Timings timings = new Timings();

    /** A place as far as choosing needs to know. */
    private record Somewhere(String id, PlaceKind kind, int slots, int busy) implements Place {
        static Somewhere idle(String id) {
            return new Somewhere(id, id.equals("local") ? PlaceKind.LOCAL : PlaceKind.NODE, 1, 0);
        }

        @Override
        public boolean takes(RegisteredWorker worker) {
            return true;
        }

        @Override
        public boolean prepare(RegisteredWorker worker) {
            return true;
        }

        @Override
        public Running start(PlacedCall call) {
            throw new IllegalStateException("nothing is started here");
        }
    }

    /** Makes calls that take so long at each place, give or take a fifth; returns the time of all in milliseconds. */
    private double run(int calls, Map<String, Double> millis, List<Place> places) {
        Random random = new Random(5);
        double all = 0;
        for (int k = 0; k < calls; k++) {
            Timings.Chosen chosen = timings.choose(KIND, places);
            double took = millis.get(chosen.place().id()) * (0.8 + 0.4 * random.nextDouble());
            // a try that is late is made at the best place, too
            double waited = chosen.isTry() ? Math.min(took, chosen.expected() / MILLI * 1.5 + chosen.expected() / MILLI) : took;
            timings.note(KIND, chosen.place().id(), (long) (took * MILLI), 1, chosen);
            all += waited;
        }
        return all;
    }

    @Test
    void allCallsTogetherTakeLittleLongerThanAtTheBestPlace() {
        List<Place> places = List.of(Somewhere.idle("local"), Somewhere.idle("node"), Somewhere.idle("tab"));
        for (Map<String, Double> millis : List.of(Map.of("local", 1.0, "node", 3.0, "tab", 50.0), Map.of("local", 3.0, "node", 1.0, "tab", 2.0), Map.of("local", 1.0, "node", 1.1, "tab", 0.9))) {
            timings.forget("local");
            timings.forget("node");
            timings.forget("tab");
            double best = millis.values().stream().min(Double::compare).orElseThrow();

            run(300, millis, places);

            assertThat(run(2000, millis, places)).as(millis.toString()).isLessThan(2000 * best * 1.05);
        }
    }

    @Test
    void aPlaceThatBecomesSlowIsLeft() {
        List<Place> places = List.of(Somewhere.idle("local"), Somewhere.idle("node"));
        run(200, Map.of("local", 1.0, "node", 3.0), places);

        run(100, Map.of("local", 9.0, "node", 3.0), places);

        assertThat(timings.choose(KIND, places).place().id()).isEqualTo("node");
    }

    @Test
    void whoIsIdleIsTakenWhereTheFasterOneHasCallsWaiting() {
        run(500, Map.of("local", 1.0, "node", 1.5), List.of(Somewhere.idle("local"), Somewhere.idle("node")));

        List<Place> busy = List.of(new Somewhere("local", PlaceKind.LOCAL, 1, 2), Somewhere.idle("node"));
        assertThat(timings.choose(KIND, busy).place().id()).isEqualTo("node");
        assertThat(timings.choose(KIND, List.of())).isNull();
    }

    @Test
    void quantilesAreRightWithinAFifth() {
        Timing timing = new Timing();
        for (int k = 1; k <= 1000; k++) {
            timing.add(k * 1000L);
        }

        assertThat(timing.quantile(0.95)).isBetween(0.7 * 950_000, 1.3 * 1_000_000);
        assertThat(timing.calls()).isEqualTo(1000);
    }
}
