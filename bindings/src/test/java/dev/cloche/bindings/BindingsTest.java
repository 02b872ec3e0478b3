package dev.cloche.bindings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.bindings.Bindings.Target;
import dev.cloche.schema.DefinitionJson;
import dev.cloche.schema.ModuleDefinition;
import org.junit.jupiter.api.Test;

/** What is written; that it compiles with the SDKs and runs is seen by the suite {@code oracle} and by {@code test_client.py}. */
class BindingsTest {
    private static final String UNIT = "{\"Product\":{\"elements\":[]}}";
    private static final ModuleDefinition MODULE = DefinitionJson.readTen("""
            {"sections":[
              {"Typespace":{"types":[
                {"Product":{"elements":[{"name":{"some":"id"},"algebraic_type":{"U32":[]}},{"name":{"some":"home_town"},"algebraic_type":{"String":[]}},
                  {"name":{"some":"tree"},"algebraic_type":{"Ref":1}},
                  {"name":{"some":"spot"},"algebraic_type":{"Product":{"elements":[{"name":{"some":"x"},"algebraic_type":{"F32":[]}}]}}}]}},
                {"Product":{"elements":[{"name":{"some":"kids"},"algebraic_type":{"Array":{"Ref":1}}}]}},
                {"Product":{"elements":[{"name":{"some":"text"},"algebraic_type":{"String":[]}}]}}]}},
              {"Types":[{"name":{"scope":[],"name":"Person"},"ty":0,"custom_ordering":true},{"name":{"scope":["my"],"name":"Promise"},"ty":1,"custom_ordering":true},
                {"name":{"scope":[],"name":"EventContext"},"ty":2,"custom_ordering":true}]},
              {"Tables":[
                {"source_name":"person","product_type_ref":0,"primary_key":[0],
                 "indexes":[{"source_name":{"some":"person_id_idx_btree"},"accessor_name":{"some":"id"},"algorithm":{"BTree":{"columns":[0]}}},
                   {"source_name":{"some":"person_home_town_idx_hash"},"accessor_name":{"some":"home_town"},"algorithm":{"Hash":{"columns":[1]}}}],
                 "constraints":[{"source_name":{"none":[]},"data":{"Unique":{"columns":[0]}}},{"source_name":{"none":[]},"data":{"Unique":{"columns":[1]}}}],
                 "sequences":[],"table_type":{"User":[]},"table_access":{"Public":[]},"default_values":[],"is_event":false},
                {"source_name":"has_happened","product_type_ref":2,"primary_key":[],"indexes":[],"constraints":[],"sequences":[],
                 "table_type":{"User":[]},"table_access":{"Public":[]},"default_values":[],"is_event":true},
                {"source_name":"secret","product_type_ref":2,"primary_key":[],"indexes":[],"constraints":[],"sequences":[],
                 "table_type":{"User":[]},"table_access":{"Private":[]},"default_values":[],"is_event":false}]},
              {"Reducers":[
                {"source_name":"add_person","params":{"elements":[{"name":{"some":"home_town"},"algebraic_type":{"String":[]}},{"name":{"some":"from"},"algebraic_type":{"I8":[]}}]},
                 "visibility":{"ClientCallable":[]},"ok_return_type":UNIT,"err_return_type":{"String":[]}},
                {"source_name":"hidden","params":{"elements":[]},"visibility":{"Private":[]},"ok_return_type":UNIT,"err_return_type":{"String":[]}}]},
              {"Procedures":[{"source_name":"all_people","params":{"elements":[]},"return_type":{"Array":{"Ref":0}},"visibility":{"ClientCallable":[]}}]},
              {"Views":[{"source_name":"me","index":0,"is_public":true,"is_anonymous":false,"params":{"elements":[]},"return_type":{"Array":{"Ref":0}}}]},
              {"CaseConversionPolicy":{"None":[]}}]}
            """.replace("UNIT", UNIT));

    @Test
    void typeScriptDeclaresTablesFunctionsAndTypes() {
        String text = Bindings.of(MODULE, Target.TYPESCRIPT_2);

        assertThat(text)
                .contains("export const Person = __t.object('Person', {\n  id: __t.u32(),\n  homeTown: __t.string(),\n  tree: MyPromise,\n  spot: PersonSpot,\n});")
                .contains("  get kids(): __TypeBuilder<any, any> { return __t.array(MyPromise); },")
                .contains("export const EventContext_ = __t.object(")
                .contains("  person: __table({\n    name: 'person',")
                .contains("{ accessor: 'homeTown', name: 'person_home_town_idx_hash', algorithm: 'btree', columns: ['homeTown'] }")
                .contains("    id: __t.u32().primaryKey(),\n    homeTown: __t.string().unique().name('home_town'),")
                .contains("  hasHappened: __table({\n    name: 'has_happened',\n    indexes: [\n    ],\n    constraints: [\n    ],\n    event: true,")
                .contains("  me: __table({\n    name: 'me',")
                .contains("__reducerSchema('add_person', { homeTown: __t.string(), from: __t.i8() })")
                .contains("__procedureSchema('all_people', {}, __t.array(Person))")
                .doesNotContain("secret").doesNotContain("hidden");
        assertThat(text.indexOf("const MyPromise")).isLessThan(text.indexOf("const Person "));
    }

    @Test
    void theFirstGenerationListsTablesAndHasNoEvents() {
        String text = Bindings.of(MODULE, Target.TYPESCRIPT_1);

        assertThat(text)
                .contains("__schema(\n  __table({\n    name: 'person',")
                .contains("{ name: 'homeTown', algorithm: 'btree', columns: ['homeTown'] }")
                .contains("cliVersion: '1.12.0'")
                .doesNotContain("has_happened");
    }

    @Test
    void whatNothingUsesIsNotImported() {
        ModuleDefinition empty = DefinitionJson.readTen("{\"sections\":[]}");

        assertThat(Bindings.of(MODULE, Target.TYPESCRIPT_2)).contains("type Infer as __Infer,").contains("type TypeBuilder as __TypeBuilder,");
        assertThat(Bindings.of(empty, Target.TYPESCRIPT_2)).doesNotContain("__Infer").doesNotContain("__TypeBuilder").doesNotContain("__t,");
    }

    @Test
    void pythonHasAClassForEachTypeAndAMethodForEachFunction() {
        String text = Bindings.of(MODULE, Target.PYTHON);

        assertThat(text)
                .contains("@dataclasses.dataclass\nclass Person:\n    id: int\n    home_town: str\n    tree: MyPromise\n    spot: PersonSpot\n")
                .contains("_MyPromise = _product(MyPromise, (\"kids\", \"kids\", _array(_later(lambda: _MyPromise))))")
                .contains("self.person: _Table[Person] = _Table(connection, \"person\", _Person)")
                .contains("self.me: _Table[Person] = _Table(connection, \"me\", _Person)")
                .contains("    def add_person(self, home_town: str, from_: int) -> None:\n        return self._call(\"add_person\", [(\"home_town\", _STRING), (\"from_\", _I8)], [home_town, from_])")
                .contains("    def all_people(self) -> list[Person]:\n        return self._call(\"all_people\", [], [], _array(_Person))")
                .contains("self.has_happened: _Events[").doesNotContain("secret").doesNotContain("hidden");
    }
}
