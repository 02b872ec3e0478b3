package dev.cloche.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.values.BsatnException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions that modules really emitted: the chat in Python and in Rust. */
class ModuleDefinitionTest {
    @ParameterizedTest
    @ValueSource(strings = {"chat-python.bin", "chat-rust.bin", "kitchen-rust.bin"})
    void aDefinitionIsTheSameAfterWritingAndReading(String name) throws IOException {
        ModuleDefinition module = ModuleDefinition.decode(resource(name));

        assertThat(ModuleDefinition.decode(module.encode())).isEqualTo(module);
        assertThat(DefinitionJson.ten(module)).startsWith("{\"sections\":[{\"Typespace\":{\"types\":[");
    }

    @Test
    void theChatInPythonIsResolved() throws IOException {
        ModuleSchema schema = SchemaResolver.resolve(ModuleDefinition.decode(resource("chat-python.bin")), Optional.empty());
        TableSchema user = schema.database().table("user").orElseThrow();

        assertThat(schema.database().tables()).extracting(TableSchema::id).containsExactly(4096, 4097);
        assertThat(user.columns()).extracting(TableSchema.Column::name).containsExactly("identity", "name", "online");
        assertThat(user.primaryKey()).hasValue(0);
        assertThat(user.indexes()).containsExactly(new TableSchema.Index(4096, "user_identity_idx_btree", List.of(), TableSchema.Algorithm.BTREE, List.of(0)));
        assertThat(user.uniques()).containsExactly(new TableSchema.Unique("user_identity_key", List.of(0)));
        assertThat(schema.reducer("send_message").orElseThrow().id()).isZero();
        assertThat(schema.reducer(ModuleSchema.Lifecycle.INIT).orElseThrow().callable()).isFalse();
    }

    @Test
    void bothChatsHaveTheSameTables() throws IOException {
        DatabaseSchema python = SchemaResolver.resolve(ModuleDefinition.decode(resource("chat-python.bin")), Optional.empty()).database();
        DatabaseSchema rust = SchemaResolver.resolve(ModuleDefinition.decode(resource("chat-rust.bin")), Optional.empty()).database();

        for (TableSchema table : python.tables()) {
            TableSchema same = rust.table(table.name()).orElseThrow();
            assertThat(same.columns()).isEqualTo(table.columns());
            assertThat(same.indexes()).extracting(TableSchema.Index::name).isEqualTo(table.indexes().stream().map(TableSchema.Index::name).toList());
            assertThat(same.uniques()).isEqualTo(table.uniques());
        }
    }

    @Test
    void theKitchenInRustHasCanonicalNamesAndEverySection() throws IOException {
        ModuleDefinition module = ModuleDefinition.decode(resource("kitchen-rust.bin"));
        ModuleSchema schema = SchemaResolver.resolve(module, Optional.empty());
        TableSchema person = schema.database().table("person_2").orElseThrow();

        assertThat(person.sourceName()).isEqualTo("person2");
        assertThat(person.columns()).extracting(TableSchema.Column::name)
                .containsExactly("person_2_id", "user_name", "level", "person_age", "a_u_256", "colors", "blob", "late", "maybe");
        assertThat(person.indexes()).extracting(TableSchema.Index::name)
                .contains("person_2_person_2_id_idx_btree", "person_2_user_name_idx_btree", "person_2_level_person_age_idx_btree");
        assertThat(person.indexes()).extracting(TableSchema.Index::aliases).contains(List.of("person2_Person2Id_idx_btree"));
        assertThat(person.columns().get(7).defaultValue()).hasToString("Optional[07000000]");
        assertThat(person.columns().get(8).defaultValue()).hasToString("Optional[01]");
        assertThat(person.sequences()).extracting(TableSchema.Sequence::name).containsExactly("person_2_person_2_id_seq");
        assertThat(schema.database().table("beep").orElseThrow().event()).isTrue();
        assertThat(schema.database().table("secret").orElseThrow().access()).isEqualTo(TableSchema.Access.PRIVATE);
        assertThat(schema.database().table("alarm").orElseThrow().schedule()).contains(new TableSchema.Schedule("alarm_sched", 1, "ring"));
        assertThat(schema.reducer("count_up_8").orElseThrow().parameters().elements().getFirst().name()).contains("how_many");
        assertThat(schema.reducer(ModuleSchema.Lifecycle.CONNECTED).orElseThrow().name()).isEqualTo("on_connect");
        assertThat(schema.procedure("sum_it")).isPresent();
        assertThat(schema.views()).extracting(ModuleSchema.View::name).containsExactlyInAnyOrder("adults", "my_secret");
        assertThat(schema.views()).extracting(ModuleSchema.View::id).containsOnly(0);
        assertThat(DefinitionJson.nine(module)).contains("\"ColumnDefaultValue\":{\"table\":\"person_2\",\"col_id\":7,\"value\":\"07000000\"}")
                .contains("\"Procedure\":{\"name\":\"sum_it\"").contains("\"View\":{\"name\":\"adults\",\"index\":0").contains("\"some\":\"green\"")
                .contains("\"schedule\":{\"some\":{\"name\":{\"some\":\"alarm_sched\"},\"reducer_name\":\"ring\"");
    }

    @ParameterizedTest
    @CsvSource({
        "a_i8,a_i_8", "a_u256,a_u_256", "counter8,counter_8", "count_up8,count_up_8", "Green,green", "onConnect,on_connect", "userId,user_id",
        "HTTPServer,http_server", "person2_Person2Id,person_2_person_2_id", "Level2Person,level_2_person", "_private,private", "already_fine,already_fine", "x,x",
        "XY,xy", "aB,a_b", "_,_"
    })
    void namesBecomeSnakeCase(String source, String canonical) {
        assertThat(CanonicalNames.snakeCase(source)).isEqualTo(canonical);
    }

    @Test
    void brokenBytesAreRefusedWithTheirPlace() throws IOException {
        byte[] good = resource("kitchen-rust.bin");
        Random random = new Random(42);

        for (int round = 0; round < 4_000; round++) {
            byte[] bad = good.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                ModuleDefinition module = ModuleDefinition.decode(bad);
                assertThat(ModuleDefinition.decode(module.encode())).isEqualTo(module);
                SchemaResolver.resolve(module, Optional.empty());
            } catch (BsatnException | dev.cloche.kernel.Problem expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
        assertThatThrownBy(() -> ModuleDefinition.decode(new byte[] {0})).hasMessageContaining("version 8 is not supported");
        assertThatThrownBy(() -> ModuleDefinition.decode(new byte[] {9})).hasMessage("byte 0: unknown tag 0x9 for sum type RawModuleDef");
        assertThatThrownBy(() -> ModuleDefinition.decode(new byte[] {2, 1, 0, 0, 0, 99, 0})).hasMessageContaining("byte 5 (sections[0]): unknown tag 0x63");
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in = ModuleDefinitionTest.class.getResourceAsStream(name)) {
            return java.util.Objects.requireNonNull(in).readAllBytes();
        }
    }
}
