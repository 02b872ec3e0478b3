package dev.cloche.databases;

import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Digest;
import dev.cloche.storage.Blobs;
import dev.cloche.storage.Database;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Bytes;
import dev.cloche.values.Identity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** What PostgreSQL keeps of live databases: their entries, names, modules, snapshots and logs. Calls block. */
final class DatabaseRows {
    private static final String ENTRY = """
            SELECT d.identity, d.project_id, d.owner, d.first_program, d.locked, d.created_at, d.updated_at,
                   ARRAY(SELECT n.name FROM live_database_name n WHERE n.identity = d.identity ORDER BY n.place) AS names
            FROM live_database d
            """;

    private final Database database;
    private final Blobs blobs = new Blobs();

    DatabaseRows(Database database) {
        this.database = database;
    }

    /**
     * A database to be written.
     *
     * @param snapshot the first content of its tables
     */
    record Written(Identity identity, NewDatabase wanted, Publication publication, List<byte[]> snapshot) {}

    /** An entry with what lists show besides. */
    record Listed(DatabaseEntry entry, Instant createdAt, Instant updatedAt) {}

    static byte[] bytes(Identity identity) {
        BsatnWriter out = new BsatnWriter();
        identity.write(out);
        return out.toArray();
    }

    Optional<DatabaseEntry> byName(String name) {
        return database.read(handle -> entry(handle.createQuery(ENTRY + "JOIN live_database_name m ON m.identity = d.identity WHERE m.name = :name").bind("name", name)));
    }

    Optional<DatabaseEntry> byIdentity(Identity identity) {
        return database.read(handle -> entry(handle.createQuery(ENTRY + "WHERE d.identity = :identity").bind("identity", bytes(identity))));
    }

    private static Optional<DatabaseEntry> entry(Query query) {
        return entries(query).stream().findFirst();
    }

    List<DatabaseEntry> madeBy(Identity owner) {
        return database.read(handle -> entries(handle.createQuery(ENTRY + "WHERE d.owner = :owner ORDER BY d.created_at DESC").bind("owner", bytes(owner))));
    }

    /** Those of these projects, newest first. */
    List<Listed> ofProjects(Collection<String> projects) {
        return projects.isEmpty() ? List.of() : database.read(handle -> handle.createQuery(ENTRY + "WHERE d.project_id IN (<projects>) ORDER BY d.created_at DESC, d.identity")
                .bindList("projects", projects).map((row, context) -> listed(row)).list());
    }

    /** One with what lists show. */
    Optional<Listed> listed(Identity identity) {
        return database.read(handle -> handle.createQuery(ENTRY + "WHERE d.identity = :identity").bind("identity", bytes(identity))
                .map((row, context) -> listed(row)).findOne());
    }

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(entry(row), row.getTimestamp("created_at").toInstant(), row.getTimestamp("updated_at").toInstant());
    }

    private static List<DatabaseEntry> entries(Query query) {
        return query.map((row, context) -> entry(row)).list();
    }

    private static DatabaseEntry entry(ResultSet row) throws SQLException {
        return new DatabaseEntry(
                Identity.read(new BsatnReader(row.getBytes("identity"))),
                List.of((String[]) row.getArray("names").getArray()).stream().map(DatabaseName::new).toList(),
                new ProjectId(row.getString("project_id")),
                Identity.read(new BsatnReader(row.getBytes("owner"))),
                Bytes.copyOf(row.getBytes("first_program")),
                row.getBoolean("locked"));
    }

    /** Writes a new database whole; false if somebody has the name already. */
    boolean create(Written one) {
        return database.write(handle -> {
            if (one.wanted().name().isPresent() && taken(handle, one.wanted().name().get().value())) {
                return false;
            }
            Digest program = blobs.put(handle, one.publication().program());
            handle.createUpdate("""
                            INSERT INTO live_database (identity, project_id, owner, first_program, program, wakes, created_at, updated_at)
                            VALUES (:identity, :project, :owner, :program, :program, :wakes, :now, :now)
                            """)
                    .bind("identity", bytes(one.identity()))
                    .bind("project", one.wanted().project().value())
                    .bind("owner", bytes(one.wanted().owner()))
                    .bind("program", program.bytes())
                    .bind("wakes", one.publication().wakes())
                    .bind("now", one.publication().at())
                    .execute();
            remember(handle, one.identity(), one.publication(), program);
            one.wanted().name().ifPresent(name -> name(handle, one.identity(), name.value(), 0));
            snapshot(handle, one.identity(), 0, one.snapshot());
            return true;
        });
    }

    private static boolean taken(Handle handle, String name) {
        handle.execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 7))", name);
        return handle.createQuery("SELECT count(*) FROM live_database_name WHERE name = :name").bind("name", name).mapTo(Integer.class).one() > 0;
    }

    private static void name(Handle handle, Identity identity, String name, int place) {
        handle.createUpdate("INSERT INTO live_database_name (name, identity, place) VALUES (:name, :identity, :place)")
                .bind("name", name).bind("identity", bytes(identity)).bind("place", place).execute();
    }

    /** Gives a database these names; those that others have, in which case nothing was changed. */
    List<DatabaseName> names(Identity identity, List<DatabaseName> names) {
        return database.write(handle -> {
            List<DatabaseName> others = names.stream().filter(name -> {
                handle.execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 7))", name.value());
                return handle.createQuery("SELECT count(*) FROM live_database_name WHERE name = :name AND identity <> :identity")
                        .bind("name", name.value()).bind("identity", bytes(identity)).mapTo(Integer.class).one() > 0;
            }).toList();
            if (others.isEmpty()) {
                handle.createUpdate("DELETE FROM live_database_name WHERE identity = :identity").bind("identity", bytes(identity)).execute();
                for (int place = 0; place < names.size(); place++) {
                    name(handle, identity, names.get(place).value(), place);
                }
            }
            return others;
        });
    }

    /** Puts another module and all rows as they are from transaction {@code at} on, which has a number of its own. */
    void replace(Identity identity, Publication publication, long at, List<byte[]> snapshot) {
        database.write(handle -> {
            program(handle, identity, publication);
            snapshot(handle, identity, at, snapshot);
            return null;
        });
    }

    /** Puts another module and other rows in the place of those that are there, as one more transaction. Nothing may be running. */
    void clear(Identity identity, Publication publication, List<byte[]> snapshot) {
        database.write(handle -> {
            long at = handle.createQuery("""
                            SELECT greatest(d.snapshot_at, (SELECT coalesce(max(c.last_at), 0) FROM live_commit c WHERE c.identity = d.identity)) + 1
                            FROM live_database d WHERE d.identity = :identity
                            """)
                    .bind("identity", bytes(identity)).mapTo(Long.class).one();
            program(handle, identity, publication);
            snapshot(handle, identity, at, snapshot);
            return null;
        });
    }

    private void program(Handle handle, Identity identity, Publication publication) {
        Digest digest = blobs.put(handle, publication.program());
        handle.createUpdate("UPDATE live_database SET program = :program, wakes = :wakes, updated_at = :now WHERE identity = :identity")
                .bind("program", digest.bytes())
                .bind("wakes", publication.wakes())
                .bind("now", publication.at())
                .bind("identity", bytes(identity))
                .execute();
        remember(handle, identity, publication, digest);
    }

    private static void remember(Handle handle, Identity identity, Publication publication, Digest program) {
        handle.createUpdate("""
                        INSERT INTO live_publish (identity, published_at, sender, program, kind, plan)
                        VALUES (:identity, :at, :sender, :program, :kind, :plan)
                        """)
                .bind("identity", bytes(identity))
                .bind("at", publication.at())
                .bind("sender", bytes(publication.sender()))
                .bind("program", program.bytes())
                .bind("kind", publication.kind().name().toLowerCase(Locale.ROOT))
                .bind("plan", publication.plan())
                .execute();
    }

    /** The last publications, newest first. */
    List<Publication.Past> publications(Identity identity, int most) {
        return database.read(handle -> handle.createQuery("""
                        SELECT published_at, sender, program, kind, plan FROM live_publish
                        WHERE identity = :identity ORDER BY number DESC LIMIT :most
                        """)
                .bind("identity", bytes(identity))
                .bind("most", most)
                .map((row, context) -> new Publication.Past(
                        row.getTimestamp("published_at").toInstant(),
                        Identity.read(new BsatnReader(row.getBytes("sender"))),
                        HexFormat.of().formatHex(row.getBytes("program")),
                        Publication.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        row.getString("plan")))
                .list());
    }

    boolean isAny() {
        return database.read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM live_database)").mapTo(Boolean.class).one());
    }

    /** Those that act by themselves. */
    List<Identity> waking() {
        return database.read(handle -> handle.createQuery("SELECT identity FROM live_database WHERE wakes ORDER BY created_at")
                .map((row, context) -> Identity.read(new BsatnReader(row.getBytes(1)))).list());
    }

    /**
     * Keeps a part of a snapshot; with the last one the database starts from it, unless a later one came meanwhile. What a broken-off snapshot leaves is never read, and goes with the next.
     */
    void keep(Identity identity, CommitLog.SnapshotPart part) {
        byte[] key = bytes(identity);
        database.write(handle -> {
            if (part.number() == 0) {
                handle.createUpdate("DELETE FROM live_snapshot s USING live_database d WHERE s.identity = :identity AND s.at = :at AND d.identity = s.identity AND d.snapshot_at < s.at")
                        .bind("identity", key).bind("at", part.at()).execute();
            }
            part(handle, key, part.at(), part.number(), part.content());
            if (!part.last()) {
                return null;
            }
            boolean isNewest = handle.createUpdate("UPDATE live_database SET snapshot_at = :at WHERE identity = :identity AND snapshot_at < :at")
                    .bind("at", part.at()).bind("identity", key).execute() > 0;
            if (isNewest) {
                state(handle, key, part.at());
                handle.createUpdate("""
                                DELETE FROM live_snapshot s WHERE identity = :identity AND at < :at
                                AND NOT EXISTS (SELECT 1 FROM live_state k WHERE k.identity = s.identity AND k.at = s.at)
                                """)
                        .bind("identity", key).bind("at", part.at()).execute();
            }
            return null;
        });
    }

    /** A snapshot is whole: from now on it is what the database starts from, and states before it belong to the history. */
    private static void state(Handle handle, byte[] key, long at) {
        handle.createUpdate("""
                        INSERT INTO live_state (identity, at, taken_at, program, bytes)
                        SELECT identity, :at, clock_timestamp(), program,
                               (SELECT coalesce(sum(length(content)), 0) FROM live_snapshot WHERE identity = :identity AND at = :at)
                        FROM live_database WHERE identity = :identity
                        """)
                .bind("identity", key).bind("at", at).execute();
    }

    private static void part(Handle handle, byte[] key, long at, int number, byte[] content) {
        handle.createUpdate("""
                        INSERT INTO live_snapshot (identity, at, part, content) VALUES (:identity, :at, :part, :content)
                        ON CONFLICT (identity, at, part) DO UPDATE SET content = excluded.content
                        """)
                .bind("identity", key).bind("at", at).bind("part", number).bind("content", content).execute();
    }

    private static void snapshot(Handle handle, Identity identity, long at, List<byte[]> parts) {
        byte[] key = bytes(identity);
        handle.createUpdate("DELETE FROM live_snapshot WHERE identity = :identity AND at = :at").bind("identity", key).bind("at", at).execute();
        for (int part = 0; part < parts.size(); part++) {
            part(handle, key, at, part, parts.get(part));
        }
        handle.createUpdate("UPDATE live_database SET snapshot_at = :at WHERE identity = :identity").bind("at", at).bind("identity", key).execute();
        state(handle, key, at);
    }

    /** The file of the module that the database runs. */
    Optional<byte[]> program(Identity identity) {
        return database.read(handle -> handle.createQuery("SELECT program FROM live_database WHERE identity = :identity")
                .bind("identity", bytes(identity))
                .map((row, context) -> row.getBytes(1))
                .findOne()
                .flatMap(digest -> blobs.get(handle, new Digest(HexFormat.of().formatHex(digest)))));
    }

    /** Gives the snapshot's parts, then each transaction after it, in order; the number of the last transaction. */
    long replay(Identity identity, Consumer<byte[]> changes) {
        return database.write(handle -> {
            long at = handle.createQuery("SELECT snapshot_at FROM live_database WHERE identity = :identity").bind("identity", bytes(identity)).mapTo(Long.class).one();
            return replay(handle, identity, at, Long.MAX_VALUE, changes);
        });
    }

    /** Gives the parts of the snapshot {@code at}, then each transaction after it up to a number, in order; the number of the last one. */
    static long replay(Handle handle, Identity identity, long at, long upTo, Consumer<byte[]> changes) {
        byte[] key = bytes(identity);
        try (var parts = handle.createQuery("SELECT content FROM live_snapshot WHERE identity = :identity AND at = :at ORDER BY part")
                .bind("identity", key).bind("at", at).setFetchSize(8).map((row, context) -> row.getBytes(1)).stream()) {
            parts.forEach(changes);
        }
        long[] last = {at};
        // the first row with later transactions may have earlier ones too
        try (var commits = handle.createQuery("""
                        SELECT first_at, last_at, content FROM live_commit
                        WHERE identity = :identity AND last_at > :at AND first_at <= :to
                        AND first_at >= (SELECT coalesce(max(first_at), 0) FROM live_commit WHERE identity = :identity AND first_at <= :at + 1)
                        ORDER BY first_at
                        """)
                .bind("identity", key).bind("at", at).bind("to", upTo).setFetchSize(8)
                .map((row, context) -> new Commit(row.getLong(1), row.getLong(2), row.getBytes(3))).stream()) {
            commits.forEach(commit -> {
                if (commit.first() > last[0] + 1) {
                    throw new IllegalStateException("database=" + identity + " transaction " + (last[0] + 1) + " is missing in the log");
                }
                // a snapshot may have been taken in the middle of what was written together
                CommitContent.split(commit.content()).stream().skip(last[0] + 1 - commit.first()).limit(upTo - last[0]).forEach(changes);
                last[0] = Math.min(upTo, commit.last());
            });
        }
        return last[0];
    }

    private record Commit(long first, long last, byte[] content) {}

    /** Bytes of the log after the snapshot. */
    long logSize(Identity identity) {
        return database.read(handle -> handle.createQuery("""
                        SELECT coalesce(sum(length(content)), 0) FROM live_commit
                        WHERE identity = :identity AND first_at > (SELECT snapshot_at FROM live_database WHERE identity = :identity)
                        """)
                .bind("identity", bytes(identity)).mapTo(Long.class).one());
    }

    void lock(Identity identity, boolean locked) {
        database.write(handle -> handle.createUpdate("UPDATE live_database SET locked = :locked WHERE identity = :identity")
                .bind("locked", locked).bind("identity", bytes(identity)).execute());
    }

    /** Deletes everything of it; the module's file stays until nothing refers to it. */
    void delete(Identity identity) {
        database.write(handle -> handle.createUpdate("DELETE FROM live_database WHERE identity = :identity").bind("identity", bytes(identity)).execute());
    }
}
