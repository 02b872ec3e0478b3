package dev.cloche.protocol;

import dev.cloche.schema.ModuleSchema;
import dev.cloche.schema.TableSchema;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.Layout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The layouts of one module's rows, parameters and results, made when they are asked for first. Used by several threads. */
final class Layouts {
    private final ModuleSchema module;
    private final Map<String, Layout> rows = new ConcurrentHashMap<>();

    Layouts(ModuleSchema module) {
        this.module = module;
    }

    /** Whose layouts these are. */
    ModuleSchema module() {
        return module;
    }

    /** The layout of the rows of a table or view by its canonical name. */
    Layout row(String table) {
        return rows.computeIfAbsent(table, name -> layout(rowType(name)));
    }

    /** The layout of what a reducer or procedure takes; empty if there is none of that name. */
    Optional<Layout> parameters(String function) {
        return module.reducer(function).map(ModuleSchema.Reducer::parameters)
                .or(() -> module.procedure(function).map(ModuleSchema.Procedure::parameters))
                .map(this::layout);
    }

    /** The layout of columns that belong to no table. */
    Layout columns(List<Element> columns) {
        return layout(new Product(columns));
    }

    /** The layout of any type of the module. */
    Layout layout(AlgebraicType type) {
        return Layout.of(module.database().typespace(), type);
    }

    private Product rowType(String name) {
        Optional<TableSchema> table = module.database().table(name);
        if (table.isPresent()) {
            return new Product(table.get().columns().stream().map(column -> Element.of(column.name(), column.type())).toList());
        }
        return module.views().stream().filter(view -> view.name().equals(name)).findFirst()
                .map(ModuleSchema.View::row)
                .orElseThrow(() -> new IllegalStateException("the module has no table " + name));
    }
}
