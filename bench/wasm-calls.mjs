// Calls between host and guest, new instances, code from the cache: wasmtime against Endive in the same process.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, report } from './support.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'cloche-bench-'));
const figures = {};
try {
  const lib = readFileSync(join(ROOT, 'build/java.current'), 'utf8').trim();
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
  const said = execFileSync(java, ['-XX:+UseSerialGC', '-Xmx512m', '--enable-native-access=ALL-UNNAMED', '-cp', `${lib}/*`,
    join(ROOT, 'bench/wasm-calls/WasmCalls.java'), join(ROOT, 'build/assets/native'), scratch], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  for (const line of said.trim().split('\n')) {
    const [engine, figure, nanoseconds] = line.split(' ');
    (figures[figure] ??= {})[engine] = Number(nanoseconds);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const [figure, { wasmtime, endive }] of Object.entries(figures)) {
  console.log(`${figure}: wasmtime ${(wasmtime / 1000).toFixed(3)} us, Endive ${(endive / 1000).toFixed(3)} us, ratio ${(wasmtime / endive).toFixed(2)}`);
}
report('host to guest', { measured: figures['host-to-guest'].wasmtime, against: 100, wanted: 1, unit: 'ns' });
report('guest to host', { measured: figures['guest-to-host'].wasmtime, against: 60, wanted: 1, unit: 'ns' });
report('new instance', { measured: figures.instantiate.wasmtime / 1000, against: 1000, wanted: 1, unit: 'us' });
report('code from the cache', { measured: figures.cached.wasmtime / 1e6, against: figures.compile.wasmtime / 1e6, wanted: 0.1 });
