// Looks at a module that `cloche db build` wrote for examples/simple_game, with nothing of ours: the shape by Node's own
// WebAssembly, the definition by the serialisers of the official SDK, given the types of the public ABI. The argument: the module.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { AlgebraicType, BinaryReader, BinaryWriter } from 'spacetimedb';

/** All that a host of the ABI offers, by the version that brought it. */
const ABI = {
  'spacetime_10.0': 'table_id_from_name index_id_from_name datastore_table_row_count datastore_table_scan_bsatn datastore_index_scan_range_bsatn datastore_btree_scan_bsatn datastore_delete_by_index_scan_range_bsatn datastore_delete_by_btree_scan_bsatn datastore_delete_all_by_eq_bsatn row_iter_bsatn_advance row_iter_bsatn_close datastore_insert_bsatn datastore_update_bsatn bytes_source_read bytes_sink_write console_log console_timer_start console_timer_end identity volatile_nonatomic_schedule_immediate',
  'spacetime_10.1': 'bytes_source_remaining_length',
  'spacetime_10.2': 'get_jwt',
  'spacetime_10.3': 'procedure_start_mut_tx procedure_commit_mut_tx procedure_abort_mut_tx procedure_sleep_until procedure_http_request',
  'spacetime_10.4': 'datastore_index_scan_point_bsatn datastore_delete_by_index_scan_point_bsatn',
  'spacetime_10.5': 'datastore_clear',
};

const module = new WebAssembly.Module(fs.readFileSync(process.argv[2]));
for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
  assert.equal(kind, 'function', name);
  assert.ok(ABI[from]?.split(' ').includes(name), `the ABI has no ${from}.${name}`);
}
const exported = WebAssembly.Module.exports(module);
for (const name of ['__setup__', '__describe_module__', '__call_reducer__', '__call_view__', '__call_view_anon__']) {
  assert.equal(exported.find((one) => one.name === name)?.kind, 'function', name);
}
assert.equal(exported.find((one) => one.name === 'memory')?.kind, 'memory');
assert.ok(exported.every(({ name }) => name === 'memory' || /^__(preinit__\d\d_\w+|setup__|describe_module__|call_(reducer|procedure|view|view_anon|http_handler)__)$/.test(name)), exported.map(({ name }) => name).join());

// ---- the definition, as the module tells it to a host that offers nothing but to be told
const sinks = [[], []];
let memory = null;
const said = {
  bytes_sink_write(sink, at, size) {
    const view = new DataView(memory.buffer);
    sinks[sink - 1].push(Buffer.from(new Uint8Array(memory.buffer, at, view.getUint32(size, true))));
    return 0;
  },
};
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) {
  imports[from] ??= {};
  imports[from][name] = said[name] ?? (() => assert.fail(`${name} is called before there is a database`));
}
const { exports } = new WebAssembly.Instance(module, imports);
memory = exports.memory;
for (const { name } of exported.filter((one) => one.name.startsWith('__preinit__')).sort((a, b) => (a.name < b.name ? -1 : 1))) exports[name]();
assert.equal(exports.__setup__(1), 0, Buffer.concat(sinks[0]).toString());
exports.__describe_module__(2);
const bytes = Buffer.concat(sinks[1]);

// ---- the types of a definition (version 10)
const { Sum, Product, Array: List, String: Text, Bool, U8, U16, U32, I128 } = AlgebraicType;
const product = (elements) => Product({ elements: Object.entries(elements).map(([name, algebraicType]) => ({ name, algebraicType })) });
const sum = (variants) => Sum({ variants: Object.entries(variants).map(([name, algebraicType]) => ({ name, algebraicType })) });
const unit = product({});
const option = (type) => sum({ some: type, none: unit });
const blob = List(U8);
const columns = List(U16);

// a type is told by itself, so its own type has to go around in a circle
const type = Sum({ variants: [] });
const elements = List(product({ name: option(Text), algebraic_type: type }));
const row = product({ elements });
type.value.variants.push(...Object.entries({
  Ref: U32, Sum: product({ variants: elements }), Product: row, Array: type, String: unit, Bool: unit, I8: unit, U8: unit, I16: unit, U16: unit, I32: unit, U32: unit, I64: unit, U64: unit,
  I128: unit, U128: unit, I256: unit, U256: unit, F32: unit, F64: unit,
}).map(([name, algebraicType]) => ({ name, algebraicType })));

const index = product({ source_name: option(Text), accessor_name: option(Text), algorithm: sum({ BTree: columns, Hash: columns, Direct: U16 }) });
const constraint = product({ source_name: option(Text), data: sum({ Unique: product({ columns }) }) });
const sequence = product({ source_name: option(Text), column: U16, start: option(I128), min_value: option(I128), max_value: option(I128), increment: I128 });
const table = product({
  source_name: Text, product_type_ref: U32, primary_key: columns, indexes: List(index), constraints: List(constraint), sequences: List(sequence),
  table_type: sum({ System: unit, User: unit }), table_access: sum({ Public: unit, Private: unit }), default_values: List(product({ col_id: U16, value: blob })), is_event: Bool,
});
const visibility = sum({ Private: unit, ClientCallable: unit });
const section = sum({
  Typespace: product({ types: List(type) }),
  Types: List(product({ source_name: product({ scope: List(Text), name: Text }), ty: U32, custom_ordering: Bool })),
  Tables: List(table),
  Reducers: List(product({ source_name: Text, params: row, visibility, ok_return_type: type, err_return_type: type })),
  Procedures: List(product({ source_name: Text, params: row, return_type: type, visibility })),
  Views: List(product({ source_name: Text, index: U32, is_public: Bool, is_anonymous: Bool, params: row, return_type: type })),
  Schedules: List(product({ source_name: option(Text), table_name: Text, schedule_at_col: U16, function_name: Text })),
  LifeCycleReducers: List(product({ lifecycle_spec: sum({ Init: unit, OnConnect: unit, OnDisconnect: unit }), function_name: Text })),
  RowLevelSecurity: List(product({ sql: Text })),
  CaseConversionPolicy: sum({ None: unit, SnakeCase: unit }),
});
const definition = sum({ V8BackCompat: unit, V9: unit, V10: product({ sections: List(section) }) });

const reader = new BinaryReader(new Uint8Array(bytes));
const read = AlgebraicType.makeDeserializer(definition)(reader);
assert.equal(reader.remaining, 0, 'bytes are left over');
const writer = new BinaryWriter(bytes.length);
AlgebraicType.makeSerializer(definition)(writer, read);
assert.ok(Buffer.from(writer.getBuffer()).equals(bytes), 'the SDK writes the definition in other bytes');

// ---- what it says
assert.equal(read.tag, 'V10');
const parts = Object.fromEntries(read.value.sections.map(({ tag, value }) => [tag, value]));
assert.equal(parts.CaseConversionPolicy.tag, 'None');
const typeName = (one) => {
  if (one.tag === 'Array') return `${typeName(one.value)}[]`;
  if (one.tag === 'Ref') return parts.Types.find(({ ty }) => ty === one.value)?.source_name.name ?? typeName(parts.Typespace.types[one.value]);
  if (one.tag === 'Sum') return `sum(${one.value.variants.map((variant) => variant.name).join()})`;
  if (one.tag === 'Product') return `(${one.value.elements.map((element) => element.name).join()})`;
  return one.tag;
};
const fields = (list) => list.map(({ name, algebraic_type: of }) => `${name}: ${typeName(of)}`).join(', ');
const columnsOf = (one) => parts.Typespace.types[one.product_type_ref].value.elements;
const told = parts.Tables.filter(({ table_access: access }) => access.tag === 'Public').map((one) => [one.source_name, fields(columnsOf(one)), [...one.primary_key].map((at) => columnsOf(one)[at].name).join()]);
assert.deepEqual(told, [
  ['game_state', 'id: I64, round_number: I64, active_players: I64, game_started: Bool, last_updated: I64', 'id'],
  ['player', 'identity: String, name: String, score: I64, level: I64, health: F64, position_x: F64, position_y: F64, active: Bool, last_seen: I64, inventory: String[]', 'identity'],
  ['game_event', 'id: I64, player_identity: String, event_type: String, data: String, timestamp: I64', 'id'],
  ['leaderboard_entry', 'rank: I64, player_name: String, score: I64, achievements: I64', 'rank'],
]);
const named = (name) => parts.Tables.find((one) => one.source_name === name);
assert.deepEqual(named('game_event').sequences.map(({ column }) => column), [0]);
assert.deepEqual(named('player').indexes.map(({ algorithm }) => [...algorithm.value].map((at) => columnsOf(named('player'))[at].name).join()).sort(), ['identity', 'name', 'score']);
assert.deepEqual(named('player').constraints.map(({ data }) => [...data.value.columns]), [[0]]);
assert.ok(parts.Tables.every((one) => one.table_type.tag === 'User' && !one.is_event));
const callable = parts.Reducers.filter((one) => one.visibility.tag === 'ClientCallable').map((one) => `${one.source_name}(${fields(one.params.elements)})`);
assert.deepEqual(callable, ['join_game(player_name: String)', 'move_player(x: F64, y: F64)', 'attack_player(target_identity: String, damage: I64)', 'heal_player(amount: I64)', 'update_leaderboard()']);
assert.ok(parts.Reducers.every((one) => typeName(one.ok_return_type) === '()' && one.err_return_type.tag === 'String'));
assert.deepEqual(parts.LifeCycleReducers.map((one) => [one.lifecycle_spec.tag, one.function_name]), [['Init', 'start']]);
assert.deepEqual(parts.Schedules.map((one) => one.function_name).sort(), ['game_start_announcement', 'game_tick', 'leaderboard_update']);
for (const { table_name: name, schedule_at_col: at } of parts.Schedules) assert.equal(typeName(columnsOf(named(name))[at].algebraic_type), 'sum(Interval,Time)');
assert.deepEqual(parts.Views.map((one) => [one.source_name, one.is_public, typeName(one.return_type)]), [['game_status', true, 'sum(some,none)']]);
console.log(`${exported.length} exports, ${WebAssembly.Module.imports(module).length} imports, a definition of ${bytes.length} bytes: as examples/simple_game says`);
