import { expect, test } from '@playwright/test';
import { api, send, unique } from '../support/api';
import { sharedServer } from '../support/server';
import { signIn } from '../support/session';

const MODULE = `from cloche import U8, reducer, table


@table(public=True, primary_key="id")
class Note:
    id: int
    text: str


@table
class Secret:
    word: str


@reducer
def write(ctx, id: int, text: str, size: U8):
    ctx.db.note.insert(Note(id, text))
`;
const WASM = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const json = { 'content-type': 'application/json' };

/** A module of WebAssembly that imports one function and exports nothing. */
function importing(module: string, name: string): Buffer {
  const text = (word: string) => [word.length, ...Buffer.from(word)];
  const body = [1, ...text(module), ...text(name), 0, 0];
  return Buffer.from([...WASM, 1, 4, 1, 0x60, 0, 0, 2, body.length, ...body]);
}

async function publish(): Promise<string> {
  const name = unique('bad');
  const answer = await api(`/v1/database/${name}`, { method: 'PUT', body: MODULE });
  expect(answer.status, answer.text).toBe(200);
  expect((await api(`/v1/database/${name}/call/write`, { method: 'POST', json: [1, 'kept', 0] })).status).toBe(200);
  return name;
}

/** The one row is as it was, and the same module runs. */
async function expectUnchanged(name: string): Promise<void> {
  const answer = await api(`/v1/database/${name}/sql`, { method: 'POST', body: 'SELECT * FROM note' });
  expect(answer.json[0].rows).toEqual([[1, 'kept']]);
  expect((await api(`/api/databases/${name}`)).json.publications).toHaveLength(1);
}

test('calls that are wrong are refused with the argument and the rule', async () => {
  const name = await publish();
  const call = (reducer: string, body: string, headers: Readonly<Record<string, string>> = json) => api(`/v1/database/${name}/call/${reducer}`, { method: 'POST', body, headers });
  const cases: readonly (readonly [string, string, number, RegExp])[] = [
    ['nothing', '[]', 404, /No such/],
    ['write', '[2]', 400, /expected 3 elements, got 1/],
    ['write', '[2,"a",1,4]', 400, /expected 3 elements, got 4/],
    ['write', '[2,5,1]', 400, /args\.text: expected String, got 5/],
    ['write', '[2,"a",256]', 400, /args\.size: expected U8, got 256/],
    ['write', '[2.5,"a",1]', 400, /args\.id: expected I64, got 2\.5/],
    ['write', '[2,"a"', 400, /expected JSON/],
  ];
  for (const [reducer, body, status, text] of cases) {
    const answer = await call(reducer, body);
    expect(answer.status, body).toBe(status);
    expect(answer.text, body).toMatch(text);
  }
  expect((await call('write', '[2,"a",1]', { 'content-type': 'text/plain' })).status).toBe(415);
  // told by its length, so that nobody sends what is not taken
  expect((await send(`/v1/database/${name}/call/write`, { method: 'POST', headers: { ...json, 'content-length': '40000000' } })).status).toBe(413);
  const token = (authorization: string) => send(`/v1/database/${name}/call/write`, { method: 'POST', body: '[2,"a",1]', headers: { ...json, authorization } });
  expect((await token('Bearer nonsense')).status).toBe(401);
  expect((await token('Bearer a.b.c')).status).toBe(401);
  expect((await token('Basic YTpi')).status).toBe(400);
  await expectUnchanged(name);
});

test('SQL that is wrong or not allowed is refused with its place and changes nothing', async () => {
  const name = await publish();
  const { token } = (await send('/v1/identity', { method: 'POST' })).json as { token: string };
  const sql = (body: string, bearer?: string) => api(`/v1/database/${name}/sql`, { method: 'POST', body, ...(bearer !== undefined && { token: bearer }) });
  const cases: readonly (readonly [string, RegExp, string?])[] = [
    ['SELEC * FROM note', /found `SELEC` at character 0/],
    ['SELECT * FROM nothing', /no such table: `nothing`/],
    ['SELECT * FROM note WHERE nope = 1', /does not have a field `nope`/],
    ["SELECT * FROM note WHERE id = 'x'", /cannot be parsed as type `I64`/],
    ['DELETE FROM note; DELETE FROM note', /Multiple SQL statements/],
    ["INSERT INTO note (id, text) VALUES (1, 'again')", /unique|already/i],
    ['SELECT * FROM secret', /no such table: `secret`.*private/, token],
    ['DELETE FROM note', /not authorized/, token],
  ];
  for (const [text, reason, bearer] of cases) {
    const answer = await sql(text, bearer);
    expect(answer.status, text).toBe(400);
    expect(answer.text, text).toMatch(reason);
  }
  await expectUnchanged(name);
});

test('modules that are none are refused with the place and leave no database', async () => {
  const cases: readonly (readonly [string, string | Buffer, RegExp])[] = [
    ['nothing', '', /it is empty/],
    ['a mistake of syntax', 'from cloche import table\n\ndef f(:\n    pass\n', /line 3[\s\S]*SyntaxError/],
    ['a column of no type', 'from cloche import table\n\n@table\nclass A:\n    x: complex\n', /module\.py:5: A\.x: complex is no type of a column\. Use/],
    ['a package that modules do not have', 'import numpy\n', /line 1[\s\S]*No module named 'numpy'/],
    ['a module without anything', Buffer.from(WASM), /Missing export/],
    ['bytes behind the magic number', Buffer.from([...WASM, 255, 255]), /no valid WebAssembly/],
    ['another version of WebAssembly', Buffer.from([0, 0x61, 0x73, 0x6d, 2, 0, 0, 0]), /unknown binary version/],
    ['a newer ABI', importing('spacetime_11.0', 'table_id_from_name'), /abi version 11\.0 is not supported/],
    ['a function of the operating system', importing('wasi_snapshot_preview1', 'fd_write'), /Unsupported import/],
    ['a function that the ABI does not have', importing('spacetime_10.0', 'no_such'), /Unsupported import/],
  ];
  for (const [what, body, reason] of cases) {
    const name = unique('none');
    const answer = await api(`/v1/database/${name}`, { method: 'PUT', body, headers: { 'content-type': 'application/octet-stream' } });
    expect(answer.status, what).toBe(400);
    expect(answer.text, what).toMatch(reason);
    expect((await api(`/v1/database/${name}`)).status, what).toBe(404);
  }
  expect((await api('/v1/database/Bad_Name!', { method: 'PUT', body: MODULE })).text).toContain("A database's name has");
  expect((await send(`/v1/database/${unique('none')}`, { method: 'PUT', body: MODULE })).status).toBe(401);
});

test('a connection outlives what is refused, and ends with a reason at what is no message', async ({ context }) => {
  const name = await publish();
  await signIn(context);
  const page = await context.newPage();
  await page.goto(sharedServer().url);
  const talk = (messages: readonly unknown[]) => page.evaluate(([address, list]) => new Promise<readonly string[]>((done) => {
    const heard: string[] = [];
    const socket = new WebSocket(address, 'v1.json.spacetimedb');
    const next = () => {
      const message = list[heard.length - 1];
      if (message === undefined) socket.close(1000);
      else socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    };
    socket.onmessage = ({ data }) => { heard.push(String(data)); next(); };
    socket.onclose = ({ code, reason }) => done([...heard.slice(1), `${code} ${reason}`]);
  }), [`ws://${new URL(sharedServer().url).host}/v1/database/${name}/subscribe`, messages] as const);
  const call = (reducer: string, args: string) => ({ CallReducer: { reducer, args, request_id: 1, flags: 0 } });
  const subscribe = (query: string) => ({ SubscribeMulti: { request_id: 3, query_id: { id: 1 }, query_strings: [query] } });

  const heard = await talk([call('nothing', '[]'), call('write', '[5]'), call('write', 'none'), subscribe('SELECT * FROM secret'), subscribe('garbage'),
    { OneOffQuery: { message_id: '0a', query_string: 'SELECT * FROM nope' } }, subscribe('SELECT * FROM note')]);
  const expected = [/no such reducer/, /expected 3 elements, got 1/, /expected JSON/, /SubscriptionError.*no such table: `secret`/, /SubscriptionError.*found `garbage`/, /no such table: `nope`/, /SubscribeMultiApplied.*kept/, /^1000 /];
  expect(heard).toHaveLength(expected.length);
  heard.forEach((text, index) => expect(text).toMatch(expected[index] ?? /^$/));

  expect((await talk(['{[']))).toEqual([expect.stringMatching(/^1011 expected JSON/)]);
  expect((await talk([{ Nothing: {} }]))).toEqual(['1011 unknown message Nothing']);
  expect((await talk(['x'.repeat(34_000_000)]))).toEqual(['1009 a message has at most 33554432 bytes']);
  await expectUnchanged(name);
});
