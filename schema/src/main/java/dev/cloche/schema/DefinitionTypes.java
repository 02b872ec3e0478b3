package dev.cloche.schema;

import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Array;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Ref;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.AlgebraicType.Variant;
import dev.cloche.values.Layout;
import dev.cloche.values.MetaTypes;
import dev.cloche.values.SpecialType;
import dev.cloche.values.Typespace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The types of definitions themselves, for checking their bytes and writing them as JSON (facts, specification D). */
final class DefinitionTypes {
    /** HTTP methods by tag; a further tag holds any other as text. */
    static final List<String> METHODS = List.of("Get", "Head", "Post", "Put", "Delete", "Connect", "Options", "Trace", "Patch");

    private static final AlgebraicType TEXT = Primitive.STRING;
    private static final AlgebraicType NAME = SpecialType.option(TEXT);
    private static final AlgebraicType COLUMN = Primitive.U16;
    private static final AlgebraicType COLUMNS = new Array(COLUMN);
    private static final AlgebraicType BYTES = new Array(Primitive.U8);
    private static final AlgebraicType TYPE = MetaTypes.TYPE;
    private static final AlgebraicType PARAMETERS = MetaTypes.PRODUCT;
    private static final Sum LIFECYCLE = units("Init", "OnConnect", "OnDisconnect");
    private static final Sum TABLE_TYPE = units("System", "User");
    private static final Sum ACCESS = units("Public", "Private");
    private static final AlgebraicType TYPESPACE = product("types", new Array(TYPE));
    private static final AlgebraicType TYPES =
            new Array(product("name", product("scope", new Array(TEXT), "name", TEXT), "ty", Primitive.U32, "custom_ordering", Primitive.BOOL));
    private static final AlgebraicType FILTERS = new Array(product("sql", TEXT));
    private static final AlgebraicType ALGORITHM = new Sum(List.of(
            Variant.of("BTree", product("columns", COLUMNS)), Variant.of("Hash", product("columns", COLUMNS)), Variant.of("Direct", product("column", COLUMN))));
    private static final AlgebraicType UNIQUE = new Sum(List.of(Variant.of("Unique", product("columns", COLUMNS))));
    private static final Product VIEW_REST =
            product("index", Primitive.U32, "is_public", Primitive.BOOL, "is_anonymous", Primitive.BOOL, "params", PARAMETERS, "return_type", TYPE);

    private static final Typespace TYPES_OF_DEFINITIONS = new Typespace(List.of(MetaTypes.TYPESPACE.types().getFirst(), ten()));

    /** Of version 9, without tag. */
    static final Layout NINE = Layout.of(TYPES_OF_DEFINITIONS, nine());

    /** Of version 10, without tag. */
    static final Layout TEN = Layout.of(TYPES_OF_DEFINITIONS, new Ref(1));

    private DefinitionTypes() {}

    private static AlgebraicType nine() {
        Product schedule = product("name", NAME, "reducer_name", TEXT, "scheduled_at_column", COLUMN);
        Product table = append(
                tableStart("name"), "schedule", SpecialType.option(schedule), "table_type", TABLE_TYPE, "table_access", ACCESS);
        Product reducer = product("name", TEXT, "params", PARAMETERS, "lifecycle", SpecialType.option(LIFECYCLE));
        Sum export = new Sum(List.of(
                Variant.of("ColumnDefaultValue", product("table", TEXT, "col_id", COLUMN, "value", BYTES)),
                Variant.of("Procedure", product("name", TEXT, "params", PARAMETERS, "return_type", TYPE)),
                Variant.of("View", join(product("name", TEXT), VIEW_REST))));
        return product(
                "typespace", TYPESPACE, "tables", new Array(table), "reducers", new Array(reducer), "types", TYPES, "misc_exports", new Array(export),
                "row_level_security", FILTERS);
    }

    private static AlgebraicType ten() {
        Sum visibility = units("Private", "ClientCallable");
        Product value = product("col_id", COLUMN, "value", BYTES);
        Product table = append(
                tableStart("source_name"), "table_type", TABLE_TYPE, "table_access", ACCESS, "default_values", new Array(value), "is_event", Primitive.BOOL);
        Product reducer = product(
                "source_name", TEXT, "params", PARAMETERS, "visibility", visibility, "ok_return_type", TYPE, "err_return_type", TYPE);
        Product procedure = product("source_name", TEXT, "params", PARAMETERS, "return_type", TYPE, "visibility", visibility);
        Product schedule = product("source_name", NAME, "table_name", TEXT, "schedule_at_col", COLUMN, "function_name", TEXT);
        Product route = product("handler_function", TEXT, "method", method(), "path", TEXT);
        Product explicit = product("source_name", TEXT, "canonical_name", TEXT);
        Sum explicitKind = new Sum(Stream.of("Table", "Function", "Index").map(kind -> Variant.of(kind, explicit)).toList());
        Sum section = new Sum(List.of(
                Variant.of("Typespace", TYPESPACE),
                Variant.of("Types", TYPES),
                Variant.of("Tables", new Array(table)),
                Variant.of("Reducers", new Array(reducer)),
                Variant.of("Procedures", new Array(procedure)),
                Variant.of("Views", new Array(join(product("source_name", TEXT), VIEW_REST))),
                Variant.of("Schedules", new Array(schedule)),
                Variant.of("LifeCycleReducers", new Array(product("lifecycle_spec", LIFECYCLE, "function_name", TEXT))),
                Variant.of("RowLevelSecurity", FILTERS),
                Variant.of("CaseConversionPolicy", units("None", "SnakeCase")),
                Variant.of("ExplicitNames", product("entries", new Array(explicitKind))),
                Variant.of("HttpHandlers", new Array(product("source_name", TEXT))),
                Variant.of("HttpRoutes", new Array(route)),
                Variant.of("ViewPrimaryKeys", new Array(product("view_source_name", TEXT, "columns", new Array(TEXT)))),
                Variant.of("Submodules", new Array(product("namespace", TEXT, "module", new Ref(1))))));
        return product("sections", new Array(section));
    }

    private static Sum method() {
        List<Variant> methods = new ArrayList<>(METHODS.stream().map(name -> Variant.of(name, Product.UNIT)).toList());
        methods.add(Variant.of("Extension", TEXT));
        return new Sum(List.of(Variant.of("Any", Product.UNIT), Variant.of("Method", new Sum(methods))));
    }

    private static Product tableStart(String name) {
        AlgebraicType number = SpecialType.option(Primitive.I128);
        return product(
                name, TEXT, "product_type_ref", Primitive.U32, "primary_key", COLUMNS,
                "indexes", new Array(product(name, NAME, "accessor_name", NAME, "algorithm", ALGORITHM)),
                "constraints", new Array(product(name, NAME, "data", UNIQUE)),
                "sequences", new Array(product(
                        name, NAME, "column", COLUMN, "start", number, "min_value", number, "max_value", number, "increment", Primitive.I128)));
    }

    private static Sum units(String... names) {
        return new Sum(Stream.of(names).map(name -> Variant.of(name, Product.UNIT)).toList());
    }

    private static Product append(Product start, Object... namesAndTypes) {
        return join(start, product(namesAndTypes));
    }

    private static Product join(Product start, Product end) {
        return new Product(Stream.concat(start.elements().stream(), end.elements().stream()).toList());
    }

    private static Product product(Object... namesAndTypes) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            elements.add(Element.of((String) namesAndTypes[i], (AlgebraicType) namesAndTypes[i + 1]));
        }
        return new Product(elements);
    }
}
