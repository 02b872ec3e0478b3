package dev.cloche.cli;

import dev.cloche.schema.ModuleDefinition;
import dev.cloche.schema.ModuleSchema;
import dev.cloche.schema.TableSchema;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.TypeText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A database's schema for people. */
final class SchemaText {
    private final ModuleSchema schema;
    private final Map<Integer, String> typeNames = new HashMap<>();
    private final StringBuilder text = new StringBuilder();

    private SchemaText(ModuleDefinition definition, ModuleSchema schema) {
        this.schema = schema;
        definition.types().forEach(type -> typeNames.put(type.type(), type.name()));
    }

    /** Tables with their columns, then functions, a line each. */
    static String of(ModuleDefinition definition, ModuleSchema schema) {
        return new SchemaText(definition, schema).write();
    }

    private String write() {
        schema.database().tables().forEach(this::table);
        section("views", schema.views().stream().map(view -> view.name() + ": " + type(view.result())).toList());
        section("reducers", schema.reducers().stream().filter(one -> one.lifecycle().isEmpty())
                .map(one -> one.name() + parameters(one.parameters()) + (one.callable() ? "" : "  private")).toList());
        section("procedures", schema.procedures().stream()
                .map(one -> one.name() + parameters(one.parameters()) + ": " + type(one.result()) + (one.callable() ? "" : "  private")).toList());
        section("runs by itself", schema.reducers().stream().filter(one -> one.lifecycle().isPresent())
                .map(one -> one.name() + "  " + one.lifecycle().orElseThrow().name().toLowerCase(Locale.ROOT)).toList());
        section("HTTP", schema.routes().stream().map(one -> one.method().orElse("any") + " /route" + one.path()).toList());
        return text.toString().stripTrailing();
    }

    private void table(TableSchema table) {
        List<String> marks = new ArrayList<>(List.of(table.access().name().toLowerCase(Locale.ROOT)));
        if (table.event()) {
            marks.add("event");
        }
        table.schedule().ifPresent(schedule -> marks.add("calls " + schedule.function()));
        int width = table.columns().stream().mapToInt(column -> column.name().length()).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            TableSchema.Column column = table.columns().get(i);
            lines.add((column.name() + " ".repeat(width - column.name().length()) + "  " + type(column.type()) + rules(table, i)).stripTrailing());
        }
        table.indexes().stream().filter(index -> index.columns().size() > 1).forEach(index ->
                lines.add("index (" + String.join(", ", index.columns().stream().map(one -> table.columns().get(one).name()).toList()) + ")"));
        section("table " + table.name() + " (" + String.join(", ", marks) + ")", lines);
    }

    private static String rules(TableSchema table, int column) {
        List<Integer> alone = List.of(column);
        boolean primary = table.primaryKey().isPresent() && table.primaryKey().getAsInt() == column;
        boolean unique = table.uniques().stream().anyMatch(one -> one.columns().equals(alone));
        boolean counted = table.sequences().stream().anyMatch(one -> one.column() == column);
        boolean indexed = table.indexes().stream().anyMatch(one -> one.columns().equals(alone));
        return (primary ? "  primary key" : unique ? "  unique" : indexed ? "  index" : "") + (counted ? "  auto-increment" : "");
    }

    private void section(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append(title).append('\n');
            lines.forEach(line -> text.append("  ").append(line).append('\n'));
        }
    }

    private String parameters(Product parameters) {
        List<String> all = parameters.elements().stream().map((Element one) -> one.name().orElse("_") + ": " + type(one.type())).toList();
        return "(" + String.join(", ", all) + ")";
    }

    /** The type with the names that the author gave instead of places in the typespace. */
    private String type(AlgebraicType type) {
        String plain = TypeText.of(type);
        for (Map.Entry<Integer, String> name : typeNames.entrySet()) {
            plain = plain.replaceAll("&" + name.getKey() + "(?!\\d)", name.getValue());
        }
        return plain;
    }
}
