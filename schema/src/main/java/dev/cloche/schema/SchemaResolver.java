package dev.cloche.schema;

import dev.cloche.schema.ModuleDefinition.HttpRoute;
import dev.cloche.schema.ModuleDefinition.Lifecycle;
import dev.cloche.schema.ModuleDefinition.Schedule;
import dev.cloche.schema.ModuleDefinition.Table;
import dev.cloche.schema.ModuleDefinition.View;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Ref;
import dev.cloche.values.Layouts;
import dev.cloche.values.SpecialType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks a definition and resolves it: canonical names, identifiers, references (facts, specification D). */
public final class SchemaResolver {
    private static final int MOST_TYPES = 10_000;
    private static final int MOST_TABLES = 1_000;
    private static final int LONGEST_FILTER = 65_536;
    private static final String ANY_METHOD = "";

    private final ModuleDefinition source;
    private final ModuleDefinition module;
    private final Layouts layouts;
    private final Identifiers identifiers;
    private final Faults faults = new Faults();

    private SchemaResolver(ModuleDefinition source, Optional<ModuleSchema> before) {
        this.source = source;
        this.module = CanonicalDefinition.of(source);
        this.layouts = new Layouts(module.typespace());
        this.identifiers = new Identifiers(before);
    }

    /**
     * Resolves a definition.
     *
     * @param before the schema that the database has now: tables, views and indexes that stay keep their identifiers
     * @throws dev.cloche.kernel.Problem with every fault: the place, the rule and what to do
     */
    public static ModuleSchema resolve(ModuleDefinition module, Optional<ModuleSchema> before) {
        return new SchemaResolver(module, before).resolve();
    }

    private ModuleSchema resolve() {
        checkSize();
        faults.throwAny();
        checkTypes();
        checkFunctionNames();
        Map<String, ModuleSchema.Lifecycle> lifecycles = lifecycles();
        List<TableSchema> tables = tables();
        List<ModuleSchema.View> views = views();
        List<ModuleSchema.HttpRoute> routes = routes();
        checkRest();
        faults.throwAny();
        tables.sort(Comparator.comparingInt(TableSchema::id));
        List<ModuleSchema.Reducer> reducers = new ArrayList<>();
        for (ModuleDefinition.Reducer one : module.reducers()) {
            Optional<ModuleSchema.Lifecycle> moment = Optional.ofNullable(lifecycles.get(one.name()));
            boolean callable = one.callable() && moment.isEmpty();
            reducers.add(new ModuleSchema.Reducer(reducers.size(), one.name(), one.parameters(), moment, callable, one.ok(), one.err()));
        }
        List<ModuleSchema.Procedure> procedures = new ArrayList<>();
        for (ModuleDefinition.Procedure one : module.procedures()) {
            procedures.add(new ModuleSchema.Procedure(procedures.size(), one.name(), one.parameters(), one.result(), one.callable()));
        }
        return new ModuleSchema(new DatabaseSchema(module.typespace(), tables), reducers, procedures, views, module.rowFilters(), routes);
    }

    private void checkSize() {
        if (module.typespace().types().size() > MOST_TYPES) {
            faults.add("types", "maximum", "there may be " + MOST_TYPES + " types, not " + module.typespace().types().size() + ".");
        }
        if (module.tables().size() > MOST_TABLES) {
            faults.add("tables", "maximum", "there may be " + MOST_TABLES + " tables, not " + module.tables().size() + ".");
        }
        if (!module.submodules().isEmpty()) {
            faults.add("submodules", "unsupported", "modules inside modules are not supported; publish them as databases of their own.");
        }
    }

    private void checkTypes() {
        for (int i = 0; i < module.typespace().types().size(); i++) {
            checkType("types[" + i + "]", new Ref(i));
        }
        for (ModuleDefinition.TypeName type : module.types()) {
            if (type.type() < 0 || type.type() >= module.typespace().types().size()) {
                faults.add("types." + type.name(), "reference", "the type &" + type.type() + " is not in the typespace.");
            }
        }
        for (ModuleDefinition.Reducer one : module.reducers()) {
            checkType("reducers." + one.name() + ".params", one.parameters());
            checkType("reducers." + one.name() + ".ok", one.ok());
            checkType("reducers." + one.name() + ".err", one.err());
        }
        for (ModuleDefinition.Procedure one : module.procedures()) {
            checkType("procedures." + one.name() + ".params", one.parameters());
            checkType("procedures." + one.name() + ".result", one.result());
        }
    }

    private boolean checkType(String place, AlgebraicType type) {
        try {
            layouts.of(type);
            return true;
        } catch (IllegalArgumentException e) {
            faults.add(place, "type", String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void checkFunctionNames() {
        List<String> functions = new ArrayList<>();
        module.reducers().forEach(one -> functions.add(one.name()));
        module.procedures().forEach(one -> functions.add(one.name()));
        module.views().forEach(one -> functions.add(one.name()));
        faults.checkNames("functions", functions);
        List<String> readable = new ArrayList<>();
        module.tables().forEach(one -> readable.add(one.name()));
        module.views().forEach(one -> readable.add(one.name()));
        faults.checkNames("tables", readable);
    }

    private Map<String, ModuleSchema.Lifecycle> lifecycles() {
        Map<String, ModuleSchema.Lifecycle> byFunction = new HashMap<>();
        Set<ModuleSchema.Lifecycle> seen = new HashSet<>();
        for (Lifecycle lifecycle : module.lifecycles()) {
            String place = "reducers." + lifecycle.function();
            Optional<ModuleDefinition.Reducer> reducer = reducer(lifecycle.function());
            if (reducer.isEmpty()) {
                faults.add(place, "lifecycle", "there is no such reducer to run at " + lifecycle.moment() + ".");
            } else if (!reducer.get().parameters().elements().isEmpty()) {
                faults.add(place, "lifecycle", "a reducer that runs at " + lifecycle.moment() + " has no parameters.");
            }
            if (!seen.add(lifecycle.moment()) || byFunction.put(lifecycle.function(), lifecycle.moment()) != null) {
                faults.add(place, "duplicate", "one reducer runs at " + lifecycle.moment() + ", and at one moment only.");
            }
        }
        return byFunction;
    }

    private Optional<ModuleDefinition.Reducer> reducer(String name) {
        return module.reducers().stream().filter(one -> one.name().equals(name)).findFirst();
    }

    private List<TableSchema> tables() {
        Map<String, Schedule> schedules = new HashMap<>();
        for (Schedule schedule : module.schedules()) {
            if (schedules.put(schedule.table(), schedule) != null) {
                faults.add("tables." + schedule.table(), "duplicate", "a table has one schedule.");
            }
        }
        List<TableSchema> tables = new ArrayList<>();
        List<String> indexNames = new ArrayList<>();
        for (int i = 0; i < module.tables().size(); i++) {
            Table table = module.tables().get(i);
            Optional<Schedule> schedule = Optional.ofNullable(schedules.remove(table.name()));
            schedule.ifPresent(one -> checkScheduledFunction(table, one));
            new TableResolver(module.typespace(), layouts, identifiers, faults, table, source.tables().get(i))
                    .resolve(source.typespace(), schedule)
                    .ifPresent(tables::add);
            table.indexes().forEach(one -> indexNames.add(one.name().orElseThrow()));
        }
        faults.checkNames("indexes", indexNames);
        schedules.keySet().forEach(name -> faults.add("schedules", "reference", "there is no table " + name + "."));
        return tables;
    }

    private void checkScheduledFunction(Table table, Schedule schedule) {
        Optional<Product> parameters = reducer(schedule.function()).map(ModuleDefinition.Reducer::parameters).or(() -> module.procedures().stream()
                .filter(one -> one.name().equals(schedule.function()))
                .findFirst()
                .map(ModuleDefinition.Procedure::parameters));
        String place = "tables." + table.name();
        if (parameters.isEmpty()) {
            faults.add(place, "schedule", "there is no reducer or procedure " + schedule.function() + " to schedule.");
        } else if (parameters.get().elements().size() != 1 || !isRow(parameters.get().elements().getFirst().type(), table)) {
            faults.add(place, "schedule", "the scheduled " + schedule.function() + " takes exactly one parameter: the row of this table.");
        }
    }

    private boolean isRow(AlgebraicType type, Table table) {
        List<AlgebraicType> types = module.typespace().types();
        return type instanceof Ref(int index) && index == table.typeRef()
                || table.typeRef() >= 0 && table.typeRef() < types.size() && resolve(type).equals(Optional.of(types.get(table.typeRef())));
    }

    private Optional<AlgebraicType> resolve(AlgebraicType type) {
        try {
            return Optional.of(module.typespace().resolve(type));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private List<ModuleSchema.View> views() {
        List<ModuleSchema.View> views = new ArrayList<>();
        Set<String> numbers = new HashSet<>();
        for (View view : module.views()) {
            String place = "views." + view.name();
            if (!view.parameters().elements().isEmpty()) {
                faults.add(place, "parameters", "a view has no parameters.");
            }
            if (!numbers.add(view.anonymous() + " " + view.index())) {
                faults.add(place, "duplicate", "two views have the number " + view.index() + ".");
            }
            Optional<Product> row = checkType(place + ".result", view.result()) ? viewRow(view.result()) : Optional.empty();
            if (row.isEmpty()) {
                faults.add(place, "result", "a view returns an array or an option of rows, or a query.");
            } else {
                List<Integer> key = viewKey(view, row.get());
                views.add(new ModuleSchema.View(
                        view.index(), identifiers.table(view.name()), view.name(), view.anonymous(), view.result(), row.get(), key));
            }
        }
        return views;
    }

    private Optional<Product> viewRow(AlgebraicType result) {
        AlgebraicType found = module.typespace().resolve(result);
        Optional<AlgebraicType> row = switch (found) {
            case AlgebraicType.Array(AlgebraicType element) -> Optional.of(element);
            case AlgebraicType.Sum sum -> SpecialType.optional(sum);
            case Product(List<Element> elements) when elements.size() == 1 && elements.getFirst().name().equals(Optional.of("__query__")) ->
                    Optional.of(elements.getFirst().type());
            default -> Optional.empty();
        };
        return row.map(module.typespace()::resolve).filter(Product.class::isInstance).map(Product.class::cast);
    }

    private List<Integer> viewKey(View view, Product row) {
        List<Integer> columns = new ArrayList<>();
        for (ModuleDefinition.ViewKey key : module.viewKeys()) {
            if (!key.view().equals(view.name())) {
                continue;
            }
            for (String name : key.columns()) {
                int column = row.elements().stream().map(one -> one.name().orElse("")).toList().indexOf(name);
                if (column < 0) {
                    faults.add("views." + view.name(), "primaryKey", "there is no column " + name + ".");
                }
                columns.add(column);
            }
        }
        return columns;
    }

    private List<ModuleSchema.HttpRoute> routes() {
        List<ModuleSchema.HttpRoute> routes = new ArrayList<>();
        Map<String, Set<String>> taken = new HashMap<>();
        for (HttpRoute route : module.httpRoutes()) {
            String place = "http." + route.path();
            int handler = module.httpHandlers().indexOf(route.handler());
            if (handler < 0) {
                faults.add(place, "reference", "there is no HTTP handler " + route.handler() + ".");
            }
            if (!ModuleSchema.HttpRoute.PATH.matcher(route.path()).matches()) {
                faults.add(place, "path", "a path is empty or begins with /, and has lower-case letters, digits and -_~/ only, at most "
                        + ModuleSchema.HttpRoute.LONGEST_PATH + ".");
            }
            String method = route.method().map(SchemaResolver::inCapitals).orElse(ANY_METHOD);
            Set<String> methods = taken.computeIfAbsent(route.path(), path -> new HashSet<>());
            if (methods.contains(ANY_METHOD) || (method.equals(ANY_METHOD) && !methods.isEmpty()) || !methods.add(method)) {
                faults.add(place, "duplicate", "the route exists twice.");
            }
            routes.add(new ModuleSchema.HttpRoute(handler, route.handler(), route.method().map(SchemaResolver::inCapitals), route.path()));
        }
        return routes;
    }

    private static String inCapitals(String method) {
        return DefinitionTypes.METHODS.contains(method) ? method.toUpperCase(Locale.ROOT) : method;
    }

    private void checkRest() {
        for (int i = 0; i < module.rowFilters().size(); i++) {
            int length = module.rowFilters().get(i).length();
            if (length == 0 || length > LONGEST_FILTER) {
                faults.add("row_level_security[" + i + "]", "length", "a filter is SQL of 1 to " + LONGEST_FILTER + " characters.");
            }
        }
        Set<String> views = new HashSet<>();
        module.views().forEach(one -> views.add(one.name()));
        for (ModuleDefinition.ViewKey key : module.viewKeys()) {
            if (!views.contains(key.view())) {
                faults.add("views." + key.view(), "reference", "there is no such view for a primary key.");
            }
        }
    }
}
