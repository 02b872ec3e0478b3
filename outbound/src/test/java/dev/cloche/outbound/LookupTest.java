package dev.cloche.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LookupTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static Lookup to(String... addresses) {
        return new Lookup(host -> {
            InetAddress[] found = new InetAddress[addresses.length];
            for (int i = 0; i < addresses.length; i++) {
                found[i] = InetAddress.getByName(addresses[i]);
            }
            return found;
        });
    }

    @Test
    void aNameIsRefusedOfWhichOneAddressIsNotPublic() throws IOException {
        assertThat(to("9.9.9.9").address("api.test", true, LONG, () -> false)).isEqualTo(InetAddress.getByName("9.9.9.9"));
        assertThat(to("127.0.0.1").address("api.test", false, LONG, () -> false)).isEqualTo(InetAddress.getByName("127.0.0.1"));
        assertThatThrownBy(() -> to("9.9.9.9", "169.254.169.254").address("api.test", true, LONG, () -> false)).isInstanceOf(IOException.class).hasMessage("api.test is not in the public network");
    }

    @Test
    void addressesStandForThemselves() throws IOException {
        assertThat(new Lookup().address("[::1]", false, LONG, () -> false)).isEqualTo(InetAddress.getByName("::1"));
        assertThatThrownBy(() -> new Lookup().address("[::1]", true, LONG, () -> false)).hasMessage("[::1] is not in the public network");
        assertThatThrownBy(() -> new Lookup().address("127.0.0.1", true, LONG, () -> false)).hasMessage("127.0.0.1 is not in the public network");
    }

    @Test
    void aNameWithoutAnAddressIsSaidAlsoByOneThatTakesItsTime() {
        CountDownLatch never = new CountDownLatch(1);
        Lookup slow = new Lookup(host -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[0];
        });
        Lookup none = new Lookup(host -> {
            throw new UnknownHostException(host);
        });

        assertThatThrownBy(() -> to().address("api.test", true, LONG, () -> false)).hasMessage("there is no address for api.test");
        assertThatThrownBy(() -> none.address("api.test", true, LONG, () -> false)).hasMessage("there is no address for api.test");
        assertThatThrownBy(() -> slow.address("api.test", true, Duration.ofMillis(2), () -> false)).hasMessage("there is no address for api.test");
        assertThatThrownBy(() -> slow.address("api.test", true, LONG, () -> true)).hasMessage("the call is to end");
        never.countDown();
    }
}
