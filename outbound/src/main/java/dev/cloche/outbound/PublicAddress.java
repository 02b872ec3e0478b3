package dev.cloche.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** Which addresses lie in the public network, by the registries for special purposes (RFC 6890 and its successors). */
public final class PublicAddress {
    private static final List<Block> SPECIAL = List.of(
            v4(0, 0, 8), v4(10, 0, 8), v4(100, 64, 10), v4(127, 0, 8), v4(169, 254, 16), v4(172, 16, 12),
            new Block(new byte[] {(byte) 192, 0, 0, 0}, 24), new Block(new byte[] {(byte) 192, 0, 2, 0}, 24),
            new Block(new byte[] {(byte) 192, 88, 99, 0}, 24), v4(192, 168, 16), v4(198, 18, 15),
            new Block(new byte[] {(byte) 198, 51, 100, 0}, 24), new Block(new byte[] {(byte) 203, 0, 113, 0}, 24), v4(224, 0, 3),
            // of version 6 only 2000::/3 is handed out; in it: protocols and tunnels, documentation, 6to4
            v6(0x2001, 0x0000, 23), v6(0x2001, 0x0db8, 32), v6(0x2002, 0, 16), v6(0x3fff, 0, 20));

    private static final Block HANDED_OUT = v6(0x2000, 0, 3);

    private PublicAddress() {}

    private record Block(byte[] start, int bits) {
        boolean has(byte[] address) {
            if (address.length != start.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if ((address[bit >> 3] & mask) != (start[bit >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static Block v4(int first, int second, int bits) {
        return new Block(new byte[] {(byte) first, (byte) second, 0, 0}, bits);
    }

    private static Block v6(int first, int second, int bits) {
        byte[] start = new byte[16];
        start[0] = (byte) (first >> 8);
        start[1] = (byte) first;
        start[2] = (byte) (second >> 8);
        start[3] = (byte) second;
        return new Block(start, bits);
    }

    /** Whether this one does, and is not this machine's own. Whoever sends requests for user code asks before it connects. */
    public static boolean is(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean special = SPECIAL.stream().anyMatch(block -> block.has(bytes));
        boolean handedOut = address instanceof Inet4Address || HANDED_OUT.has(bytes);
        return handedOut && !special && !isOwn(address);
    }

    private static boolean isOwn(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            return true;
        }
    }
}
