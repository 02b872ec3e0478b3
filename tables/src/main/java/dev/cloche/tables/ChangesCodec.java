package dev.cloche.tables;

import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The form of {@link Changes} in the log: a version, the tables (identifier, inserted rows, deleted rows), the sequences. Rows
 * are their number, each one's length unless they have one in common, and their bytes.
 */
final class ChangesCodec {
    private static final int VERSION = 1;

    private ChangesCodec() {}

    static byte[] encode(Changes changes) {
        BsatnWriter writer = new BsatnWriter();
        writer.writeU8(VERSION);
        List<Changes.TableChange> logged = changes.tables().stream().filter(Changes.TableChange::logged).toList();
        writer.writeU32(logged.size());
        for (Changes.TableChange change : logged) {
            writer.writeU32(change.table());
            write(writer, change.inserted());
            write(writer, change.deleted());
        }
        writer.writeU32(changes.sequences().size());
        for (Changes.SequenceState state : changes.sequences()) {
            writer.writeU32(state.table()).writeU16(state.column()).writeInteger(Primitive.I256, signed(state.next()));
        }
        return writer.toArray();
    }

    /** Sequences of U256 reach above I256; the bits are the same. */
    private static BigInteger signed(BigInteger value) {
        return value.bitLength() > 255 && value.signum() > 0 ? value.subtract(BigInteger.ONE.shiftLeft(256)) : value;
    }

    private static void write(BsatnWriter writer, RowList rows) {
        writer.writeU32(rows.count()).writeU16(rows.fixedSize());
        if (rows.fixedSize() == 0) {
            for (int i = 0; i < rows.count(); i++) {
                writer.writeU32(rows.end(i) - rows.start(i));
            }
        }
        writer.writeRaw(rows.data(), 0, rows.size());
    }

    static Changes decode(byte[] bytes) {
        BsatnReader reader = new BsatnReader(bytes);
        int version = reader.readU8();
        if (version != VERSION) {
            throw new StoreException(StoreException.Reason.BSATN, "Logged changes have version " + version + "; this program reads " + VERSION + ".");
        }
        List<Changes.TableChange> tables = new ArrayList<>();
        int count = reader.readCount(16);
        for (int i = 0; i < count; i++) {
            int table = (int) reader.readU32();
            RowList inserted = read(reader);
            tables.add(new Changes.TableChange(table, Changes.Kind.STORED, inserted, read(reader)));
        }
        List<Changes.SequenceState> sequences = new ArrayList<>();
        int states = reader.readCount(38);
        for (int i = 0; i < states; i++) {
            sequences.add(new Changes.SequenceState((int) reader.readU32(), reader.readU16(), reader.readInteger(Primitive.I256)));
        }
        reader.end();
        return new Changes(tables, sequences);
    }

    private static RowList read(BsatnReader reader) {
        long count = reader.readU32();
        int fixed = reader.readU16();
        if (count == 0) {
            return RowList.EMPTY;
        }
        if (count * Math.max(fixed, 4) > reader.remaining()) {
            throw new StoreException(StoreException.Reason.BSATN, "Logged changes promise " + count + " rows, for which the bytes do not suffice.");
        }
        int[] ends = new int[(int) count + 1];
        for (int i = 0; i < count; i++) {
            long end = ends[i] + (fixed > 0 ? fixed : reader.readU32());
            if (end > reader.limit()) {
                throw new StoreException(StoreException.Reason.BSATN, "Logged changes have a row that is longer than they are.");
            }
            ends[i + 1] = (int) end;
        }
        return new RowList(reader.readRaw(ends[(int) count]), ends, (int) count);
    }
}
