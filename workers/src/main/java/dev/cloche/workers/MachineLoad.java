package dev.cloche.workers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** How busy the machine is on which a place runs, with whatever. Any thread. */
public final class MachineLoad {
    private static final long LEAST = Duration.ofSeconds(1).toNanos();
    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private long at = System.nanoTime() - LEAST;
    private double last;

    /**
     * The share of its processors' time that was used since the last look, which is a second ago at least: 0 to 1. It is 0 at
     * the first look, and where the system does not say.
     */
    public synchronized double now() {
        long time = System.nanoTime();
        if (time - at >= LEAST) {
            at = time;
            // negative, or no number, if it is not known
            double load = SYSTEM.getCpuLoad();
            last = load > 0 ? Math.min(load, 1) : 0;
        }
        return last;
    }
}
