// A host of the module ABI in a page of JavaScript, for tests: tables are lists of rows as bytes, indexes are searches.
import { Reader, readDefinition } from './definition.mjs';

const ERROR = { NOT_IN_TRANSACTION: 2, NO_TABLE: 4, NO_INDEX: 5, NO_ITER: 6, WRONG_ALGORITHM: 10, TOO_SMALL: 11, UNIQUE: 12, NO_ROW: 15, READ_ONLY: 19, HTTP: 21 };
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

export class Trap extends Error {}

export class Host {
  /** Instantiates a module and runs setup and describe; throws an Error with the module's text where setup fails. */
  static async start(wasm, options = {}) {
    const host = new Host();
    host.answers = options.answers ?? [];
    const { instance } = await WebAssembly.instantiate(wasm instanceof WebAssembly.Module ? wasm : await WebAssembly.compile(wasm), host.imports()).then((x) => (x.instance ? x : { instance: x }));
    host.exports = instance.exports;
    for (const name of Object.keys(host.exports).filter((n) => n.startsWith('__preinit__')).sort()) host.exports[name]();
    const sink = host.sink();
    if (host.exports.__setup__(sink)) throw new Error(host.written(sink));
    const out = host.sink();
    host.exports.__describe_module__(out);
    host.definition = readDefinition(host.take(out));
    host.tables = host.definition.tables.map((t) => ({ ...t, elements: host.definition.types[t.ref].elements, rows: [], next: 0n }));
    host.indexes = host.tables.flatMap((table) => table.indexes.map((index) => ({ ...index, table })));
    return host;
  }

  constructor() {
    this.logs = []; this.handles = new Map(); this.last = 0; this.open = false; this.readOnly = false; this.tables = []; this.claims = null; this.now = 1_767_225_600_000_000n;
    this.encoder = new TextEncoder(); this.decoder = new TextDecoder();
  }

  // ---- handles and memory
  handle(value) { this.handles.set(++this.last, value); return this.last; }
  sink() { return this.handle([]); }
  take(sink) { const parts = this.handles.get(sink); this.handles.delete(sink); return new Uint8Array(Buffer.concat(parts)); }
  written(sink) { return this.decoder.decode(this.take(sink)); }
  source(bytes) { return bytes.length ? this.handle({ bytes, at: 0 }) : 0; }
  get memory() { return new Uint8Array(this.exports.memory.buffer); }
  get view() { return new DataView(this.exports.memory.buffer); }
  bytes(at, size) { if (at === 0) throw new Trap('null pointer'); return this.memory.slice(at, at + (size >>> 0)); }
  text(at, size) { return this.decoder.decode(this.bytes(at, size)); }
  put(at, value) { this.view.setUint32(at, value, true); return 0; }

  // ---- calls
  call(name, args = new Uint8Array(), { sender = 1n, connection = 1n } = {}) {
    const id = this.definition.reducers.findIndex((r) => r.name === name);
    if (id < 0) throw new Error(`no reducer ${name}`);
    return this.callNumber(id, args, sender, connection);
  }
  callNumber(id, args, sender = 1n, connection = 1n) {
    const before = this.tables.map((t) => [...t.rows]);
    const sink = this.sink();
    this.open = true;
    const source = this.source(args);
    const code = this.exports.__call_reducer__(id, sender, 0n, 0n, 0n, connection, 0n, this.now, source, sink);
    this.open = false;
    this.handles.delete(source);
    const error = this.written(sink);
    if (code === 0) return null;
    this.tables.forEach((t, i) => { t.rows = before[i]; });
    return error;
  }
  procedure(name, args = new Uint8Array()) {
    const id = this.definition.procedures.findIndex((p) => p.name === name);
    const sink = this.sink();
    const code = this.exports.__call_procedure__(id, 1n, 0n, 0n, 0n, 1n, 0n, this.now, this.source(args), sink);
    if (code) throw new Error(this.written(sink));
    return new Reader(this.take(sink)).value(this.definition.procedures[id].result, this.definition.types);
  }
  /** Lets a handler answer: the bytes of the head, and the body. */
  handler(name, head, body = new Uint8Array()) {
    const [out, content] = [this.sink(), this.sink()];
    const code = this.exports.__call_http_handler__(this.definition.handlers.indexOf(name), this.now, this.source(head), this.source(body), out, content);
    if (code) throw new Error(this.written(out));
    return { head: this.take(out), body: this.written(content) };
  }
  viewRows(name) {
    const view = this.definition.views.find((v) => v.name === name);
    const sink = this.sink();
    this.open = this.readOnly = true;
    const code = view.anonymous ? this.exports.__call_view_anon__(view.index, 0, sink) : this.exports.__call_view__(view.index, 1n, 0n, 0n, 0n, 0, sink);
    this.open = this.readOnly = false;
    if (code !== 2) throw new Error(this.written(sink));
    const r = new Reader(this.take(sink));
    if (r.u8() === 1) return r.text();
    const result = view.result.kind === 'Sum' ? view.result.elements[0].type : view.result.item;
    return r.list(() => r.value(result, this.definition.types));
  }
  rows(name) {
    const table = this.tables.find((t) => t.name === name);
    return table.rows.map((row) => this.decode(table, row));
  }
  decode(table, row) { const r = new Reader(row); const value = r.value({ kind: 'Product', elements: table.elements }, this.definition.types); if (!r.done) throw new Error('row too long'); return value; }
  columns(table, row) {
    const r = new Reader(row);
    return table.elements.map((e) => { const at = r.at; const value = r.value(e.type, this.definition.types); return { value, bytes: row.subarray(at, r.at) }; });
  }

  // ---- the imports
  imports() {
    const f = {
      console_log: (level, t, tn, file, fn, line, m, mn) => { this.logs.push({ level, target: tn ? this.text(t, tn) : '', file: fn ? this.text(file, fn) : '', line, text: mn ? this.text(m, mn) : '' }); },
      bytes_sink_write: (sink, at, len) => { const size = this.view.getUint32(len, true); this.handles.get(sink).push(Buffer.from(this.bytes(at, size))); return 0; },
      bytes_source_read: (source, at, len) => {
        const s = this.handles.get(source), part = s.bytes.subarray(s.at, s.at + this.view.getUint32(len, true));
        this.memory.set(part, at); this.put(len, part.length); s.at += part.length;
        return s.at === s.bytes.length ? -1 : 0;
      },
      table_id_from_name: (at, n, out) => this.named(this.tables.map((t) => t.name), this.text(at, n), out, ERROR.NO_TABLE),
      index_id_from_name: (at, n, out) => this.named(this.indexes.map((t) => t.name), this.text(at, n), out, ERROR.NO_INDEX),
      datastore_table_row_count: (t, out) => this.table(t, (table) => { this.view.setBigUint64(out, BigInt(table.rows.length), true); return 0; }),
      datastore_clear: (t, out) => this.write(t, (table) => { this.view.setBigUint64(out, BigInt(table.rows.length), true); table.rows = []; return 0; }),
      datastore_table_scan_bsatn: (t, out) => this.table(t, (table) => this.put(out, this.handle([...table.rows]))),
      row_iter_bsatn_advance: (iter, at, len) => this.advance(iter, at, len),
      row_iter_bsatn_close: (iter) => (this.handles.delete(iter) ? 0 : ERROR.NO_ITER),
      datastore_insert_bsatn: (t, at, len) => this.write(t, (table) => this.insert(table, at, len, null)),
      datastore_update_bsatn: (t, i, at, len) => this.write(t, (table) => this.insert(table, at, len, this.indexes[i])),
      datastore_delete_all_by_eq_bsatn: (t, at, n, out) => this.write(t, (table) => this.deleteEqual(table, this.bytes(at, n), out)),
      datastore_index_scan_point_bsatn: (i, at, n, out) => this.found(out, () => this.point(i, this.bytes(at, n))),
      datastore_delete_by_index_scan_point_bsatn: (i, at, n, out) => this.remove(this.indexes[i].table, this.point(i, this.bytes(at, n)), out),
      datastore_index_scan_range_bsatn: (i, p, pn, k, s, sn, e, en, out) => this.found(out, () => this.range(i, this.bytes(p, pn), k, this.bytes(s, sn), this.bytes(e, en))),
      datastore_delete_by_index_scan_range_bsatn: (i, p, pn, k, s, sn, e, en, out) => this.remove(this.indexes[i].table, this.range(i, this.bytes(p, pn), k, this.bytes(s, sn), this.bytes(e, en)), out),
      identity: (out) => { this.memory.fill(7, out, out + 32); },
      console_timer_start: () => 1,
      console_timer_end: () => 0,
      get_jwt: (at, out) => this.put(out, this.claims ? this.source(this.encoder.encode(JSON.stringify(this.claims))) : 0),
      procedure_start_mut_tx: (out) => { this.open = true; this.before = this.tables.map((t) => [...t.rows]); this.view.setBigInt64(out, this.now, true); return 0; },
      procedure_commit_mut_tx: () => { this.open = false; return 0; },
      procedure_abort_mut_tx: () => { this.open = false; this.tables.forEach((t, i) => { t.rows = this.before[i]; }); return 0; },
      procedure_sleep_until: (when) => { if (when > this.now) this.now = when; return this.now; },
      procedure_http_request: (at, n, body, bn, out) => {
        const answer = this.answers.shift()?.(this.bytes(at, n), this.bytes(body, bn));
        if (!answer) { this.put(out, this.source(Uint8Array.from([4, 0, 0, 0, 110, 111, 110, 101]))); return ERROR.HTTP; }
        this.put(out, this.source(answer.head)); this.put(out + 4, this.source(answer.body)); return 0;
      },
    };
    return new Proxy({}, { get: () => f, has: () => true });
  }

  named(names, name, out, error) { if (!this.open) return ERROR.NOT_IN_TRANSACTION; const id = names.indexOf(name); return id < 0 ? error : this.put(out, id); }
  table(id, use) { if (!this.open) return ERROR.NOT_IN_TRANSACTION; return this.tables[id] ? use(this.tables[id]) : ERROR.NO_TABLE; }
  write(id, use) { return this.readOnly ? ERROR.READ_ONLY : this.table(id, use); }
  advance(iter, at, len) {
    const rows = this.handles.get(iter), room = this.view.getUint32(len, true);
    if (!rows) return ERROR.NO_ITER;
    let size = 0;
    while (rows.length && size + rows[0].length <= room) { this.memory.set(rows[0], at + size); size += rows.shift().length; }
    if (rows.length && size === 0) { this.put(len, rows[0].length); return ERROR.TOO_SMALL; }
    this.put(len, size);
    if (rows.length) return 0;
    this.handles.delete(iter);
    return -1;
  }
  insert(table, at, len, by) {
    let row = this.bytes(at, this.view.getUint32(len, true));
    const generated = [];
    for (const s of table.sequences) {
      const column = this.columns(table, row)[s.column];
      if (Number(column.value) !== 0) continue;
      table.next++;
      column.bytes.forEach((_, i) => { column.bytes[i] = Number((table.next >> BigInt(8 * i)) & 255n); });
      generated.push(Uint8Array.from(column.bytes));
    }
    row = Uint8Array.from(row);
    const values = this.columns(table, row);
    const equal = (c) => (other) => same(this.columns(table, other)[c].bytes, values[c].bytes);
    let rest = table.rows;
    if (by) {
      const old = rest.findIndex(equal(by.columns[0]));
      if (old < 0) return ERROR.NO_ROW;
      rest = rest.toSpliced ? rest.toSpliced(old, 1) : [...rest.slice(0, old), ...rest.slice(old + 1)];
    }
    if (table.unique.some((u) => rest.some(equal(u.columns[0])))) return ERROR.UNIQUE;
    if (by) table.rows = [...rest, row]; else table.rows.push(row);
    const out = Buffer.concat(generated);
    this.memory.set(out, at);
    return this.put(len, out.length);
  }
  deleteEqual(table, bytes, out) {
    const r = new Reader(bytes);
    const gone = r.list(() => { const at = r.at; r.value({ kind: 'Product', elements: table.elements }, this.definition.types); return bytes.subarray(at, r.at); });
    return this.remove(table, table.rows.filter((row) => gone.some((g) => same(g, row))), out);
  }
  remove(table, rows, out) { if (this.readOnly) return ERROR.READ_ONLY; table.rows = table.rows.filter((row) => !rows.includes(row)); return this.put(out, rows.length); }
  found(out, find) { if (!this.open) return ERROR.NOT_IN_TRANSACTION; return this.put(out, this.handle([...find()])); }
  key(index, row) { const c = this.columns(index.table, row); return index.columns.map((i) => c[i]); }
  point(i, key) { const index = this.indexes[i]; return index.table.rows.filter((row) => same(Buffer.concat(this.key(index, row).map((c) => c.bytes)), key)); }
  range(i, prefix, elements, start, end) {
    const index = this.indexes[i], type = index.table.elements[index.columns[elements]].type;
    const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    const bound = (bytes) => (bytes[0] === 2 ? null : { included: bytes[0] === 0, value: new Reader(bytes.subarray(1)).value(type, this.definition.types) });
    const low = bound(start), high = bound(end);
    const inside = (v) => (!low || compare(v, low.value) > 0 || (low.included && compare(v, low.value) === 0)) && (!high || compare(v, high.value) < 0 || (high.included && compare(v, high.value) === 0));
    const rows = index.table.rows.filter((row) => { const k = this.key(index, row); return same(Buffer.concat(k.slice(0, elements).map((c) => c.bytes)), prefix) && inside(k[elements].value); });
    return rows.sort((a, b) => compare(this.key(index, a)[elements].value, this.key(index, b)[elements].value));
  }
}

/** BSATN of arguments given as [type, value] pairs: 'str', 'f64', 'i64', 'u8'. */
export function args(...pairs) {
  return Buffer.concat(pairs.map(([kind, value]) => {
    const b = Buffer.alloc(kind === 'u8' ? 1 : kind === 'str' ? 4 : 8);
    if (kind === 'str') { const t = Buffer.from(value); b.writeUInt32LE(t.length); return Buffer.concat([b, t]); }
    if (kind === 'f64') b.writeDoubleLE(value); else if (kind === 'i64') b.writeBigInt64LE(BigInt(value)); else b.writeUInt8(value);
    return b;
  }));
}
