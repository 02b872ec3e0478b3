package dev.cloche.protocol;

import dev.cloche.databases.LiveDatabase;
import dev.cloche.schema.ModuleSchema;
import java.util.function.Supplier;

/** The layouts of the module that a database runs now; made anew when it runs another one. Used by several threads. */
final class CurrentLayouts implements Supplier<Layouts> {
    private final LiveDatabase database;
    private volatile Layouts last;

    CurrentLayouts(LiveDatabase database) {
        this.database = database;
        this.last = new Layouts(database.module());
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public Layouts get() {
        ModuleSchema module = database.module();
        Layouts known = last;
        if (known.module() == module) {
            return known;
        }
        Layouts made = new Layouts(module);
        last = made;
        return made;
    }
}
