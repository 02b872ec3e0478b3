#!/usr/bin/env node
/**
 * How long a visitor waits for the first page of a published Python app, in a profile of their own: cold, with nothing
 * fetched yet, and warm, when they come back. The Flask and the FastAPI template, against a stock Pyodide in the same browser
 * that loads the same wheels and imports the framework (without an app, a request or a page), cold and warm as well.
 *
 *   node bench/app-start.mjs --engine DIR --wheels DIR [--rounds 3]
 *
 * DIR of --engine is the built runtime with its snapshots.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from './engine-start/server.mjs';
import { freshProfile, median, ownServer, report, ROOT } from './support.mjs';

const { values } = parseArgs({
  options: { engine: { type: 'string' }, wheels: { type: 'string' }, rounds: { type: 'string', default: '3' } },
});
if (!values.engine || !values.wheels) {
  console.error('usage: app-start.mjs --engine DIR --wheels DIR [--rounds N]');
  process.exit(2);
}
/** An early return must have had time to be kept: the app's page stays open so long after it was shown. */
const STAY_MS = 4000;
const APPS = [
  { name: 'flask', template: 'flask-todo', cold: 2500, warm: 1200 },
  { name: 'fastapi', template: 'fastapi-service', cold: 2500, warm: 1200 },
];

const { snapshots } = JSON.parse(readFileSync(join(values.engine, 'snapshots/snapshots.json'), 'utf8'));
const server = await ownServer();
const plain = await serve({ '/wheels/': values.wheels, '/runtime/': values.engine, '/': join(import.meta.dirname, 'engine-start') });
try {
  for (const { name, template, ...wanted } of APPS) {
    const { workspace } = JSON.parse(server.cloche('workspace', 'create', name, '--template', template, '--json'));
    server.cloche('app', 'publish', name, '--workspace', workspace.id);
    const wheels = snapshots.find((snapshot) => snapshot.name === name).packages.map(({ wheel }) => wheel);
    const times = { stock: { cold: [], warm: [] }, app: { cold: [], warm: [] } };
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const [who, visit] of Object.entries({ stock: (context) => stock(context, name, wheels), app: (context) => app(context, name) })) {
        const profile = await freshProfile();
        times[who].cold.push(await visit(profile.context));
        times[who].warm.push(await visit(profile.context));
        await profile.close();
      }
    }
    for (const when of ['cold', 'warm']) {
      const [ours, theirs] = [times.app[when], times.stock[when]];
      console.log(`${name}, ${when}: ${ours.map(Math.round).join(', ')} ms; stock ${theirs.map(Math.round).join(', ')} ms`);
      report(`first page of ${name}, ${when}, against a stock boot`, { measured: median(ours), against: median(theirs), wanted: 1 });
      report(`first page of ${name}, ${when}, against the wanted time`, { measured: median(ours), against: wanted[when], wanted: 1 });
    }
  }
} finally {
  plain.close();
  await server.remove();
}

/** Milliseconds from the address to the app's own page. */
async function app(context, name) {
  const page = await context.newPage();
  const start = performance.now();
  await page.goto(`http://${name}.app.cloche.localhost:${server.port}/`);
  await page.frameLocator('iframe').locator('h1').first().waitFor({ timeout: 120_000 });
  const time = performance.now() - start;
  await page.waitForTimeout(STAY_MS);
  await page.close();
  return time;
}

/** Milliseconds from the address to the framework being imported. */
async function stock(context, name, wheels) {
  const page = await context.newPage();
  const begin = performance.now();
  await page.goto(`${plain.origin}/index.html`);
  await page.evaluate((message) => new Promise((resolve, reject) => {
    const worker = new Worker('/worker.js', { type: 'module' });
    worker.onmessage = ({ data }) => {
      if (data.type !== 'print') {
        worker.terminate();
        (data.type === 'done' ? resolve : reject)(data.message);
      }
    };
    worker.onerror = ({ message }) => reject(message ?? 'the worker could not be started');
    worker.postMessage(message);
  }), { mode: 'stock', wheels, code: `import ${name}` });
  const time = performance.now() - begin;
  await page.close();
  return time;
}
