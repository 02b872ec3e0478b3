package dev.cloche.databases;

import dev.cloche.modules.Module;
import dev.cloche.modules.ModuleLog;
import dev.cloche.schema.ModuleSchema;
import dev.cloche.tables.Store;
import dev.cloche.values.Identity;
import java.util.function.LongSupplier;

/**
 * What a running database is made of.
 *
 * @param identity its own
 * @param owner whoever made it: reads private tables and changes rows by SQL
 * @param program its code and definition
 * @param store its tables, filled
 * @param offset number of the last transaction in the tables; 0 for none
 * @param logged bytes of the log since its snapshot
 * @param log where transactions are kept; closed with the database
 * @param lines where the module's log goes
 * @param meter what counts its calls
 * @param micros the time, microseconds since 1970
 * @param memory what all databases take together
 * @param outbound by which its module asks other servers
 */
record DatabaseParts(
        Identity identity,
        Identity owner,
        Program program,
        Store store,
        long offset,
        long logged,
        CommitLog log,
        ModuleLog lines,
        DatabaseMeter meter,
        LongSupplier micros,
        DatabaseLimits limits,
        SharedMemory memory,
        OutboundRequests outbound) {
    /** The same with another program and its tables. */
    DatabaseParts with(Program next, Store tables, long last) {
        return new DatabaseParts(identity, owner, next, tables, last, 0, log, lines, meter, micros, limits, memory, outbound);
    }

    /** Code and what it says about itself. */
    record Program(Module module, ModuleSchema schema) {}
}
