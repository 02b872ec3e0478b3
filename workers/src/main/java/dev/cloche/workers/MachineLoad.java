package dev.cloche.workers;

import java.lang.management.ManagementFactory;

/** How busy the machine is on which a place runs, with whatever. */
public final class MachineLoad {
    private MachineLoad() {}

    /** Threads that ran or wanted to in the last minute, for each processor: 0 to 1, and 0 where the system does not say. */
    public static double now() {
        double threads = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return Math.clamp(threads / Runtime.getRuntime().availableProcessors(), 0, 1);
    }
}
