package dev.cloche.schema;

import dev.cloche.schema.ModuleDefinition.Constraint;
import dev.cloche.schema.ModuleDefinition.DefaultValue;
import dev.cloche.schema.ModuleDefinition.Index;
import dev.cloche.schema.ModuleDefinition.Schedule;
import dev.cloche.schema.ModuleDefinition.Sequence;
import dev.cloche.schema.ModuleDefinition.Table;
import dev.cloche.schema.TableSchema.Algorithm;
import dev.cloche.schema.TableSchema.Column;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.BsatnException;
import dev.cloche.values.Bytes;
import dev.cloche.values.Layouts;
import dev.cloche.values.SpecialType;
import dev.cloche.values.TypeText;
import dev.cloche.values.Typespace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Checks one table of a definition and resolves it. */
final class TableResolver {
    private final Typespace typespace;
    private final Layouts layouts;
    private final Identifiers identifiers;
    private final Faults faults;
    private final Table table;
    private final Table source;
    private final String place;
    private List<Element> elements = List.of();

    /** {@code source} is the same table with the author's names. */
    TableResolver(Typespace typespace, Layouts layouts, Identifiers identifiers, Faults faults, Table table, Table source) {
        this.typespace = typespace;
        this.layouts = layouts;
        this.identifiers = identifiers;
        this.faults = faults;
        this.table = table;
        this.source = source;
        this.place = "tables." + table.name();
    }

    /** The table, or nothing if a fault was found. */
    Optional<TableSchema> resolve(Typespace sourceTypes, Optional<Schedule> schedule) {
        Optional<Product> row = row();
        if (row.isEmpty()) {
            return Optional.empty();
        }
        elements = row.get().elements();
        faults.checkNames(place + ".columns", elements.stream().map(one -> one.name().orElse("")).toList());
        List<Column> columns = columns((Product) sourceTypes.types().get(table.typeRef()));
        checkKeys();
        List<TableSchema.Index> indexes = indexes();
        List<TableSchema.Sequence> sequences = sequences();
        schedule.ifPresent(this::checkSchedule);
        if (table.system()) {
            faults.add(place, "system", "a module cannot define a system table.");
        }
        if (!faults.none()) {
            return Optional.empty();
        }
        return Optional.of(new TableSchema(
                identifiers.table(table.name()),
                table.name(),
                source.name(),
                table.typeRef(),
                columns,
                ModuleDefinition.single(table.primaryKey()),
                indexes,
                table.constraints().stream().map(one -> new TableSchema.Unique(one.name().orElseThrow(), one.columns())).toList(),
                sequences,
                schedule.map(one -> new TableSchema.Schedule(one.name().orElseThrow(), one.column(), one.function())),
                table.access(),
                table.event()));
    }

    private Optional<Product> row() {
        if (table.typeRef() < 0 || table.typeRef() >= typespace.types().size()) {
            faults.add(place, "reference", "the row type &" + table.typeRef() + " is not in the typespace of " + typespace.types().size() + " types.");
            return Optional.empty();
        }
        if (typespace.types().get(table.typeRef()) instanceof Product product) {
            return Optional.of(product);
        }
        faults.add(place, "product", "the row type &" + table.typeRef() + " must be a product.");
        return Optional.empty();
    }

    private List<Column> columns(Product sourceRow) {
        Map<Integer, Bytes> defaults = new HashMap<>();
        for (DefaultValue value : table.defaults()) {
            if (!exists(value.column(), "default")) {
                continue;
            }
            checkDefault(value);
            if (defaults.put(value.column(), value.value()) != null) {
                faults.add(column(value.column()), "duplicate", "the column has two default values.");
            }
        }
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            String name = elements.get(i).name().orElse("");
            String written = sourceRow.elements().get(i).name().orElse(name);
            columns.add(new Column(name, written, elements.get(i).type(), Optional.ofNullable(defaults.get(i))));
        }
        return columns;
    }

    private void checkDefault(DefaultValue value) {
        try {
            layouts.of(elements.get(value.column()).type()).checkWhole(value.value().toArray());
        } catch (BsatnException e) {
            faults.add(
                    column(value.column()), "default", "the default value is no " + TypeText.of(elements.get(value.column()).type()) + ": " + e.getMessage() + ".");
        } catch (IllegalArgumentException e) {
            // the type itself is wrong, which is a fault of its own
        }
    }

    private void checkKeys() {
        Set<Set<Integer>> indexed = new HashSet<>();
        for (Index index : table.indexes()) {
            indexed.add(new LinkedHashSet<>(index.columns()));
        }
        boolean keyIsUnique = false;
        for (Constraint constraint : table.constraints()) {
            checkColumns("constraint " + constraint.name().orElse(""), constraint.columns());
            keyIsUnique |= constraint.columns().equals(table.primaryKey());
            if (!indexed.contains(new LinkedHashSet<>(constraint.columns()))) {
                faults.add(
                        place + ".constraints." + constraint.name().orElse(""), "index", "a unique constraint needs an index on the same columns.");
            }
        }
        if (table.primaryKey().size() > 1) {
            faults.add(place, "primaryKey", "a primary key has one column, not " + table.primaryKey().size() + ".");
        } else if (table.primaryKey().size() == 1 && exists(table.primaryKey().getFirst(), "primary key") && !keyIsUnique) {
            faults.add(column(table.primaryKey().getFirst()), "primaryKey", "the primary key needs a unique constraint on this column.");
        }
    }

    private List<TableSchema.Index> indexes() {
        List<TableSchema.Index> indexes = new ArrayList<>();
        for (int i = 0; i < table.indexes().size(); i++) {
            Index index = table.indexes().get(i);
            String name = index.name().orElseThrow();
            checkColumns("index " + name, index.columns());
            if (index.algorithm() == Algorithm.DIRECT && exists(index.columns().getFirst(), "index") && !isSmallUnsigned(index.columns().getFirst())) {
                faults.add(column(index.columns().getFirst()), "direct", "a direct index needs a column of type U8, U16, U32 or U64.");
            }
            Set<String> aliases = new LinkedHashSet<>();
            source.indexes().get(i).name().ifPresent(aliases::add);
            aliases.remove(name);
            indexes.add(new TableSchema.Index(identifiers.index(table.name(), name), name, List.copyOf(aliases), index.algorithm(), index.columns()));
        }
        return indexes;
    }

    private boolean isSmallUnsigned(int column) {
        AlgebraicType type = typespace.resolve(elements.get(column).type());
        return type == Primitive.U8 || type == Primitive.U16 || type == Primitive.U32 || type == Primitive.U64;
    }

    private List<TableSchema.Sequence> sequences() {
        List<TableSchema.Sequence> sequences = new ArrayList<>();
        Set<Integer> numbered = new HashSet<>();
        for (Sequence sequence : table.sequences()) {
            if (!exists(sequence.column(), "sequence")) {
                continue;
            }
            String at = column(sequence.column());
            if (!numbered.add(sequence.column())) {
                faults.add(at, "duplicate", "the column has two sequences.");
            }
            if (elements.get(sequence.column()).type() instanceof Primitive type && type.isInteger()) {
                sequences.add(sequence(sequence, type, at));
            } else {
                faults.add(at, "sequence", "a sequence needs an integer column, not " + TypeText.of(elements.get(sequence.column()).type()) + ".");
            }
        }
        return sequences;
    }

    private TableSchema.Sequence sequence(Sequence declared, Primitive type, String at) {
        int bits = 8 * type.bytes();
        BigInteger largest = BigInteger.ONE.shiftLeft(type.isSigned() ? bits - 1 : bits).subtract(BigInteger.ONE);
        BigInteger smallest = type.isSigned() ? BigInteger.ONE.shiftLeft(bits - 1).negate() : BigInteger.ZERO;
        boolean up = declared.increment().signum() > 0;
        BigInteger minimum = declared.minimum().orElse(up ? BigInteger.ONE : smallest);
        BigInteger maximum = declared.maximum().orElse(up ? largest : BigInteger.ONE.negate().min(largest)).min(largest);
        BigInteger start = declared.start().orElse(up ? minimum : maximum);
        if (declared.increment().signum() == 0) {
            faults.add(at, "sequence", "the increment of a sequence is not 0.");
        } else if (minimum.compareTo(start) > 0 || start.compareTo(maximum) > 0 || minimum.compareTo(smallest) < 0) {
            faults.add(at, "sequence", "a sequence of " + type.label() + " starts between its minimum and maximum: " + minimum + " <= " + start + " <= " + maximum + ".");
        }
        return new TableSchema.Sequence(declared.name().orElseThrow(), declared.column(), start, minimum, maximum, declared.increment());
    }

    private void checkSchedule(Schedule schedule) {
        if (exists(schedule.column(), "schedule")
                && !typespace.resolve(elements.get(schedule.column()).type()).equals(SpecialType.SCHEDULE_AT.type())) {
            faults.add(column(schedule.column()), "schedule", "the column of a schedule has the type ScheduleAt.");
        }
        OptionalInt key = ModuleDefinition.single(table.primaryKey());
        if (key.isEmpty() || exists(key.getAsInt(), "primary key") && elements.get(key.getAsInt()).type() != Primitive.U64) {
            faults.add(place, "schedule", "a scheduled table has a primary key of type U64.");
        }
    }

    private void checkColumns(String what, List<Integer> columns) {
        if (columns.isEmpty()) {
            faults.add(place, "columns", "the " + what + " has no column.");
        }
        columns.forEach(column -> exists(column, what));
        if (new HashSet<>(columns).size() != columns.size()) {
            faults.add(place, "columns", "the " + what + " has a column twice.");
        }
    }

    private boolean exists(int column, String what) {
        if (column < elements.size()) {
            return true;
        }
        faults.add(place, "columns", "the " + what + " needs the column number " + column + ", but there are " + elements.size() + ".");
        return false;
    }

    private String column(int number) {
        return place + ".columns." + elements.get(number).name().orElse(Integer.toString(number));
    }
}
