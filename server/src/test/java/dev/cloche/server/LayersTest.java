package dev.cloche.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayersTest {
    /** Each may stand on those before it, and on nothing after it. */
    private static final List<String> ORDER =
            List.of("kernel", "outbound", "values", "schema", "bindings", "tables", "wasm", "modules", "workers", "toolchains", "http", "node", "storage", "identity",
            "workspaces", "packages", "apps", "databases", "protocol", "coordinator", "cli", "server");

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.cloche");

    @Test
    void noArrowRunsUp() {
        for (int i = 0; i < ORDER.size() - 1; i++) {
            String[] later = ORDER.subList(i + 1, ORDER.size()).stream().map(LayersTest::in).toArray(String[]::new);

            noClasses().that().resideInAPackage(in(ORDER.get(i)))
                    .should().dependOnClassesThat().resideInAnyPackage(later)
                    .allowEmptyShould(true)
                    .check(OURS);
        }
    }

    @Test
    void everyRoomIsLookedAt() {
        assertThat(OURS.stream().map(one -> one.getPackageName().split("\\.")[2]).distinct()).containsExactlyInAnyOrderElementsOf(ORDER);
    }

    @Test
    void theCommandKnowsTheApiOnly() {
        noClasses().that().resideInAPackage(in("cli"))
                .should().dependOnClassesThat().resideInAnyPackage(in("storage"), in("http"), in("identity"), in("workspaces"), in("packages"), in("apps"), in("databases"), in("protocol"), in("coordinator"))
                .check(OURS);
    }

    @Test
    void onlyOneRoomKnowsEachLibrary() {
        // a node is a process of its own, with an HTTP and a command line of its own (decision 34); requests of user code go out below all servers (decision 26)
        only(List.of("http", "node", "outbound"), "io.vertx..");
        only("storage", "org.flywaydb..", "com.zaxxer..", "org.postgresql..", "org.apache.commons.compress..", "org.tukaani..");
        only("identity", "org.bouncycastle..");
        only("kernel", "org.tomlj..");
        only(List.of("cli", "node"), "picocli..");
        only("wasm", "run.endive..");
        only("protocol", "com.aayushatharva..");
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl|Common)$").check(OURS);
    }

    @Test
    void nothingStaticChanges() {
        classes().should(new ArchCondition<JavaClass>("have final static fields only") {
            @Override
            public void check(JavaClass one, ConditionEvents events) {
                for (JavaField field : one.getFields()) {
                    boolean changes = field.getModifiers().contains(JavaModifier.STATIC) && !field.getModifiers().contains(JavaModifier.FINAL)
                            && !field.getModifiers().contains(JavaModifier.SYNTHETIC);
                    events.add(new SimpleConditionEvent(field, !changes, field.getFullName()));
                }
            }
        }).check(OURS);
    }

    private static void only(String room, String... libraries) {
        only(List.of(room), libraries);
    }

    private static void only(List<String> rooms, String... libraries) {
        noClasses().that().resideOutsideOfPackages(rooms.stream().map(LayersTest::in).toArray(String[]::new)).should().dependOnClassesThat().resideInAnyPackage(libraries).check(OURS);
    }

    private static String in(String room) {
        return "dev.cloche." + room + "..";
    }
}
