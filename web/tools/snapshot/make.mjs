#!/usr/bin/env node
/**
 * Makes the memory snapshots that the browser boots Pyodide from. Needs Node only, no browser.
 *
 *   node web/tools/snapshot/make.mjs --pyodide DIR --wheels DIR [--wheels DIR ...] --out DIR [--only NAME] [--force]
 *
 * The result is a function of its inputs: the same Pyodide, wheels, loader and warm-up give the same bytes. When they
 * have not changed since the last time, nothing is done.
 */
import { createHash } from 'node:crypto';
import { readFile, readdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compileLoader } from './loader.mjs';
import { readIndex, publish } from './publish.mjs';
import { recipes, warmUpOf } from './recipes.mjs';
import { runRecorder } from './recorder.mjs';
import { openShelf } from './shelf.mjs';

const { values } = parseArgs({
  options: {
    pyodide: { type: 'string' },
    wheels: { type: 'string', multiple: true },
    out: { type: 'string' },
    only: { type: 'string', multiple: true },
    force: { type: 'boolean', default: false },
  },
});
if (!values.pyodide || !values.wheels || !values.out) {
  console.error('usage: make.mjs --pyodide DIR --wheels DIR [--wheels DIR ...] --out DIR [--only NAME] [--force]');
  process.exit(2);
}
const started = performance.now();
const pyodide = resolve(values.pyodide);
const out = resolve(values.out);
const work = await mkdtemp(join(tmpdir(), 'cloche-snapshot-'));
try {
  const loader = await compileLoader(join(work, 'loader'));
  const shelf = await openShelf(values.wheels.map((folder) => resolve(folder)));
  const jobs = [];
  for (const recipe of recipes) {
    if (values.only && !values.only.includes(recipe.name)) {
      continue;
    }
    const wheels = shelf.closure(recipe.packages);
    jobs.push({ ...recipe, wheels, id: await identity(recipe, wheels) });
  }
  const previous = values.force ? undefined : await readIndex(out);
  if (previous && jobs.every((job) => previous.some(({ name, id }) => name === job.name && id === job.id))) {
    console.log(`snapshots are up to date in ${values.out}`);
  } else {
    const outcomes = await Promise.allSettled(jobs.map((job) => runRecorder({ ...job, pyodide, loader, work })));
    const recorded = outcomes.map(({ value, reason }) => {
      if (reason) {
        throw reason;
      }
      return value;
    });
    await publish({ out, recorded, pyodide, loader });
    console.log(`snapshots: done after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
} finally {
  await rm(work, { recursive: true, force: true });
}

/** Digest of all that decides a snapshot's bytes: runtime, wheels, our loader, these tools, the warm-up. */
async function identity(recipe, wheels) {
  const hash = createHash('sha256');
  const add = (name, bytes) => hash.update(`${name} ${createHash('sha256').update(bytes).digest('hex')}\n`);
  for (const file of ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip']) {
    add(file, await readFile(join(pyodide, file)));
  }
  for (const folder of [join(work, 'loader'), import.meta.dirname]) {
    for (const file of (await readdir(folder)).filter((name) => /\.m?js$/.test(name) && !name.includes('.test.')).sort()) {
      add(file, await readFile(join(folder, file)));
    }
  }
  add('warm-up', await warmUpOf(recipe));
  for (const wheel of wheels) {
    hash.update(`${wheel.file} ${wheel.sha256}\n`);
  }
  return hash.digest('hex');
}
