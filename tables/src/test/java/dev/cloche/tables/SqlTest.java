package dev.cloche.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.schema.DatabaseSchema;
import dev.cloche.schema.TableSchema.Access;
import dev.cloche.schema.TableSchema.Algorithm;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Identity;
import dev.cloche.values.SpecialType;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlTest {
    private static final Identity ANN = Identity.ofHex("c2".repeat(32));
    private static final SqlCaller OWNER = new SqlCaller(Identity.ZERO, true);
    private static final SqlCaller GUEST = new SqlCaller(ANN, false);

    private static final DatabaseSchema SCHEMA =
            Schemas.database(
                    Schemas.table(4096, "person")
                            .column("id", Primitive.U32)
                            .column("name", Primitive.STRING)
                            .column("age", Primitive.U8)
                            .column("who", SpecialType.IDENTITY.type())
                            .column("born", SpecialType.TIMESTAMP.type())
                            .column("active", Primitive.BOOL)
                            .primaryKey(0)
                            .index(1, Algorithm.BTREE, 0)
                            .counted(0, 1, 1, 1000)
                            .make(),
                    Schemas.table(4097, "pet").column("keeper", Primitive.U32).column("kind", Primitive.STRING).make(),
                    Schemas.table(4098, "secret").column("a", Primitive.U32).access(Access.PRIVATE).make(),
                    Schemas.table(4099, "boom").column("at", Primitive.U32).event().make());

    private final Store store = new Store(SCHEMA);
    private final Subscriptions database = new Subscriptions(store, List.of(), Subscriptions.Views.NONE);

    private SqlStatement.Changed change(String text) {
        Transaction transaction = store.begin();
        SqlStatement.Changed changed = SqlStatement.compile(database, text, OWNER).change(transaction);
        transaction.commit();
        return changed;
    }

    private SqlStatement.Rows rows(String text) {
        return SqlStatement.compile(database, text, OWNER).rows();
    }

    private void fill() {
        change("INSERT INTO person VALUES (0, 'Ann', 30, 0x" + ANN.hex() + ", '1996-05-01T12:00:00Z', true),"
                + " (0, 'O''Brien', 41, 0x" + "0".repeat(64) + ", '1985-01-31', false), (0, 'Cleo', 7, 0x" + "1".repeat(64) + ", 0, true)");
        change("INSERT INTO pet (kind, keeper) VALUES ('cat', 1), ('dog', 1), ('eel', 2)");
    }

    @Test
    void rowsAreInsertedChangedAndDeleted() {
        fill();

        assertThat(store.rowCount(4096)).isEqualTo(3);
        assertThat(change("INSERT INTO pet VALUES (1, 'cat')")).isEqualTo(new SqlStatement.Changed(0, 0, 0));
        assertThat(change("UPDATE person SET age = 31, active = false WHERE name = 'Ann';")).isEqualTo(new SqlStatement.Changed(0, 0, 1));
        assertThat(change("DELETE FROM pet WHERE keeper = 1")).isEqualTo(new SqlStatement.Changed(0, 2, 0));
        assertThat(rows("SELECT * FROM person WHERE age = 31").rows().count()).isEqualTo(1);
        assertThat(rows("SELECT * FROM pet").rows().count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SELECT * FROM person | 3",
        "select person.* from person | 3",
        "SELECT * FROM \"person\" WHERE \"person\".\"name\" = 'O''Brien' | 1",
        "SELECT * FROM person p WHERE p.age > 7 AND p.age <= 41 | 2",
        "SELECT * FROM person WHERE 30 <= age | 2",
        "SELECT * FROM person WHERE age = 30 OR age = 7 AND active = true | 2",
        "SELECT * FROM person WHERE (age = 30 OR age = 7) AND active = false | 0",
        "SELECT * FROM person WHERE who = 0xC2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2C2 | 1",
        "SELECT * FROM person WHERE who <> :sender | 2",
        "SELECT * FROM person WHERE born < '1990-01-01T00:00:00+02:00' | 2",
        "SELECT * FROM person WHERE id >= 2 AND id < 3 | 1",
        "SELECT * FROM person WHERE id = 1e0 | 1",
        "SELECT * FROM person WHERE id <> 1 -- not the first | 2",
        "SELECT pet.* FROM pet JOIN person ON pet.keeper = person.id WHERE person.name = 'Ann' | 2",
        "SELECT name, kind AS animal FROM person JOIN pet ON keeper.id = person.id | -1",
        "SELECT name, kind AS animal FROM person INNER JOIN pet ON pet.keeper = person.id | 3",
        "SELECT a.kind FROM pet a JOIN pet b ON a.keeper = b.keeper JOIN person c ON c.id = b.keeper WHERE a.kind < b.kind | 1",
        "SELECT * FROM person LIMIT 2 | 2",
        "SELECT * FROM person LIMIT 0 | 0"})
    void selectsFindRows(String text, int expected) {
        fill();

        if (expected < 0) {
            assertThatThrownBy(() -> rows(text)).isInstanceOf(SqlException.class);
            return;
        }
        SqlCaller caller = text.contains(":sender") ? GUEST : OWNER;
        assertThat(SqlStatement.compile(database, text, caller).rows().rows().count()).isEqualTo(expected);
    }

    @Test
    void columnsAndCountsHaveTheirNames() {
        fill();

        SqlStatement.Rows names = rows("SELECT name, age AS years FROM person WHERE id = 3");
        SqlStatement.Rows count = rows("SELECT COUNT(*) AS n FROM person WHERE active = true");

        assertThat(names.type())
                .isEqualTo(new AlgebraicType.Product(List.of(
                        AlgebraicType.Element.of("name", Primitive.STRING), AlgebraicType.Element.of("years", Primitive.U8))));
        assertThat(names.rows().row(0)).isEqualTo(new BsatnWriter().writeString("Cleo").writeU8(7).toArray());
        assertThat(count.type().elements().getFirst().name()).contains("n");
        assertThat(new BsatnReader(count.rows().row(0)).readU64()).isEqualTo(2);
        assertThat(new BsatnReader(rows("SELECT count(*) AS n FROM person").rows().row(0)).readU64()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "SELECT * FROM nothing | no such table: `nothing`. If the table exists, it may be marked private.",
        "SELECT * FROM secret | no such table: `secret`. If the table exists, it may be marked private.",
        "SELECT COUNT(*) AS n FROM person | Column projections are not supported in subscriptions; Subscriptions must return a table type",
        "SELECT name FROM person | Column projections are not supported in subscriptions; Subscriptions must return a table type",
        "SELECT * FROM person LIMIT 3 | LIMIT is not supported in subscriptions",
        "SELECT * FROM person JOIN pet ON person.id = pet.keeper | SELECT * is not supported for joins; write `person.*`.",
        "SELECT pet.* FROM person JOIN pet ON person.id = pet.keeper | Subscriptions require indexes on join columns; `pet` has none on `keeper`",
        "SELECT * FROM person WHERE age = 300 | The literal expression `300` cannot be parsed as type `U8`",
        "SELECT * FROM person WHERE age = -1 | The literal expression `-1` cannot be parsed as type `U8`",
        "SELECT * FROM person WHERE name = 5 | The literal expression `5` cannot be parsed as type `String`",
        "SELECT * FROM person WHERE name = NULL | NULL is not a value here.",
        "SELECT * FROM person WHERE age = 1e999999999 | The literal expression `1e999999999` cannot be parsed as type `U8`",
        "SELECT * FROM person WHERE who = :me | The only parameter is :sender, not :me.",
        "SELECT * FROM person ORDER BY age | Unsupported: ORDER is not part of this SQL; sort, group and page on the client's side.",
        "DELETE FROM person | Only a SELECT can be subscribed to.",
        "SELECT * FROM person; SELECT * FROM pet | Multiple SQL statements are not supported"})
    void subscriptionsAreRefusedWithAReason(String text, String message) {
        assertThatThrownBy(() -> database.query(text, GUEST)).isInstanceOf(SqlException.class).hasMessage(message);
    }

    @Test
    void theEmptyTextHasAReasonOfItsOwn() {
        assertThatThrownBy(() -> database.query("", GUEST)).hasMessage("SubscriptionError: Empty string");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SELECT", "SELECT *", "SELECT * FROM", "SELECT * FROM person WHERE", "SELECT * FROM person WHERE age", "SELECT * FROM person WHERE age =",
        "SELECT * FROM person WHERE (age = 1", "SELECT * FROM person WHERE age == 1", "SELECT * FROM person, pet", "SELECT * FROM person WHERE 1 = 1",
        "SELECT DISTINCT name FROM person", "SELECT MAX(age) FROM person", "SELECT COUNT(*) FROM person", "SELECT * FROM 'person'",
        "SELECT * FROM person WHERE name = 'x", "SELECT * FROM person WHERE name LIKE 'x'", "SELECT * FROM person WHERE NOT active = true",
        "SELECT * FROM person WHERE age = 1x", "SELECT * FROM person WHERE age IS NULL", "SELECT * FROM person LEFT JOIN pet ON person.id = pet.keeper",
        "SELECT * FROM person p JOIN person p ON p.id = p.id", "SELECT x.* FROM person", "SELECT * FROM person WHERE born = 'soon'",
        "INSERT INTO person VALUES (1)", "INSERT INTO person (id, id) VALUES (1, 1)", "UPDATE person SET id = 1, id = 2", "UPDATE person SET nope = 1",
        "INSERT INTO pet (kind) VALUES ('cat')", "SET row_limit = 5", "\0", "SELECT * FROM person WHERE who = 0x", "SELECT * FROM person LIMIT -1"})
    void wrongStatementsAreRefused(String text) {
        assertThatThrownBy(() -> SqlStatement.compile(database, text, OWNER)).isInstanceOf(SqlException.class).message().isNotBlank();
    }

    @Test
    void othersThanTheOwnerChangeNothing() {
        assertThatThrownBy(() -> SqlStatement.compile(database, "DELETE FROM person", GUEST)).hasMessageContaining("not authorized");
        assertThatThrownBy(() -> SqlStatement.compile(database, "SELECT * FROM secret", GUEST)).hasMessageContaining("no such table: `secret`");
        assertThat(rows("SELECT * FROM secret").rows().count()).isZero();
    }

    @Test
    void aChangeThatBreaksARuleIsRefusedAndRolledBack() {
        fill();

        Transaction transaction = store.begin();
        SqlStatement update = SqlStatement.compile(database, "UPDATE person SET id = 9", OWNER);
        assertThatThrownBy(() -> update.change(transaction)).isInstanceOf(SqlException.class);
        transaction.rollback();

        assertThat(rows("SELECT * FROM person WHERE id <= 3").rows().count()).isEqualTo(3);
    }

    @Test
    void limitsHoldForLengthAndDepth() {
        String deep = "SELECT * FROM person WHERE " + "(".repeat(5000) + "age = 1" + ")".repeat(5000);
        String wide = "SELECT * FROM person WHERE age = 1" + " OR age = 1".repeat(4000);
        String longer = "SELECT * FROM person WHERE name = '" + "x".repeat(60_000) + "'";

        assertThatThrownBy(() -> rows(deep)).hasMessageContaining("nested");
        assertThat(rows(wide).rows().count()).isZero();
        assertThatThrownBy(() -> rows(longer)).hasMessageContaining("50000");
    }

    @Test
    void brokenTextNeverDoesMoreThanToBeRefused() {
        String[] words = {
            "SELECT", "*", "FROM", "person", "pet", "WHERE", "age", "=", "1", "'x'", "(", ")", "AND", "OR", "JOIN", "ON", ".", ",", "p", "0xab", ":sender",
            "LIMIT", "COUNT", "AS", "n", "\"", "'", "-", "INSERT", "INTO", "VALUES", "DELETE", "UPDATE", "SET", "<", ">", "true", ";", "\u0000", "é", "1.5"
        };
        Random random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "SELECT * FROM person WHERE " : "");
            int length = random.nextInt(12);
            for (int j = 0; j < length; j++) {
                text.append(words[random.nextInt(words.length)]).append(random.nextInt(5) == 0 ? "" : " ");
            }
            try {
                SqlStatement.compile(database, text.toString(), random.nextBoolean() ? OWNER : GUEST);
            } catch (SqlException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void theSameQueryIsCompiledOnce() {
        SqlCaller other = new SqlCaller(Identity.ofHex("d3".repeat(32)), false);
        String mine = "SELECT * FROM person WHERE who = :sender";

        assertThat(database.query("SELECT * FROM person", GUEST)).isSameAs(database.query("SELECT * FROM person", other));
        assertThat(database.query(mine, GUEST)).isSameAs(database.query(mine, GUEST)).isNotSameAs(database.query(mine, other));
    }

    @Test
    void eventsAreToldAndNotKept() {
        Query query = database.query("SELECT * FROM boom WHERE at > 3", GUEST);
        database.watch(query);

        Transaction transaction = store.begin();
        transaction.insert(4099, new BsatnWriter().writeU32(3).toArray());
        transaction.insert(4099, new BsatnWriter().writeU32(4).toArray());
        List<Query.Change> told = database.evaluate(transaction.commit());

        assertThat(query.event()).isTrue();
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().inserted().count()).isEqualTo(1);
        assertThat(query.rows().count()).isZero();
    }

    @Test
    void viewsAreTablesOfTheirCaller() {
        int mine = store.addView(Schemas.table(0, "mine").column("a", Primitive.U32).make());
        Subscriptions.Views views = (name, caller) -> name.equals("mine") ? OptionalInt.of(mine) : OptionalInt.empty();
        Subscriptions withViews = new Subscriptions(store, List.of(), views);
        Query query = withViews.query("SELECT * FROM mine WHERE a = 4", GUEST);
        withViews.watch(query);

        Transaction transaction = store.begin();
        transaction.insert(mine, new BsatnWriter().writeU32(4).toArray());
        Changes changes = transaction.commit();

        assertThat(withViews.evaluate(changes).getFirst().inserted().count()).isEqualTo(1);
        assertThat(changes.nothingToLog()).isTrue();
        assertThat(query.reads()).containsExactly(mine);
        assertThat(query.tableName()).isEqualTo("mine");
    }
}
