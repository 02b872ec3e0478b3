package dev.cloche.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LifecycleTest {
    private final List<String> stopped = new CopyOnWriteArrayList<>();
    private final Lifecycle lifecycle = new Lifecycle();

    @Test
    void partsStopInTheReverseOrderAndOnce() {
        start("a");
        start("b");

        lifecycle.close();
        lifecycle.close();

        assertThat(stopped).containsExactly("b", "a");
    }

    @Test
    void aPartThatHangsOrFailsDoesNotKeepTheOthers() {
        start("a");
        lifecycle.start("hangs", Duration.ofMillis(20), () -> () -> new CountDownLatch(1).await());
        lifecycle.start("fails", Duration.ofSeconds(5), () -> () -> {
            throw new IllegalStateException("no");
        });

        lifecycle.close();

        assertThat(stopped).containsExactly("a");
    }

    @Test
    void aPartThatDoesNotStartLeavesTheEarlierOnesToBeStopped() {
        start("a");
        assertThatThrownBy(() -> lifecycle.start("b", Duration.ofSeconds(1), () -> {
            throw new IllegalStateException("no");
        })).hasMessage("no");

        lifecycle.close();

        assertThat(stopped).containsExactly("a");
    }

    private void start(String name) {
        lifecycle.start(name, Duration.ofSeconds(5), () -> () -> stopped.add(name));
    }
}
