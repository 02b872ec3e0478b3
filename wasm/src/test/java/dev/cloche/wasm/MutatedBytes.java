package dev.cloche.wasm;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Bytes from outside that nobody meant: a module with a few changes, now and then noise. */
public final class MutatedBytes {
    private MutatedBytes() {}

    /** The same seed gives the same bytes. */
    public static byte[] of(List<byte[]> modules, long seed) {
        Random random = new Random(seed);
        if (random.nextInt(20) == 0) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] bytes = modules.get(random.nextInt(modules.size())).clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 8; changes--) {
            int at = 8 + random.nextInt(bytes.length - 8);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> bytes[at] = (byte) 0xff;
                default -> bytes[at]++;
            }
        }
        return bytes;
    }
}
