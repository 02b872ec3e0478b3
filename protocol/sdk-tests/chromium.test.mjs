// The official SDKs against live databases as a whole, in Chromium: the same behaviours as in Node, from a page of another origin.
// SDK_PORT and SDK_TOKEN as in sdk.test.mjs. The bundler is the front end's, the driver of the browser that of the browser tests.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { build } = createRequire(join(root, 'web/package.json'))('rolldown');
const { chromium } = createRequire(join(root, 'e2e/package.json'))('playwright-core');

async function bundled() {
  const folder = mkdtempSync(join(tmpdir(), 'sdk-page-'));
  try {
    const file = join(folder, 'page.js');
    await build({ input: fileURLToPath(new URL('in-page.mjs', import.meta.url)), platform: 'browser', output: { file, format: 'esm', codeSplitting: false }, logLevel: 'warn' });
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const script = await bundled();
const pages = createServer((request, response) => {
  const isScript = request.url === '/page.js';
  response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' }).end(isScript ? script : '<!doctype html><title>SDK</title><script type="module" src="page.js"></script>');
});
await new Promise((ready) => pages.listen(0, '127.0.0.1', ready));
const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const browser = await chromium.launch({ executablePath, args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1', '--no-sandbox'] });
let results = [];
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`# in the page: ${error}`));
  await page.goto(`http://127.0.0.1:${pages.address().port}/`);
  await page.waitForFunction(() => typeof globalThis.run === 'function');
  const place = { port: Number(process.env.SDK_PORT), token: process.env.SDK_TOKEN, run: `sdk-in-page-${process.pid}`, module: readFileSync(new URL('people.py', import.meta.url), 'utf8') };
  results = await page.evaluate((given) => globalThis.run(given), place);
} finally {
  await browser.close();
  pages.close();
}

test('the page ran all of them', () => assert.equal(results.length, 3));
for (const { title, outcomes } of results) {
  describe(`${title} in Chromium`, () => {
    for (const { name, failure } of outcomes) test(name, () => assert.ok(failure === null, failure ?? ''));
  });
}
