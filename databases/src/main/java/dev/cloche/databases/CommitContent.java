package dev.cloche.databases;

import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import java.util.ArrayList;
import java.util.List;

/** Several transactions in one row of the log: for each its length (u32) and its changes. */
final class CommitContent {
    private CommitContent() {}

    static byte[] join(List<byte[]> transactions) {
        BsatnWriter out = new BsatnWriter();
        transactions.forEach(out::writeBytes);
        return out.toArray();
    }

    static List<byte[]> split(byte[] content) {
        BsatnReader in = new BsatnReader(content);
        List<byte[]> transactions = new ArrayList<>();
        while (in.remaining() > 0) {
            transactions.add(in.readBytes());
        }
        return transactions;
    }
}
