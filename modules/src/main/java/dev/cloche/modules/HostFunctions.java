package dev.cloche.modules;

import static dev.cloche.wasm.ValueType.I32;
import static dev.cloche.wasm.ValueType.I64;

import dev.cloche.wasm.FunctionType;
import dev.cloche.wasm.HostFunction;
import dev.cloche.wasm.HostImport;
import dev.cloche.wasm.ValueType;
import java.util.Arrays;
import java.util.List;

/** The functions of the ABI {@code spacetime_10.0} to {@code spacetime_10.5}, with their signatures (facts, specification E). */
final class HostFunctions {
    /** The newest version of the ABI that is here: 10.5. */
    static final int MAJOR = 10;

    static final int MINOR = 5;

    private HostFunctions() {}

    static List<HostImport> all() {
        return List.of(
                of(0, "table_id_from_name", pointers(3), frame -> TableFunctions.read(frame, TableFunctions::tableId)),
                of(0, "index_id_from_name", pointers(3), frame -> TableFunctions.read(frame, TableFunctions::indexId)),
                of(0, "datastore_table_row_count", pointers(2), frame -> TableFunctions.read(frame, TableFunctions::rowCount)),
                of(0, "datastore_table_scan_bsatn", pointers(2), frame -> TableFunctions.read(frame, TableFunctions::scan)),
                of(0, "datastore_index_scan_range_bsatn", pointers(9), frame -> TableFunctions.read(frame, TableFunctions::scanRange)),
                of(0, "datastore_btree_scan_bsatn", pointers(9), frame -> TableFunctions.read(frame, TableFunctions::scanRange)),
                of(0, "datastore_delete_by_index_scan_range_bsatn", pointers(9), frame -> TableFunctions.write(frame, TableFunctions::deleteRange)),
                of(0, "datastore_delete_by_btree_scan_bsatn", pointers(9), frame -> TableFunctions.write(frame, TableFunctions::deleteRange)),
                of(0, "datastore_delete_all_by_eq_bsatn", pointers(4), frame -> TableFunctions.write(frame, TableFunctions::deleteEqual)),
                of(0, "datastore_insert_bsatn", pointers(3), frame -> TableFunctions.write(frame, TableFunctions::insert)),
                of(0, "datastore_update_bsatn", pointers(4), frame -> TableFunctions.write(frame, TableFunctions::update)),
                of(0, "row_iter_bsatn_advance", pointers(3), TableFunctions::advance),
                of(0, "row_iter_bsatn_close", pointers(1), TableFunctions::close),
                of(0, "bytes_source_read", pointers(3), ByteFunctions::read),
                of(0, "bytes_sink_write", pointers(3), ByteFunctions::write),
                of(0, "console_log", FunctionType.of(same(8)), ByteFunctions::log),
                of(0, "console_timer_start", pointers(2), ByteFunctions::timerStart),
                of(0, "console_timer_end", pointers(1), ByteFunctions::timerEnd),
                of(0, "identity", FunctionType.of(I32), ByteFunctions::identity),
                of(0, "volatile_nonatomic_schedule_immediate", FunctionType.of(same(4)), ByteFunctions::scheduleSoon),
                of(1, "bytes_source_remaining_length", pointers(2), ByteFunctions::remaining),
                of(2, "get_jwt", pointers(2), ByteFunctions::claims),
                of(3, "procedure_start_mut_tx", pointers(1), ProcedureFunctions::begin),
                of(3, "procedure_commit_mut_tx", pointers(0), ProcedureFunctions::commit),
                of(3, "procedure_abort_mut_tx", pointers(0), ProcedureFunctions::abort),
                of(3, "procedure_sleep_until", FunctionType.of(I64).returning(I64), ProcedureFunctions::sleep),
                of(3, "procedure_http_request", pointers(5), ProcedureFunctions::http),
                of(4, "datastore_index_scan_point_bsatn", pointers(4), frame -> TableFunctions.read(frame, TableFunctions::scanPoint)),
                of(4, "datastore_delete_by_index_scan_point_bsatn", pointers(4), frame -> TableFunctions.write(frame, TableFunctions::deletePoint)),
                of(5, "datastore_clear", pointers(2), frame -> TableFunctions.write(frame, TableFunctions::clear)));
    }

    private static HostImport of(int minor, String name, FunctionType type, HostFunction function) {
        return new HostImport("spacetime_" + MAJOR + "." + minor, name, type, function);
    }

    /** So many pointers, lengths and handles, with an error number as the result. */
    private static FunctionType pointers(int count) {
        return FunctionType.of(same(count)).returning(I32);
    }

    private static ValueType[] same(int count) {
        ValueType[] types = new ValueType[count];
        Arrays.fill(types, I32);
        return types;
    }
}
