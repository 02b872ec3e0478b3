// The built module under another engine, with a host that shares no code with the package.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Host, args } from './host.mjs';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'guest-'));
const base = path.join(folder, 'python.wasm');
const python = (...words) => execFileSync('python3', words, { stdio: ['ignore', 'pipe', 'pipe'] });

/** A module of source texts by file name, or of files that exist. */
function packed(name, files) {
  const out = path.join(folder, `${name}.wasm`);
  const root = fs.mkdtempSync(path.join(folder, 'source-'));
  const paths = Object.entries(files).map(([file, text]) => {
    const at = path.join(root, file);
    fs.mkdirSync(path.dirname(at), { recursive: true });
    fs.writeFileSync(at, text);
    return at;
  });
  python(path.join(here, '../pack.py'), base, ...paths, '-o', out);
  return fs.readFileSync(out);
}
const file = (at) => fs.readFileSync(path.join(here, at), 'utf8');
const start = (source, options) => Host.start(packed('module', typeof source === 'string' ? { 'game.py': source } : source), options);
const refused = async (source) => start(source).then(() => assert.fail('setup passed'), (error) => error.message);

before(() => { python('-c', 'import lzma, sys; open(sys.argv[2], "wb").write(lzma.open(sys.argv[1]).read())', path.join(here, '../built/python.wasm.xz'), base); });
after(() => fs.rmSync(folder, { recursive: true }));

test('imports and exports are those of the ABI and nothing else', async () => {
  const module = await WebAssembly.compile(fs.readFileSync(base));
  const modules = new Set(WebAssembly.Module.imports(module).map((i) => i.module));
  assert.ok([...modules].every((name) => /^spacetime_10\.[0-5]$/.test(name)), [...modules].join());
  assert.deepEqual(WebAssembly.Module.exports(module).map((e) => e.name).sort(),
    ['__call_http_handler__', '__call_procedure__', '__call_reducer__', '__call_view__', '__call_view_anon__', '__describe_module__', '__preinit__10_python', '__setup__', 'memory']);
  const chat = await WebAssembly.compile(packed('chat', { 'chat.py': file('../../../examples/chat/chat.py') }));
  const used = WebAssembly.Module.imports(chat);
  assert.ok(used.every((i) => i.module !== 'spacetime_10.3' && i.module !== 'spacetime_10.5'), used.map((i) => i.name).join());
});

test('the chat runs', async () => {
  const host = await Host.start(packed('chat', { 'chat.py': file('../../../examples/chat/chat.py') }));
  assert.deepEqual(host.definition.tables.map((t) => [t.name, t.public, t.key]), [['message', true, []], ['user', true, [0]]]);
  assert.deepEqual(host.definition.lifecycles, [{ kind: 'init', function: 'start' }, { kind: 'connect', function: 'joined' }, { kind: 'disconnect', function: 'left' }]);
  assert.equal(host.definition.conversion, 'None');
  assert.equal(host.call('start'), null);
  assert.equal(host.call('joined', undefined, { sender: 5n }), null);
  assert.equal(host.call('set_name', args(['str', 'Ann']), { sender: 5n }), null);
  assert.equal(host.call('send_message', args(['str', 'hello é']), { sender: 5n }), null);
  assert.equal(host.call('send_message', args(['str', '  '])), 'text must not be blank');
  assert.equal(host.call('set_name', args(['str', 'x']), { sender: 6n }), 'no such user');
  assert.deepEqual(host.rows('message').map((m) => [m.sender.__identity__, m.text]), [[1n, 'welcome'], [5n, 'hello é']]);
  assert.deepEqual(host.rows('user'), [{ identity: { __identity__: 5n }, name: { some: 'Ann' }, online: true }]);
  assert.deepEqual(host.logs.map((l) => [l.level, l.file, l.text]), [[2, 'chat.py', 'chat starts'], [2, 'chat.py', 'None is now called Ann']]);
});

test('all kinds of declarations work through the ABI', async () => {
  const answer = { head: Buffer.from('0100000006000000782d6b696e64040000007465737402c800', 'hex'), body: Buffer.from('body') };
  const requests = [];
  const host = await Host.start(packed('kitchen', { 'kitchen.py': file('modules/kitchen.py') }), { answers: [(request, body) => { requests.push([request, body]); return answer; }] });
  const d = host.definition;
  assert.deepEqual(d.tables.map((t) => t.name), ['person', 'cell', 'shot', 'reminder']);
  assert.deepEqual(d.tables[0].indexes.map((i) => [i.name, i.accessor, i.columns]), [['person_id_idx_btree', 'id', [0]], ['person_email_idx_btree', 'email', [1]],
    ['person_age_idx_btree', 'age', [3]], ['person_city_age_idx_btree', 'city_age', [2, 3]], ['person_colour_idx_hash', 'colour', [4]]]);
  assert.deepEqual(d.tables[0].sequences.map((s) => s.column), [0]);
  assert.deepEqual(d.tables[0].defaults.map((x) => [x.column, Buffer.from(x.value).toString('hex')]), [[4, '00'], [5, '00000000'], [6, '02'], [7, '01']]);
  assert.deepEqual(d.tables.map((t) => t.event), [false, false, true, false]);
  assert.deepEqual(d.schedules.map((s) => [s.table, s.column, s.function]), [['reminder', 1, 'ring']]);
  assert.deepEqual(d.views.map((v) => [v.name, v.index, v.anonymous]), [['my_shots', 0, false], ['oldest', 0, true], ['adults', 1, true]]);
  assert.ok(d.reducers.every((r) => r.callable === !['begin', 'come_in', 'ring'].includes(r.name)));

  assert.equal(host.call('begin'), null);
  for (const [email, city, age] of [['a', 'Bern', 30], ['b', 'Ulm', 20], ['c', 'Bern', 40]]) assert.equal(host.call('add', args(['str', email], ['str', city], ['u8', age])), null);
  assert.deepEqual(host.rows('person').map((p) => [p.id, p.email, p.shape]), [[1, 'a', { Nothing: {} }], [2, 'b', { Nothing: {} }], [3, 'c', { Nothing: {} }]]);
  assert.match(host.call('add', args(['str', 'a'], ['str', 'x'], ['u8', 1])), /^UniqueViolation: person: there is a row with email='a' \(str\) already \(kitchen\.py:\d+ in add\)$/);
  assert.deepEqual(host.viewRows('my_shots').map((p) => p.email), ['a', 'c']);
  assert.deepEqual(host.viewRows('oldest').map((p) => p.email), ['c']);
  assert.equal(host.viewRows('adults'), 'SELECT * FROM person WHERE age >= 18');
  assert.equal(host.procedure('total_age', Buffer.from([5, 0, 0, 0])), 95n);
  assert.equal(host.rows('cell').length, 2);
  assert.equal(host.procedure('fetch', args(['str', 'http://example.test/'])), '200 test body');
  assert.equal(Buffer.from(requests[0][0]).toString('hex'), '00' + '01000000' + '06000000616363657074' + '0a000000746578742f706c61696e' + '00a025260000000000' + '14000000687474703a2f2f6578616d706c652e746573742f' + '02');
  assert.throws(() => host.procedure('fetch', args(['str', 'http://example.test/'])), /HttpError: none/);
  host.claims = { banned: true };
  assert.equal(host.call('come_in'), 'you are banned');
});

test('HTTP handlers answer through the ABI, in the form that a module in Rust has', async () => {
  const host = await Host.start(packed('kitchen', { 'kitchen.py': file('modules/kitchen.py') }));
  assert.deepEqual(host.definition.handlers, ['add_cell', 'said', 'nothing']);
  assert.deepEqual(host.definition.routes, [{ handler: 'add_cell', method: 'POST', path: '/cells' }, { handler: 'said', method: 'GET', path: '' },
    { handler: 'said', method: null, path: '/form' }, { handler: 'nothing', method: 'PUT', path: '/nothing' }, { handler: 'nothing', method: 'DELETE', path: '/nothing' }]);
  const text = (t) => Buffer.concat([Buffer.from(Uint32Array.of(Buffer.byteLength(t)).buffer), Buffer.from(t)]);
  const request = (method, uri) => Buffer.concat([Buffer.from([method, 1, 0, 0, 0]), text('x-kind'), text('test'), Buffer.from([1]), text(uri), Buffer.from([2])]);

  const made = host.handler('add_cell', request(2, '/cells?y=7'), Buffer.from('{"x": 5}'));
  assert.equal(made.body, '{"cells": [{"slot": 5, "value": 7}], "sender": true}');
  assert.deepEqual(Buffer.from(made.head), Buffer.concat([Buffer.from([2, 0, 0, 0]), text('content-type'), text('application/json'), text('x-kind'), text('test'), Buffer.from([2, 201, 0])]));
  assert.deepEqual(host.rows('cell'), [{ slot: 5, value: 7 }]);

  assert.equal(host.handler('said', Buffer.concat([Buffer.from([9]), text('QUERY'), Buffer.from([0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]), text('/form'), Buffer.from([3])])).body, 'QUERY /form? {}');
  const refused = host.handler('said', request(0, '/?refuse=1'));
  assert.deepEqual([refused.body, refused.head.at(-2)], ['not this one', 400 & 255]);
  const line = file('modules/kitchen.py').split('\n').findIndex((l) => l.includes('"http://example.test/", json=')) + 1;
  const broken = host.handler('nothing', request(3, '/nothing'));
  assert.equal(broken.body, `HttpError: none (kitchen.py:${line} in nothing)`);
  assert.deepEqual([broken.head.at(-2), broken.head.at(-1)], [500 & 255, 500 >> 8]);
  assert.match(host.logs.at(-1).text, /^Traceback [^]*HttpError: none$/);
});

test('an error that nobody meant has a traceback in the log and leaves the instance alive', async () => {
  const host = await Host.start(packed('kitchen', { 'kitchen.py': file('modules/kitchen.py') }));
  const line = file('modules/kitchen.py').split('\n').findIndex((l) => l.includes('return {}["x"]')) + 1;
  assert.equal(host.call('boom'), `KeyError: 'x' (kitchen.py:${line} in boom)`);
  assert.deepEqual(host.rows('cell'), []);
  const [said, trace] = host.logs.slice(-2);
  assert.deepEqual([said.level, said.file, said.text], [2, 'kitchen.py', 'before 7']);
  assert.equal(trace.level, 0);
  assert.match(trace.text, new RegExp(`^Traceback \\(most recent call last\\):\\n  File "kitchen.py", line ${line}, in boom\\n    return \\{\\}\\["x"\\]`));
  assert.doesNotMatch(trace.text, /frozen|cloche codec/);
  assert.match(host.call('add', Buffer.from([1])), /^invalid arguments for reducer add: /);
  assert.equal(host.call('draw'), null);
});

test('mistakes in the source are told when the module is set up', async () => {
  assert.equal(await refused('from cloche import *\n@table\nclass A:\n    x: int\n    y: complex\n'), 'game.py:5: A.y: complex is no type of a column. Use a dataclass with two floats\n    y: complex');
  assert.match(await refused('import cloche\nx = 1 / 0\n'), /^Traceback .*\n {2}File "game.py", line 2, in <module>\n {4}x = 1 \/ 0\n[ ~^]*\n?ZeroDivisionError: division by zero$/);
  assert.match(await refused('import socket\n'), /File "game.py", line 1.*\n.*\nModuleNotFoundError: No module named '_?socket'/);
  assert.match(await refused('open("/etc/passwd")\n'), /File "game.py", line 1/);
  assert.match(await refused({ 'json.py': 'x = 1\n' }), /hides the standard module json/);
});

test('files import one another', async () => {
  const host = await start({ 'game.py': 'from cloche import reducer, table\nfrom rules.dice import SIDES\nimport tables\n@reducer\ndef roll(ctx):\n    ctx.db.throw.insert(tables.Throw(SIDES))\n',
    'rules/dice.py': 'SIDES = 6\n', 'tables.py': 'from cloche import table\n@table\nclass Throw:\n    eyes: int\n' });
  assert.equal(host.call('roll'), null);
  assert.deepEqual(host.rows('throw'), [{ eyes: 6n }]);
});

test('the example of the requirement runs, timers included', async () => {
  const host = await Host.start(packed('simple_game', { 'simple_game.py': file('../../../examples/simple_game/simple_game.py') }));
  assert.deepEqual(host.definition.tables.filter((t) => t.public).map((t) => t.name), ['game_state', 'player', 'game_event', 'leaderboard_entry']);
  assert.deepEqual(host.definition.schedules.map((s) => s.function), ['game_tick', 'leaderboard_update', 'game_start_announcement']);
  assert.equal(host.call('start'), null);
  assert.deepEqual(host.rows('game_tick_schedule'), [{ scheduled_id: 1n, scheduled_at: { Interval: { __time_duration_micros__: 30000000n } } }]);
  assert.equal(host.rows('game_start_announcement_schedule').length, 1);
  assert.equal(host.call('join_game', args(['str', 'Ann'])), null);
  assert.equal(host.call('move_player', args(['f64', 3], ['f64', 4])), null);
  assert.equal(host.call('move_player', args(['f64', 300], ['f64', 4])), 'the world ends at 100.0');
  assert.equal(host.call('update_leaderboard'), null);
  assert.deepEqual(host.rows('leaderboard_entry').map((e) => e.player_name), ['Ann']);
  assert.deepEqual(host.rows('player').map((p) => [p.position_x, p.inventory]), [[3, ['starter_sword', 'health_potion']]]);
});

test('large arguments and rows pass, endless recursion is an error and no more', async () => {
  const host = await start('from cloche import *\n@table\nclass Note:\n    text: str\n@reducer\ndef keep(ctx, text: str):\n    ctx.db.note.insert(Note(text)); assert len(ctx.db.note.scan()[0].text) == len(text)\n'
    + '@reducer\ndef deep(ctx): deep(ctx)\n@reducer\ndef clock(ctx):\n    import time, uuid; ctx.log(f"{time.time():.0f} {uuid.uuid4()}")\n');
  assert.equal(host.call('keep', args(['str', 'é'.repeat(600_000)])), null);
  assert.match(host.call('deep'), /^RecursionError: .* \(game\.py:\d+ in deep\)$/);
  assert.equal(host.call('clock'), null);
  assert.match(host.logs.at(-1).text, /^1767225600 [0-9a-f-]{36}$/);
});
