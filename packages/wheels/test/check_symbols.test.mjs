import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const GATE = fileURLToPath(new URL('check_symbols.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'symbols-'));
after(() => rmSync(folder, { recursive: true }));

const text = (word) => [word.length, ...Buffer.from(word)];
const section = (id, bytes) => [id, bytes.length, ...bytes];
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const TYPE = section(1, [1, 0x60, 0, 0]);

/** A module that imports one function from "env". */
const calling = (name) => Buffer.from([...HEADER, ...TYPE, ...section(2, [1, ...text('env'), ...text(name), 0, 0])]);
/** A module that exports one function. */
const offering = (name) => Buffer.from([
  ...HEADER, ...TYPE, ...section(3, [1, 0]), ...section(7, [1, ...text(name), 0, 0]), ...section(10, [1, 2, 0, 0x0b])]);

/** A ZIP file with one stored entry. */
function zip(path, content) {
  const name = Buffer.from(path);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt32LE(content.length, 20);
  central.writeUInt32LE(content.length, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + content.length, 16);
  return Buffer.concat([local, name, content, central, name, end]);
}

writeFileSync(join(folder, 'pyodide.asm.wasm'), offering('PyLong_FromLong'));
writeFileSync(join(folder, 'pyodide.asm.mjs'), 'var x={};var wasmImports={strptime:_strptime,js2python_js};run()');

function gate(module) {
  const wheel = join(folder, 'a-1-py3-none-any.whl');
  writeFileSync(wheel, zip('a/b.so', module));
  return spawnSync(process.execPath, [GATE, folder, wheel], { encoding: 'utf8' });
}

test('a function of the main module or of its JavaScript is offered', () => {
  for (const name of ['PyLong_FromLong', 'strptime', 'js2python_js']) assert.equal(gate(calling(name)).status, 0, name);
});

test('a function that nobody offers ends the check with 1 and is named', () => {
  const answer = gate(calling('findModeID'));

  assert.equal(answer.status, 1);
  assert.match(answer.stderr, /a\/b\.so: nobody offers findModeID/);
});

test('wheels without a compiled module prove nothing', () => {
  writeFileSync(join(folder, 'empty.whl'), zip('a/b.py', Buffer.from('pass')));

  assert.equal(spawnSync(process.execPath, [GATE, folder, join(folder, 'empty.whl')]).status, 1);
});
