// Calls a second of one reducer in this process, with a host that keeps nothing: what the module itself costs.
//   node speed.mjs MODULE.wasm REDUCER TEXT [ROUNDS]
import fs from 'node:fs';
import { Host, args } from './host.mjs';

const [file, name, text, rounds = '5'] = process.argv.slice(2);
const host = new Host();
const f = host.imports().any;
const source = args(['str', text]);
let read = 0;
Object.assign(f, {
  bytes_source_read: (_, at, len) => { new Uint8Array(host.exports.memory.buffer).set(source, at); new DataView(host.exports.memory.buffer).setUint32(len, source.length, true); read++; return -1; },
  datastore_insert_bsatn: (_t, _at, len) => { new DataView(host.exports.memory.buffer).setUint32(len, 0, true); return 0; },
  table_id_from_name: (_at, _n, out) => { new DataView(host.exports.memory.buffer).setUint32(out, 0, true); return 0; },
});
host.imports = () => new Proxy({}, { get: () => f, has: () => true });
const started = performance.now();
const instance = await WebAssembly.instantiate(await WebAssembly.compile(fs.readFileSync(file)), host.imports());
host.exports = instance.exports;
host.exports.__preinit__10_python();
const sink = host.sink();
if (host.exports.__setup__(sink)) throw new Error(host.written(sink));
console.log(`started in ${Math.round(performance.now() - started)} ms`);
const { readDefinition } = await import('./definition.mjs');
const out = host.sink();
host.exports.__describe_module__(out);
const id = readDefinition(host.take(out)).reducers.findIndex((r) => r.name === name);
const error = host.sink();
const N = 50000;
for (let round = 0; round < Number(rounds); round++) {
  const begin = performance.now();
  for (let i = 0; i < N; i++) if (host.exports.__call_reducer__(id, 1n, 0n, 0n, 0n, 1n, 0n, BigInt(i), 1, error)) throw new Error(host.written(error));
  console.log(`${Math.round(N / (performance.now() - begin) * 1000)} calls/s`);
}
if (read === 0) throw new Error('no arguments were read');
