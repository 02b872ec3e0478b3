package dev.cloche.values;

import java.util.Arrays;

/** The hash function BLAKE3 without key, 32 bytes long (specification of 2020-01-09, sections 2.1 to 2.6). */
public final class Blake3 {
    private static final int[] START = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };
    private static final int[] PERMUTATION = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};
    private static final int BLOCK = 64;
    private static final int CHUNK = 1024;
    private static final int CHUNK_START = 1;
    private static final int CHUNK_END = 2;
    private static final int PARENT = 4;
    private static final int ROOT = 8;

    private Blake3() {}

    /** The 32 bytes of the hash. */
    public static byte[] hash(byte[] input) {
        return bytes(tree(input, 0, input.length, 0, ROOT));
    }

    /** The left side of a tree is the largest power of two of whole chunks that leaves something for the right. */
    private static int[] tree(byte[] input, int from, int to, long counter, int root) {
        int length = to - from;
        if (length <= CHUNK) {
            return chunk(input, from, to, counter, root);
        }
        int left = CHUNK * Integer.highestOneBit((length - 1) / CHUNK);
        int[] words = new int[16];
        System.arraycopy(tree(input, from, from + left, counter, 0), 0, words, 0, 8);
        System.arraycopy(tree(input, from + left, to, counter + left / CHUNK, 0), 0, words, 8, 8);
        return compress(START, words, 0, BLOCK, PARENT | root);
    }

    private static int[] chunk(byte[] input, int from, int to, long counter, int root) {
        int[] chain = START;
        int at = from;
        int flags = CHUNK_START;
        while (to - at > BLOCK) {
            chain = compress(chain, words(input, at, BLOCK), counter, BLOCK, flags);
            flags = 0;
            at += BLOCK;
        }
        return compress(chain, words(input, at, to - at), counter, to - at, flags | CHUNK_END | root);
    }

    private static int[] words(byte[] input, int at, int length) {
        byte[] block = Arrays.copyOf(Arrays.copyOfRange(input, at, at + length), BLOCK);
        int[] words = new int[16];
        for (int i = 0; i < 16; i++) {
            words[i] = LittleEndian.getInt(block, 4 * i);
        }
        return words;
    }

    private static int[] compress(int[] chain, int[] block, long counter, int length, int flags) {
        int[] state = Arrays.copyOf(chain, 16);
        System.arraycopy(START, 0, state, 8, 4);
        state[12] = (int) counter;
        state[13] = (int) (counter >>> 32);
        state[14] = length;
        state[15] = flags;
        int[] words = block;
        for (int round = 0; round < 7; round++) {
            mixAll(state, words);
            words = permute(words);
        }
        int[] result = new int[8];
        for (int i = 0; i < 8; i++) {
            result[i] = state[i] ^ state[i + 8];
        }
        return result;
    }

    private static void mixAll(int[] state, int[] words) {
        for (int i = 0; i < 4; i++) {
            mix(state, new int[] {i, 4 + i, 8 + i, 12 + i}, words[2 * i], words[2 * i + 1]);
        }
        for (int i = 0; i < 4; i++) {
            mix(state, new int[] {i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4}, words[8 + 2 * i], words[9 + 2 * i]);
        }
    }

    private static void mix(int[] state, int[] at, int x, int y) {
        half(state, at, x, new int[] {16, 12});
        half(state, at, y, new int[] {8, 7});
    }

    private static void half(int[] state, int[] at, int word, int[] turns) {
        state[at[0]] += state[at[1]] + word;
        state[at[3]] = Integer.rotateRight(state[at[3]] ^ state[at[0]], turns[0]);
        state[at[2]] += state[at[3]];
        state[at[1]] = Integer.rotateRight(state[at[1]] ^ state[at[2]], turns[1]);
    }

    private static int[] permute(int[] words) {
        int[] permuted = new int[16];
        for (int i = 0; i < 16; i++) {
            permuted[i] = words[PERMUTATION[i]];
        }
        return permuted;
    }

    private static byte[] bytes(int[] words) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 8; i++) {
            LittleEndian.putInt(bytes, 4 * i, words[i]);
        }
        return bytes;
    }
}
