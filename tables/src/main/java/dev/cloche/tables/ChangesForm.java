package dev.cloche.tables;

import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes as bytes, for logs and snapshots. Version 1: u8 version; u32 number of tables, each u32 identifier, inserted rows,
 * deleted rows; u32 number of sequences, each u32 table, u16 column, bytes of the next number (two's complement, most
 * significant first). Rows: u32 number, u32 size of each or 0 where they differ, then the sizes (u32 each) in that case, then
 * the rows. Rows of events and views are left out: they are not logged.
 */
public final class ChangesForm {
    private static final int VERSION = 1;

    private ChangesForm() {}

    /** The bytes of what is to be logged. */
    public static byte[] write(Changes changes) {
        BsatnWriter out = new BsatnWriter();
        out.writeU8(VERSION);
        List<Changes.TableChange> logged = changes.tables().stream().filter(Changes.TableChange::logged).toList();
        out.writeU32(logged.size());
        for (Changes.TableChange table : logged) {
            out.writeU32(table.table());
            write(out, table.inserted());
            write(out, table.deleted());
        }
        out.writeU32(changes.sequences().size());
        for (Changes.SequenceState sequence : changes.sequences()) {
            out.writeU32(sequence.table()).writeU16(sequence.column()).writeBytes(sequence.next().toByteArray());
        }
        return out.toArray();
    }

    /**
     * The changes in these bytes.
     *
     * @throws BsatnException if they are damaged, or of a version that is not known
     */
    public static Changes read(byte[] form) {
        BsatnReader in = new BsatnReader(form);
        int version = in.readU8();
        if (version != VERSION) {
            throw new IllegalArgumentException("Changes of version " + version + " cannot be read; this server knows version " + VERSION + ".");
        }
        int tables = in.readCount(4);
        List<Changes.TableChange> changed = new ArrayList<>(tables);
        for (int i = 0; i < tables; i++) {
            changed.add(new Changes.TableChange((int) in.readU32(), Changes.Kind.STORED, rows(in), rows(in)));
        }
        int sequences = in.readCount(4);
        List<Changes.SequenceState> states = new ArrayList<>(sequences);
        for (int i = 0; i < sequences; i++) {
            states.add(new Changes.SequenceState((int) in.readU32(), in.readU16(), new BigInteger(in.readBytes())));
        }
        in.end();
        return new Changes(changed, states);
    }

    private static void write(BsatnWriter out, RowList rows) {
        int fixed = rows.fixedSize();
        out.writeU32(rows.count()).writeU32(fixed);
        if (fixed == 0) {
            for (int row = 0; row < rows.count(); row++) {
                out.writeU32(rows.start(row + 1) - rows.start(row));
            }
        }
        out.writeRaw(rows.data(), 0, rows.size());
    }

    private static RowList rows(BsatnReader in) {
        int at = in.position();
        long count = in.readU32();
        long fixed = in.readU32();
        if (count * Math.max(fixed, 4) > in.remaining() && (fixed == 0 || count * fixed > in.remaining())) {
            throw new BsatnException(at, "there are not the bytes for " + count + " rows");
        }
        if (count == 0) {
            return RowList.EMPTY;
        }
        int[] ends = new int[(int) count + 1];
        for (int row = 0; row < count; row++) {
            long end = ends[row] + (fixed == 0 ? in.readU32() : fixed);
            if (end > in.limit()) {
                throw new BsatnException(in.position(), "a row is longer than the bytes that follow");
            }
            ends[row + 1] = (int) end;
        }
        return new RowList(in.readRaw(ends[(int) count]), ends, (int) count);
    }
}
