package dev.cloche.wasm;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.ImportFunction;
import run.endive.runtime.ImportGlobal;
import run.endive.runtime.ImportMemory;
import run.endive.runtime.ImportTable;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.TableInstance;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;

/** One module's instance of Endive's. */
final class EndivePart implements Part {
    static final MemorySegment NONE = MemorySegment.ofArray(new byte[0]);

    private final EndiveInstance whole;
    private final EndiveEngine.Module module;
    private @Nullable Instance instance;
    private @Nullable EndiveMemory memory;

    EndivePart(EndiveInstance whole, EndiveEngine.Module module) {
        this.whole = whole;
        this.module = module;
    }

    /** Fills its memory and tables and runs its start function; on the thread of the whole. */
    void start(ImportValues imports, Limits limits, EndiveMemory.Budget budget) {
        Instance made = Instance.builder(module.parsed())
                .withMachineFactory(module.machine())
                .withImportValues(imports)
                .withMemoryFactory(wanted -> new EndiveMemory(wanted, budget))
                .withTableFactory((table, content) -> new TableInstance(capped(table, limits.tableElements()), content))
                .withStart(false) // it would run an export named _start as well
                .build();
        instance = made;
        boolean shows = module.shape().exports().stream().anyMatch(export -> export.name().equals("memory") && export.type() instanceof ExternType.Memory);
        memory = shows && made.exports().memory("memory") instanceof EndiveMemory own ? own : null;
        module.parsed().startSection().ifPresent(start -> made.getMachine().call((int) start.startIndex(), new long[0]));
    }

    /** A table of its own for each instance: Endive keeps the size in the module's description. */
    private static Table capped(Table table, long most) {
        TableLimits limits = new TableLimits(table.limits().min(), Math.min(table.limits().max(), most));
        return new Table(table.elementType(), limits, table.initialize());
    }

    /** Gives an export to a later part. */
    void offer(Import wanted, ImportValues.Builder to) {
        Instance made = Objects.requireNonNull(instance);
        switch (wanted.type()) {
            case FunctionType ignored -> to.addFunction(ImportFunction.exportAsImport(wanted.module(), wanted.name(), made, wanted.name()));
            case ExternType.Memory ignored -> to.addMemory(new ImportMemory(wanted.module(), wanted.name(), made.exports().memory(wanted.name())));
            case ExternType.Other.TABLE -> to.addTable(new ImportTable(wanted.module(), wanted.name(), made.exports().table(wanted.name())));
            case ExternType.Other.GLOBAL -> to.addGlobal(new ImportGlobal(wanted.module(), wanted.name(), made.exports().global(wanted.name())));
            case ExternType.Other.TAG -> throw new InvalidModule("tags are not linked here");
        }
    }

    boolean is(Instance other) {
        return instance == other;
    }

    @Override
    public Call call(String export) {
        FunctionType type = module.shape().function(export);
        whole.refuseOthers();
        return new EndiveCall(whole, type, Objects.requireNonNull(instance).export(export));
    }

    @Override
    public MemorySegment memory() {
        whole.refuseOthers();
        return memory == null ? NONE : memory.segment();
    }

    @Override
    public boolean growMemory(int pages) {
        whole.refuseOthers();
        return memory != null && memory.grow(pages) >= 0;
    }

    void free() {
        instance = null;
        memory = null;
    }
}
