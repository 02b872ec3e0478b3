// A Python module in process, pipelined on one core (wanted: 60,000 calls a second), with 2 million rows, and a new instance of
// it (wanted: under 1 ms); the same module in Rust beside it. Then through the server: publishing to the end of the first call.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveServer, PYTHON, rustModule, say, sayRatio } from './load/live.mjs';
import { median, report, ROOT, testClassPath } from './support.mjs';

const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
const folder = mkdtempSync(join(tmpdir(), 'cloche-bench-'));
const figures = { Python: {}, Rust: {} };
try {
  const files = [join(ROOT, 'bench/modules/bench.py')];
  const rust = rustModule();
  if (rust) {
    files.push(join(folder, 'bench.wasm'));
    writeFileSync(files[1], rust);
  }
  const said = execFileSync(java, ['-Xmx3g', '-XX:+UseSerialGC', '--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow',
    '-cp', testClassPath('databases', folder), 'dev.cloche.databases.ModuleBench', join(ROOT, 'build/assets'), folder, ...files],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  for (const line of said.trim().split('\n')) {
    const [language, figure, value] = line.split('\t');
    figures[language][figure] = Number(value);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const rate = (language, figure) => ({ rate: figures[language][figure], low: figures[language][figure], high: figures[language][figure] });
for (const [language, of] of Object.entries(figures).filter(([, one]) => one.insert)) {
  say(`${language}, insert, one core in process`, rate(language, 'insert'), language === 'Python' ? { wanted: 60_000 } : {});
  sayRatio(`${language}, insert with 2 million rows, against fresh`, rate(language, 'insert, 2 million rows'), rate(language, 'insert'), 0.9);
  say(`${language}, insert with key and index`, rate(language, 'insert, key and index'));
  sayRatio(`${language}, insert with key and index and 2 million rows, against fresh`, rate(language, 'insert, key and index, 2 million rows'), rate(language, 'insert, key and index'), 0.9);
  say(`${language}, transfer`, rate(language, 'transfer'));
  report(`${language}, new instance`, { measured: of['new instance'] * 1000, against: 1000, wanted: 1, unit: 'us' });
}

const server = await liveServer();
try {
  await server.call(await server.publish(PYTHON()), 'send_message', 'the first one waits for the interpreter');
  const times = { first: [], second: [] };
  for (let round = 0; round < 7; round++) {
    // never the same source twice: the server knows what it has seen
    const source = (what) => `${PYTHON()}\n# ${what} ${round}\n`;
    const began = performance.now();
    const name = await server.publish(source('first'));
    await server.call(name, 'send_message', 'hello');
    times.first.push(performance.now() - began);
    const again = performance.now();
    await server.publish(source('second'), name);
    await server.call(name, 'send_message', 'hello again');
    times.second.push(performance.now() - again);
  }
  for (const [which, all] of Object.entries(times)) {
    console.log(`${which} publication to the end of a call: ${all.map((time) => time.toFixed(0)).join(', ')} ms`);
    report(`${which} publication of a Python module to the end of a call`, { measured: median(all), against: 300, wanted: 1 });
  }
} finally {
  await server.remove();
}
