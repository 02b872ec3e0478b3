package dev.cloche.databases;

import dev.cloche.values.BsatnWriter;
import dev.cloche.wasm.Wat;
import java.util.ArrayList;
import java.util.List;

/**
 * Modules of code that do what no module should, written by hand in the text form of WebAssembly: functions of the public ABI whose
 * bodies are given. Each has the table {@code row} (id u64, the key; data, bytes), of which {@code $row} is the number.
 *
 * <p>Bodies leave the number that the function returns. 64 to 1023 is theirs, from 65536 on too.
 */
final class HostileWasm {
    private static final int DEFINITION = 1024;
    private static final int PAGES = 20;

    /** Each function of the ABI: its version's last number, its name, and what its parameters are, one letter each. */
    static final List<String> FUNCTIONS = List.of(
            "0 table_id_from_name plp", "0 index_id_from_name plp", "0 datastore_table_row_count tp", "0 datastore_table_scan_bsatn tp",
            "0 datastore_index_scan_range_bsatn iplnplplp", "0 datastore_btree_scan_bsatn iplnplplp",
            "0 datastore_delete_by_index_scan_range_bsatn iplnplplp", "0 datastore_delete_by_btree_scan_bsatn iplnplplp",
            "0 datastore_delete_all_by_eq_bsatn tplp", "0 datastore_insert_bsatn tpp", "0 datastore_update_bsatn tipp",
            "0 row_iter_bsatn_advance cpp", "0 row_iter_bsatn_close c", "0 bytes_source_read hpp", "0 bytes_sink_write hpp",
            "0 console_log nplplnpl-", "0 console_timer_start pl", "0 console_timer_end c", "0 identity p-",
            "0 volatile_nonatomic_schedule_immediate plpl-", "1 bytes_source_remaining_length hp", "2 get_jwt pp",
            "3 procedure_start_mut_tx p", "3 procedure_commit_mut_tx ", "3 procedure_abort_mut_tx ", "3 procedure_http_request plplp",
            "4 datastore_index_scan_point_bsatn iplp", "4 datastore_delete_by_index_scan_point_bsatn iplp", "5 datastore_clear tp");

    private final List<String> reducers = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private String procedure = "";
    private String view = "";
    private String init = "";
    private String describe = "";
    private String fields = "";
    private int pages = PAGES;

    HostileWasm reducer(String name, String body) {
        reducers.add(name);
        bodies.add(body);
        return this;
    }

    /** With the procedure {@code act}, which says that it returns a text. */
    HostileWasm procedure(String body) {
        procedure = body;
        return this;
    }

    /** With the view {@code seen} of rows of {@code row}. */
    HostileWasm view(String body) {
        view = body;
        return this;
    }

    HostileWasm init(String body) {
        init = body;
        return this;
    }

    /** What it does when it is asked for its definition, before it answers. */
    HostileWasm describe(String body) {
        describe = body;
        return this;
    }

    /** More fields of the module. */
    HostileWasm fields(String text) {
        fields = text;
        return this;
    }

    HostileWasm pages(int least) {
        pages = least;
        return this;
    }

    byte[] build() {
        if (!init.isEmpty()) {
            reducer("init", init);
        }
        byte[] definition = definition();
        StringBuilder text = new StringBuilder();
        for (String line : FUNCTIONS) {
            text.append(imported(line));
        }
        text.append("(import \"spacetime_10.3\" \"procedure_sleep_until\" (func $procedure_sleep_until (param i64) (result i64)))\n")
                .append("(memory (export \"memory\") ").append(pages).append(")\n(global $row (mut i32) (i32.const 4096))\n")
                .append("(data (i32.const 16) \"").append(bytes(new BsatnWriter().writeU32(definition.length).toArray())).append("\")\n")
                .append("(data (i32.const 32) \"row_id_idx_btree\")\n")
                .append("(data (i32.const ").append(DEFINITION).append(") \"").append(bytes(definition)).append("\")\n")
                .append("(func (export \"__describe_module__\") (param $sink i32) ").append(describe)
                .append(" (drop (call $bytes_sink_write (local.get $sink) (i32.const ").append(DEFINITION).append(") (i32.const 16))))\n");
        text.append(calls("__call_reducer__", bodies));
        if (!procedure.isEmpty()) {
            text.append(calls("__call_procedure__", List.of(procedure)));
        }
        if (!view.isEmpty()) {
            text.append("(func (export \"__call_view_anon__\") (param $id i32) (param $args i32) (param $sink i32) (result i32) ").append(view).append(")\n");
        }
        return Wat.module(text.append(fields).toString());
    }

    private static String imported(String line) {
        String[] parts = line.split(" ", -1);
        boolean silent = parts[2].endsWith("-");
        String parameters = " i32".repeat(parts[2].length() - (silent ? 1 : 0));
        return "(import \"spacetime_10." + parts[0] + "\" \"" + parts[1] + "\" (func $" + parts[1] + " (param" + parameters + ")"
                + (silent ? "" : " (result i32)") + "))\n";
    }

    private static String calls(String name, List<String> what) {
        StringBuilder text = new StringBuilder("(func (export \"" + name + "\") (param $id i32)" + " (param i64)".repeat(7)
                + " (param $args i32) (param $sink i32) (result i32)\n");
        for (int id = 0; id < what.size(); id++) {
            text.append("(if (i32.eq (local.get $id) (i32.const ").append(id).append(")) (then (return (call $").append(name).append(id)
                    .append(" (local.get $sink)))))\n");
        }
        text.append("(unreachable))\n");
        for (int id = 0; id < what.size(); id++) {
            text.append("(func $").append(name).append(id).append(" (param $sink i32) (result i32) (local $n i32) ").append(what.get(id)).append(")\n");
        }
        return text.toString();
    }

    private static String bytes(byte[] content) {
        StringBuilder text = new StringBuilder();
        for (byte one : content) {
            text.append(String.format("\\%02x", one));
        }
        return text.toString();
    }

    /** Version 10: its sections, each with its number before it. */
    private byte[] definition() {
        BsatnWriter out = new BsatnWriter().writeU8(2).writeU32(7);
        out.writeU8(0).writeU32(1);
        product(out, 2);
        named(out, "id").writeU8(13);
        named(out, "data").writeU8(3).writeU8(7);
        out.writeU8(1).writeU32(1).writeU32(0).writeString("Row").writeU32(0).writeU8(1);
        out.writeU8(2).writeU32(1).writeString("row").writeU32(0);
        columns(out, 0).writeU32(1).writeU8(0).writeString("row_id_idx_btree").writeU8(1).writeU8(0);
        columns(out, 0).writeU32(1).writeU8(1).writeU8(0);
        columns(out, 0).writeU32(0).writeU8(1).writeU8(0).writeU32(0).writeU8(0);
        out.writeU8(3).writeU32(reducers.size());
        for (String reducer : reducers) {
            out.writeString(reducer).writeU32(0).writeU8(reducer.equals("init") ? 0 : 1);
            product(out, 0).writeU8(4);
        }
        out.writeU8(4).writeU32(procedure.isEmpty() ? 0 : 1);
        if (!procedure.isEmpty()) {
            out.writeString("act").writeU32(0).writeU8(4).writeU8(1);
        }
        out.writeU8(5).writeU32(view.isEmpty() ? 0 : 1);
        if (!view.isEmpty()) {
            out.writeString("seen").writeU32(0).writeU8(1).writeU8(1).writeU32(0).writeU8(3).writeU8(0).writeU32(0);
        }
        out.writeU8(7).writeU32(init.isEmpty() ? 0 : 1);
        if (!init.isEmpty()) {
            out.writeU8(0).writeString("init");
        }
        return out.toArray();
    }

    private static BsatnWriter product(BsatnWriter out, int elements) {
        return out.writeU8(2).writeU32(elements);
    }

    private static BsatnWriter named(BsatnWriter out, String name) {
        return out.writeU8(0).writeString(name);
    }

    private static BsatnWriter columns(BsatnWriter out, int column) {
        return out.writeU32(1).writeU16(column);
    }
}
