/**
 * Runs one recording in a Node process of its own: its world is fixed, and its memory is given back at the end.
 */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { warmUpOf } from './recipes.mjs';

/** Answers the recipe with what was recorded: `heap`, `code`, `files`, `rest` and `facts` for the index. */
export async function runRecorder({ work, pyodide, loader, ...recipe }) {
  const { writeFilePack } = await import(pathToFileURL(join(loader, 'file-pack.js')).href);
  const started = performance.now();
  const site = recipe.wheels.flatMap((wheel) => wheel.files).sort((a, b) => (a.path < b.path ? -1 : 1));
  const at = (name) => join(work, `${recipe.name}.${name}`);
  await writeFile(at('site'), writeFilePack(site));
  await writeFile(at('py'), await warmUpOf(recipe));
  await run(process.execPath, [
    '--import', pathToFileURL(join(import.meta.dirname, 'fixed-world.mjs')).href,
    join(import.meta.dirname, 'record.mjs'), pyodide, loader, at('site'), at('py'), at('heap'), at('facts'),
  ]);
  const facts = JSON.parse(await readFile(at('facts'), 'utf8'));
  const loaded = facts.places.map(({ path }) => path.slice(facts.sitePackages.length + 1));
  const byPath = new Map(site.map((file) => [file.path, file]));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${recipe.name}: ${facts.modules} modules, ${loaded.length} libraries, `
    + `heap ${megabytes(facts.heapBytes)}, recorded in ${seconds} s`);
  const others = site.filter(({ path }) => !loaded.includes(path));
  return {
    recipe,
    facts,
    heap: await readFile(at('heap')),
    code: loaded.map((path) => byPath.get(path)),
    files: others.filter(({ path }) => facts.read.includes(path)),
    rest: others.filter(({ path }) => !facts.read.includes(path)),
  };
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, TZ: 'UTC' } });
    child.on('error', reject);
    child.on('exit', (code, signal) => (code === 0
      ? resolve()
      : reject(new Error(`the recording ended with ${signal ?? `exit code ${code}`}`))));
  });
}

export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
