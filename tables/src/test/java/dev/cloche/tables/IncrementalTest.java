package dev.cloche.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.schema.DatabaseSchema;
import dev.cloche.schema.TableSchema.Access;
import dev.cloche.schema.TableSchema.Algorithm;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Bytes;
import dev.cloche.values.Identity;
import dev.cloche.values.SpecialType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What subscribers are told, added up, is what the query gives when it is asked anew, and what a plain search finds. */
final class IncrementalTest {
    private static final int PLAYERS = 4096;
    private static final int ITEMS = 4097;
    private static final int MEMBERS = 4098;
    private static final int LOOSE = 4099;

    private static final DatabaseSchema SCHEMA =
            Schemas.database(
                    Schemas.table(PLAYERS, "players")
                            .column("id", Primitive.U32)
                            .column("team", Primitive.I8)
                            .column("name", Primitive.STRING)
                            .column("score", Primitive.F64)
                            .primaryKey(0)
                            .index(1, Algorithm.BTREE, 0)
                            .index(2, Algorithm.BTREE, 1, 0)
                            .make(),
                    Schemas.table(ITEMS, "items")
                            .column("owner", Primitive.U32)
                            .column("kind", Primitive.I8)
                            .column("label", Primitive.STRING)
                            .index(3, Algorithm.BTREE, 0)
                            .index(4, Algorithm.HASH, 1)
                            .make(),
                    Schemas.table(MEMBERS, "members")
                            .column("who", SpecialType.IDENTITY.type())
                            .column("team", Primitive.I8)
                            .index(5, Algorithm.BTREE, 0)
                            .index(6, Algorithm.HASH, 1)
                            .access(Access.PRIVATE)
                            .make(),
                    Schemas.table(LOOSE, "loose").column("a", Primitive.I8).column("b", Primitive.I8).make());

    private static final List<String> FILTERS =
            List.of(
                    "SELECT items.* FROM items JOIN players ON items.owner = players.id JOIN members ON players.team = members.team"
                            + " WHERE members.who = :sender",
                    "SELECT * FROM items WHERE kind = 0",
                    "SELECT players.* FROM players JOIN members m ON players.team = m.team WHERE m.who = :sender");

    private static final SqlCaller OWNER = new SqlCaller(identity(0), true);

    private Random random = new Random(0);

    private static Identity identity(int number) {
        return new Identity(number, 7, 7, 7);
    }

    static List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= 200; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    private record Watch(Query query, Map<Bytes, Integer> held) {}

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void toldChangesAddUpToTheRowsOfTheQuery(long seed) {
        random = new Random(seed);
        Store store = new Store(SCHEMA);
        Subscriptions subscriptions = new Subscriptions(store, seed % 2 == 0 ? FILTERS : List.of(), Subscriptions.Views.NONE);
        Map<Query, Watch> watches = new LinkedHashMap<>();

        for (int round = 0; round < 30; round++) {
            if (round < 10) {
                watchOneMore(subscriptions, watches);
            }
            Transaction transaction = store.begin();
            int steps = random.nextInt(12);
            for (int step = 0; step < steps; step++) {
                change(transaction);
            }
            Changes changes = transaction.commit();
            for (Query.Change change : subscriptions.evaluate(changes)) {
                assertThat(change.inserted().count() + change.deleted().count()).isPositive();
                add(watches.get(change.query()).held, change.inserted(), 1);
                add(watches.get(change.query()).held, change.deleted(), -1);
            }
            for (Watch watch : watches.values()) {
                assertThat(watch.held).as(watch.query.text()).isEqualTo(counted(watch.query.rows()));
            }
            if (round == 20) {
                unwatchOne(subscriptions, watches);
            }
        }
    }

    private void watchOneMore(Subscriptions subscriptions, Map<Query, Watch> watches) {
        Query query = subscriptions.query(text(), random.nextInt(4) == 0 ? OWNER : new SqlCaller(identity(random.nextInt(3)), false));
        subscriptions.watch(query);
        watches.put(query, new Watch(query, counted(query.rows())));
    }

    private static void unwatchOne(Subscriptions subscriptions, Map<Query, Watch> watches) {
        Query query = watches.keySet().iterator().next();
        while (query.watchers(0) > 0) {
            subscriptions.unwatch(query);
        }
        watches.remove(query);
    }

    private static Map<Bytes, Integer> counted(RowList rows) {
        Map<Bytes, Integer> counts = new HashMap<>();
        add(counts, rows, 1);
        return counts;
    }

    private static void add(Map<Bytes, Integer> counts, RowList rows, int times) {
        for (int i = 0; i < rows.count(); i++) {
            counts.merge(Bytes.copyOf(rows.row(i)), times, (a, b) -> a + b == 0 ? null : a + b);
        }
    }

    private void change(Transaction transaction) {
        switch (random.nextInt(9)) {
            case 0, 1 ->
                transaction.deletePoint(1, new BsatnWriter().writeU32(random.nextInt(12)).toArray());
            case 2, 3 -> {
                int id = random.nextInt(12);
                transaction.deletePoint(1, new BsatnWriter().writeU32(id).toArray());
                transaction.insert(
                        PLAYERS,
                        new BsatnWriter().writeU32(id).writeU8(random.nextInt(4)).writeString("p" + random.nextInt(4)).writeF64(random.nextInt(5)).toArray());
            }
            case 4, 5 -> transaction.insert(ITEMS, item());
            case 6 -> transaction.delete(ITEMS, item());
            case 7 -> {
                byte[] member = new BsatnWriter().writeRaw(identity(random.nextInt(3)).toBytes()).writeU8(random.nextInt(4)).toArray();
                if (random.nextBoolean()) {
                    transaction.insert(MEMBERS, member);
                } else {
                    transaction.delete(MEMBERS, member);
                }
            }
            default -> transaction.insert(LOOSE, new BsatnWriter().writeU8(random.nextInt(4)).writeU8(random.nextInt(4)).toArray());
        }
    }

    private byte[] item() {
        return new BsatnWriter().writeU32(random.nextInt(12)).writeU8(random.nextInt(4)).writeString("i" + random.nextInt(2)).toArray();
    }

    private String text() {
        return switch (random.nextInt(9)) {
            case 0 -> "SELECT * FROM players" + where("players.team", "players.id");
            case 1 -> "SELECT * FROM \"items\"" + where("kind", "owner");
            case 2 -> "SELECT p.* FROM players p JOIN items i ON p.id = i.owner" + where("i.kind", "p.team");
            case 3 -> "SELECT i.* FROM players AS p JOIN items AS i ON i.owner = p.id" + where("p.team", "i.owner");
            case 4 -> "SELECT a.* FROM items a JOIN items b ON a.owner = b.owner" + where("b.kind", "a.kind");
            case 5 -> "SELECT * FROM players WHERE score >= 2.5 OR name = 'p1'";
            case 6 -> "SELECT * FROM loose WHERE a < b";
            case 7 -> "SELECT * FROM loose" + where("a", "b");
            default -> "SELECT items.* FROM items JOIN players ON items.owner = players.id WHERE items.kind <> players.team AND players.name > 'p1'";
        };
    }

    private String where(String one, String other) {
        String[] operators = {"=", "<>", "<", ">", "<=", ">=", "!="};
        String first = one + " " + operators[random.nextInt(7)] + " " + random.nextInt(4);
        String second = other + " " + operators[random.nextInt(7)] + " " + random.nextInt(12);
        return switch (random.nextInt(5)) {
            case 0 -> "";
            case 1 -> " WHERE " + first;
            case 2 -> " WHERE " + first + " AND " + second;
            case 3 -> " WHERE (" + first + ") OR " + second;
            default -> " WHERE " + one + " = " + random.nextInt(4);
        };
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void plansFindWhatComparingAllRowsFinds(long seed) {
        random = new Random(seed);
        Store indexed = new Store(SCHEMA);
        Store bare = new Store(withoutIndexes());
        for (int i = 0; i < 40; i++) {
            Transaction transaction = indexed.begin();
            change(transaction);
            Changes changes = transaction.commit();
            bare.replay(changes);
        }
        Subscriptions quick = new Subscriptions(indexed, FILTERS, Subscriptions.Views.NONE);
        Subscriptions slow = new Subscriptions(bare, FILTERS, Subscriptions.Views.NONE);

        for (int i = 0; i < 20; i++) {
            String text = text();
            SqlCaller caller = i % 2 == 0 ? OWNER : new SqlCaller(identity(i % 3), false);
            Map<Bytes, Integer> found = counted(SqlStatement.compile(quick, text, caller).rows().rows());
            assertThat(found).as(text).isEqualTo(counted(SqlStatement.compile(slow, text, caller).rows().rows()));
            if (caller.owner()) {
                assertThat(counted(quick.query(text, caller).rows())).as(text).isEqualTo(found);
            }
        }
    }

    private static DatabaseSchema withoutIndexes() {
        return new DatabaseSchema(
                SCHEMA.typespace(),
                SCHEMA.tables().stream()
                        .map(table -> {
                            Schemas bare = Schemas.table(table.id(), table.name()).access(table.access());
                            table.columns().forEach(column -> bare.column(column.name(), column.type()));
                            return bare.make();
                        })
                        .toList());
    }
}
