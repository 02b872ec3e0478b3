#!/usr/bin/env node
// Runs the wheels of the shelf in Chromium: each case of cases/ in a fresh module worker of a cross-origin isolated page.
//
//   node run.mjs NODE_MODULES SHELF [CASE...] [--pictures FOLDER]
//
// NODE_MODULES holds `pyodide` and `playwright-core`, SHELF is a folder that fetch_shelf.py filled. Beside the cases
// every wheel of the lock is loaded and each of its names imported, and each must be named by a case or be needed by one
// that is. CHROMIUM names the browser (/usr/bin/chromium). Prints `N passed, N failed`; ends with 1 when something
// failed.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from './server.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
// A fatal error of the interpreter leaves a promise that never settles.
const CASE_SECONDS = 240;

function parsed(words) {
  const at = words.indexOf('--pictures');
  const pictures = at < 0 ? undefined : words.splice(at, 2)[1];
  const [modules, shelf, ...only] = words;
  if (!shelf) {
    console.error('usage: run.mjs NODE_MODULES SHELF [CASE...] [--pictures FOLDER]');
    process.exit(2);
  }
  return { modules: resolve(modules), shelf: resolve(shelf), only, pictures };
}

/** The cases: a name, the wheels that it asks for, its Python. */
function cases(lock, only) {
  const folder = join(HERE, 'cases');
  const found = readdirSync(folder).filter((file) => file.endsWith('.py')).sort().map((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    const wheels = source.match(/^# wheels: (.*)$/m);
    if (!wheels) throw new Error(`${file} does not say which wheels it needs`);
    return { name: file.slice(0, -3), wheels: wheels[1].split(' '), source };
  });
  const imports = lock.wheels.map((wheel) => {
    const lines = wheel.imports.map((name) => `    import ${name}`).join('\n');
    const name = wheel.name.replaceAll('-', '_');
    return `def test_${name}():\n${lines}\n`;
  });
  found.unshift({ name: 'imports', wheels: lock.wheels.map((wheel) => wheel.name), source: imports.join('\n\n') });
  return only.length === 0 ? found : found.filter((each) => only.includes(each.name));
}

/** The wheels that no case covers, directly or as something that a tested wheel needs. */
function uncovered(lock, all) {
  const byName = new Map(lock.wheels.map((wheel) => [wheel.name, wheel]));
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    byName.get(name).depends.forEach(visit);
  };
  all.filter((each) => each.name !== 'imports').flatMap((each) => each.wheels).forEach(visit);
  return lock.wheels.map((wheel) => wheel.name).filter((name) => !seen.has(name));
}

const options = parsed(process.argv.slice(2));
const lock = JSON.parse(readFileSync(join(options.shelf, 'shelf.lock.json'), 'utf8'));
const { chromium } = createRequire(join(options.modules, 'package.json'))('playwright-core');
const all = cases(lock, options.only);
let passed = 0;
let failed = 0;

function report(name, ok, detail) {
  if (ok) passed += 1;
  else failed += 1;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${detail ? `\n${detail}` : ''}`);
}

if (options.only.length === 0) {
  const lacking = uncovered(lock, all);
  report('every wheel has a case', lacking.length === 0, lacking.join(', '));
}
if (options.pictures) mkdirSync(options.pictures, { recursive: true });

const server = await serve(join(options.modules, 'pyodide'), options.shelf, lock, join(HERE, 'tab'));
const profile = mkdtempSync(join(tmpdir(), 'wheels-test-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // Every host but ours is unknown: what the shelf lacks must show.
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
});
try {
  for (const each of all) {
    const page = await browser.newPage();
    await page.goto(server.url);
    const started = Date.now();
    const answer = await page.evaluate(([task, seconds]) => globalThis.runCase(task, seconds), [each, CASE_SECONDS]);
    await page.close();
    if (answer.fatal) report(`${each.name}`, false, answer.fatal);
    for (const test of answer.tests ?? []) report(`${each.name}: ${test.name}`, test.ok, test.detail);
    (options.pictures ? answer.pictures ?? [] : []).forEach((picture, index) => {
      writeFileSync(join(options.pictures, `${each.name}-${index}.png`), Buffer.from(picture, 'base64'));
    });
    console.log(`     ${each.name}: ready after ${answer.ready ?? '-'} ms, done after ${Date.now() - started} ms`);
  }
  report('no file was asked for in vain', server.missing.length === 0, server.missing.join('\n'));
} finally {
  await browser.close();
  server.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
