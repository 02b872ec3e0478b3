// Ready to serve on the second start (wanted: under 3 s) and resident memory when idle, PostgreSQL apart (wanted: under 300 MB).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, median, report, up } from './support.mjs';

const data = mkdtempSync(join(tmpdir(), 'cloche-bench-'));
const times = [];
let resident = 0;
try {
  for (let round = 0; round < 6; round++) {
    const server = await up(data, await freePort());
    if (round > 0) times.push(server.milliseconds);
    if (round === 5) {
      await new Promise((done) => setTimeout(done, 5000));
      const { pid } = JSON.parse(readFileSync(join(data, 'run/server.json'), 'utf8'));
      resident = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
    }
    await server.stop();
  }
} finally {
  rmSync(data, { recursive: true, force: true });
}
console.log(`second and later starts: ${times.map((time) => time.toFixed(0)).join(', ')} ms`);
report('ready on the second start', { measured: median(times), against: 3000, wanted: 1 });
report('resident when idle', { measured: resident, against: 300, wanted: 1, unit: 'MB' });
