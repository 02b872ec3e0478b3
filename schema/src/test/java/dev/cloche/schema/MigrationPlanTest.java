package dev.cloche.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.schema.MigrationPlan.Kind;
import dev.cloche.schema.TableSchema.Algorithm;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.AlgebraicType.Variant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MigrationPlanTest {
    private static final Sum COLOR = new Sum(List.of(Variant.of("red", Product.UNIT), Variant.of("green", Product.UNIT)));

    private static Modules.Draft user(Modules modules) {
        return modules.table("user", "id", Primitive.U32, "name", Primitive.STRING, "color", COLOR).key(0);
    }

    private static MigrationPlan plan(Modules next) {
        ModuleSchema before = user(new Modules()).done().reducer("rename", "name", Primitive.STRING).schema();
        return MigrationPlan.of(before, next.after(before));
    }

    private static Modules next() {
        return new Modules().reducer("rename", "name", Primitive.STRING);
    }

    @Test
    void nothingChangesWithTheSameModule() {
        MigrationPlan plan = plan(user(next()).done());

        assertThat(plan.isEmpty()).isTrue();
        assertThat(plan.kind()).isEqualTo(Kind.AUTOMATIC);
        assertThat(plan.text()).isEqualTo("No change of tables.\n");
    }

    @Test
    void newTablesIndexesAndReducersAreAutomatic() {
        MigrationPlan plan = plan(user(next()).index(Algorithm.BTREE, 1).sequence(0).done().table("score", "points", Primitive.I64).done().reducer("more"));

        assertThat(plan.kind()).isEqualTo(Kind.AUTOMATIC);
        assertThat(plan.text()).isEqualTo("""
                Steps:
                  - add index user_name_idx_btree to user
                  - add sequence user_id_seq to user
                  - add table score
                """);
    }

    @Test
    void droppedTablesNeedForceAndBreakClients() {
        MigrationPlan plan = plan(next());

        assertThat(plan.kind()).isEqualTo(Kind.NEEDS_FORCE);
        assertThat(plan.losses()).containsExactly(new MigrationPlan.Loss(4096, "user", "table user goes with its rows"));
        assertThat(plan.text()).isEqualTo("""
                Loses data:
                  - table user goes with its rows
                Breaks clients:
                  - table user goes
                Steps:
                  - drop table user with its rows
                """);
    }

    @Test
    void columnsAtTheEndWithDefaultsBreakClients() {
        Modules good = next().table("user", "id", Primitive.U32, "name", Primitive.STRING, "color", COLOR, "age", Primitive.U8).key(0).withDefault(3, 7).done();
        Modules bad = next().table("user", "id", Primitive.U32, "name", Primitive.STRING, "color", COLOR, "age", Primitive.U8).key(0).done();

        assertThat(plan(good).kind()).isEqualTo(Kind.BREAKS_CLIENTS);
        assertThat(plan(good).text()).contains("add to table user the columns age");
        assertThat(plan(bad).refusals()).containsExactly("column user.age is new and needs a default value for the rows that exist");
    }

    @Test
    void whatCannotBeDoneIsRefusedWithItsReason() {
        Modules removed = next().table("user", "id", Primitive.U32, "name", Primitive.STRING).key(0).done();
        Modules moved = next().table("user", "id", Primitive.U32, "color", COLOR, "name", Primitive.STRING).key(0).done();
        Modules typed = next().table("user", "id", Primitive.U64, "name", Primitive.STRING, "color", COLOR).key(0).done();

        assertThat(plan(removed).refusals()).containsExactly("column user.color cannot be removed; keep it, or move the data to a new table");
        assertThat(plan(moved).refusals().getFirst()).startsWith("column user.name cannot be removed, renamed or moved (there is color in its place)");
        assertThat(plan(typed).refusals()).containsExactly("column user.id cannot change its type from U32 to U64; add a new column at the end");
        assertThat(plan(user(next()).unique(1).index(Algorithm.BTREE, 1).done()).refusals().getFirst()).startsWith("table user cannot get the unique constraint user_name_key");
        assertThat(plan(user(next()).event().done()).refusals().getFirst()).startsWith("table user cannot become an event table");
        assertThat(plan(removed).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void variantsMayBeAddedAtTheEndOnly() {
        Sum more = new Sum(List.of(Variant.of("red", Product.UNIT), Variant.of("green", Product.UNIT), Variant.of("blue", Primitive.U8)));
        Sum swapped = new Sum(List.of(Variant.of("green", Product.UNIT), Variant.of("red", Product.UNIT)));

        assertThat(plan(next().table("user", "id", Primitive.U32, "name", Primitive.STRING, "color", more).key(0).done()).kind()).isEqualTo(Kind.BREAKS_CLIENTS);
        assertThat(plan(next().table("user", "id", Primitive.U32, "name", Primitive.STRING, "color", swapped).key(0).done()).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void clientsBreakWithFunctionsAndAccess() {
        assertThat(plan(user(new Modules()).done()).breaks()).containsExactly("reducer rename goes");
        assertThat(plan(user(new Modules().reducer("rename", "name", Primitive.U8)).done()).breaks()).containsExactly("reducer rename takes other parameters");
        assertThat(plan(user(next()).hidden().done()).breaks()).containsExactly("table user becomes private");
    }
}
