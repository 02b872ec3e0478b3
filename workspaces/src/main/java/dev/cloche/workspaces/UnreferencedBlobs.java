package dev.cloche.workspaces;

import dev.cloche.storage.Database;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Removes contents that nothing refers to any more.
 *
 * <p>What refers to contents is what the schema says: every foreign key on {@code blob}, read from the catalogue, so a table
 * that a later module adds counts by itself. Each such column needs an index. Rows are locked first and looked at again in a
 * second statement: whoever refers to content holds a lock on its row ({@code FOR KEY SHARE}, which the foreign key and
 * {@link FileStore} take), so content that gains a reference meanwhile is skipped or seen.
 */
final class UnreferencedBlobs {
    private static final int AT_ONCE = 500;

    private final Database database;

    UnreferencedBlobs(Database database) {
        this.database = database;
    }

    /** Removes all of them, in small transactions; returns how many. */
    int sweep() {
        String unreferenced = database.read(UnreferencedBlobs::condition);
        int removed = 0;
        for (int round = AT_ONCE; round == AT_ONCE; removed += round) {
            round = database.write(handle -> sweepSome(handle, unreferenced));
        }
        return removed;
    }

    private static int sweepSome(Handle handle, String unreferenced) {
        List<byte[]> candidates = handle.createQuery(
                        "SELECT digest FROM blob b WHERE " + unreferenced + " LIMIT " + AT_ONCE + " FOR UPDATE SKIP LOCKED")
                .mapTo(byte[].class)
                .list();
        if (candidates.isEmpty()) {
            return 0;
        }
        handle.createUpdate("DELETE FROM blob b WHERE digest IN (<digests>) AND " + unreferenced)
                .bindList("digests", candidates)
                .execute();
        return candidates.size();
    }

    private static String condition(Handle handle) {
        List<String> references = handle.createQuery("""
                        SELECT format('NOT EXISTS (SELECT 1 FROM %s r WHERE r.%I = b.digest)', c.conrelid::regclass, a.attname)
                        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                        WHERE c.contype = 'f' AND c.confrelid = 'blob'::regclass
                        ORDER BY 1
                        """)
                .mapTo(String.class)
                .list();
        if (references.isEmpty()) {
            throw new IllegalStateException("no foreign key on blob: the schema is not the expected one");
        }
        return references.stream().collect(Collectors.joining(" AND "));
    }
}
