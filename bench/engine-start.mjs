#!/usr/bin/env node
/**
 * How long a Python tab takes to its first output and to its first plot, from a snapshot and as Pyodide boots by
 * itself, in the same browser from the same server, in turns. Prints the medians and their ratio.
 *
 *   node bench/engine-start.mjs --snapshots DIR --wheels DIR [--pyodide DIR] [--rounds 5] [--url RUNTIME_URL] [--only CASE ...]
 *
 * With --url, runtime and snapshots come from a running server (RUNTIME_URL/ and RUNTIME_URL/snapshots/) instead.
 * CHROMIUM names the browser; default /usr/bin/chromium.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BOOT_PARTS, compileLoader } from '../web/tools/snapshot/loader.mjs';
import { serve } from './engine-start/server.mjs';

const web = resolve(import.meta.dirname, '../web');
const { chromium } = createRequire(join(web, 'package.json'))('playwright-core');
const { values } = parseArgs({
  options: {
    snapshots: { type: 'string' },
    wheels: { type: 'string' },
    pyodide: { type: 'string', default: join(web, 'node_modules/pyodide') },
    rounds: { type: 'string', default: '5' },
    url: { type: 'string' },
    only: { type: 'string', multiple: true },
    verbose: { type: 'boolean', default: false },
  },
});
if (!values.wheels || !(values.snapshots || values.url)) {
  console.error('usage: engine-start.mjs --snapshots DIR --wheels DIR [--pyodide DIR] [--rounds N] [--url RUNTIME_URL]');
  process.exit(2);
}

const PRINT = 'print(1 + 1)';
const PLOT = `
import io
import numpy as np
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
x = np.linspace(0, 6, 200)
figure, axes = plt.subplots()
axes.plot(x, np.sin(x), label="sin")
axes.set_title("A plot")
axes.legend()
png = io.BytesIO()
figure.savefig(png, format="png")
assert png.getvalue().startswith(b"\\x89PNG")
print(len(png.getvalue()))
`;
const work = await mkdtemp(join(tmpdir(), 'cloche-bench-'));
const index = await loadIndex();
const plotWheels = index.snapshots.find(({ name }) => name === 'plot').packages.map(({ wheel }) => wheel);
const cases = {
  'stock, print': { mode: 'stock', wheels: [], code: PRINT },
  'base, print': { mode: 'snapshot', name: 'base', code: PRINT },
  'plot, print': { mode: 'snapshot', name: 'plot', code: PRINT },
  'stock, plot': { mode: 'stock', wheels: plotWheels, code: PLOT },
  'plot, plot': { mode: 'snapshot', name: 'plot', code: PLOT },
};
for (const name of values.only === undefined ? [] : Object.keys(cases).filter((each) => !values.only.includes(each))) {
  delete cases[name];
}
const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));

const server = await serve({
  '/loader/': await compileLoader(join(work, 'loader'), BOOT_PARTS),
  '/wheels/': resolve(values.wheels),
  '/snapshots/': values.url ? new URL('snapshots/', values.url).href : resolve(values.snapshots),
  '/runtime/': values.url ?? resolve(values.pyodide),
  '/': join(import.meta.dirname, 'engine-start'),
});
const browser = await chromium.launchPersistentContext(join(work, 'profile'), {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
try {
  // As with workspaces, each origin has its own snapshot: the one that it used last is kept there.
  const pages = new Map();
  for (const host of ['127.0.0.1', 'localhost']) {
    pages.set(host, await browser.newPage());
    await pages.get(host).goto(`${server.origin.replace('127.0.0.1', host)}/index.html`);
  }
  // Round 0 fills the caches of server and browser; its times are the cold ones. Its sessions live until they have settled.
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const [name, work] of Object.entries(cases)) {
      const result = await start(pages.get(work.name === 'base' ? 'localhost' : '127.0.0.1'), { ...work, settle: round === 0 });
      if (round === 0) {
        console.log(`cold  ${name}: ${result.print} ms`);
      } else {
        times[name].push(result.print);
      }
      if (values.verbose) {
        console.log(round, name, JSON.stringify({ ...result, report: { ...result.report, packages: undefined } }));
      }
    }
  }
  for (const [name, list] of Object.entries(times)) {
    console.log(`warm  ${name}: median ${median(list)} ms (${Math.min(...list)} to ${Math.max(...list)})`);
  }
  for (const [what, ours, stock, most] of [
    ['first print, base snapshot', 'base, print', 'stock, print', 0.4],
    ['first print, plot snapshot', 'plot, print', 'stock, print', 0.4],
    ['plot, snapshot', 'plot, plot', 'stock, plot', 0.5],
  ]) {
    if (ours in times && stock in times) {
      console.log(`ratio ${what} : stock = ${ratio(ours, stock)} (at most ${most})`);
    }
  }
} finally {
  await browser.close();
  server.close();
  await rm(work, { recursive: true, force: true });
}

/** Milliseconds from the creation of the worker to the first output. */
function start(page, work) {
  return page.evaluate((message) => new Promise((resolve, reject) => {
    const begin = performance.now();
    const worker = new Worker('/worker.js', { type: 'module' });
    const late = setTimeout(() => { worker.terminate(); reject(new Error('no answer in 120 s')); }, 120_000);
    const result = {};
    const end = (settle, value) => { clearTimeout(late); worker.terminate(); settle(value); };
    worker.onerror = (event) => end(reject, new Error(event.message));
    worker.onmessage = ({ data }) => {
      if (data.type === 'print') {
        result.print ??= Math.round(performance.now() - begin);
      } else if (data.type === 'done') {
        end(resolve, { ...result, report: data.report });
      } else {
        end(reject, new Error(data.message));
      }
    };
    worker.postMessage(message);
  }), work);
}

async function loadIndex() {
  if (values.url) {
    return (await fetch(new URL('snapshots/snapshots.json', values.url))).json();
  }
  return JSON.parse(await readFile(join(values.snapshots, 'snapshots.json'), 'utf8'));
}

function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function ratio(ours, stock) {
  return (median(times[ours]) / median(times[stock])).toFixed(2);
}
