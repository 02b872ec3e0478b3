import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { api, newWorkspace, putFile, unique } from '../support/api';
import { Ide } from '../support/ide';
import { ROOT, Server } from '../support/server';
import { signIn } from '../support/session';
import { callWorker } from '../support/workers';

const MATRIX = join(ROOT, 'examples/workers/matrix-assemblyscript');
const ADDER = `import { Host } from '@extism/as-pdk'

export function twice(): i32 {
  Host.outputString((2 * I32.parseInt(Host.inputString())).toString())
  return 0
}
`;

const dialogOf = (page: Page, name: string): Locator => page.getByRole('dialog', { name });

test('AssemblyScript of a workspace is compiled in the tab, published and called; the digest is that of the command line', async ({ page }) => {
  await signIn(page.context());
  const id = await newWorkspace('matrix');
  for (const file of ['worker.json', 'asconfig.json']) await putFile(id, `matrix/${file}`, readFileSync(join(MATRIX, file), 'utf8'));
  for (const file of readdirSync(join(MATRIX, 'assembly'))) await putFile(id, `matrix/assembly/${file}`, readFileSync(join(MATRIX, 'assembly', file), 'utf8'));
  const compilers: string[] = [];
  page.on('request', (request) => void (/\/asc-[\w-]+\.js$/.test(request.url()) && compilers.push(request.url())));
  const ide = await Ide.open(page, id);
  expect(compilers).toEqual([]);

  await ide.command('Build worker');
  const dialog = dialogOf(page, 'Publish worker');
  await expect(dialog.getByRole('status')).toContainText('matrix/matrix-assemblyscript.worker', { timeout: 240_000 });
  expect(compilers).toHaveLength(1);
  // never an asset that the platform's own origin runs
  expect(new URL(compilers[0]!).host).toMatch(/^workers\.host\./);
  const name = unique('matrix');
  await dialog.getByLabel('Name of the worker').fill(name);
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(dialog.getByRole('status')).toContainText(`“${name}” is published.`);
  const [popup] = await Promise.all([page.waitForEvent('popup'), dialog.getByRole('link', { name: 'Open worker' }).click()]);
  await expect(popup.getByRole('heading', { level: 1, name })).toBeVisible();

  const answer = await callWorker(name, 'multiply', Buffer.from('{"A":[[1,2],[3,4]],"B":[[5,6],[7,8]]}'), 'local');
  expect(answer.text).toBe('[[19,22],[43,50]]');
  const { digest } = (await api(`/api/workers/${name}`)).json.worker as { digest: string };
  expect(digest).toBe(packedDigest());
});

/** The digest of the example's modules as they stand in the repository: `cloche worker build` made them. */
function packedDigest(): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = createHash('sha256').update(readFileSync(join(MATRIX, 'worker.json')));
  for (const file of ['matrix.wasm', 'matrix.simd.wasm']) hash.update(createHash('sha256').update(readFileSync(join(MATRIX, file))).digest());
  return hash.digest('hex');
}

test('a mistake in AssemblyScript is shown at its place, and the mended file becomes a worker', async ({ page }) => {
  await signIn(page.context());
  const id = await newWorkspace('adder');
  await putFile(id, 'twice.ts', ADDER.replace('return 0', 'return nothing'));
  const ide = await Ide.open(page, id);
  await ide.openFile('twice.ts');
  await page.getByRole('banner').getByRole('button', { name: 'Build worker' }).click();
  const failed = dialogOf(page, 'Build worker');
  await expect(failed.getByRole('alert')).toContainText('It does not compile', { timeout: 240_000 });
  await failed.getByRole('list', { name: 'Mistakes' }).getByRole('button', { name: /Cannot find name 'nothing'\.\s*twice.ts, line 5, column 10/ }).click();
  await expect(failed).toHaveCount(0);
  const problems = page.getByRole('list', { name: 'Problems' });
  await expect(problems.getByRole('button', { name: "Cannot find name 'nothing'." })).toContainText('Line 5, column 10');
  // what the editor's TypeScript does not know of AssemblyScript is no mistake
  await expect(problems.getByRole('button')).toHaveCount(1);

  await ide.type('twice.ts', ADDER);
  await expect(problems).toHaveCount(0);
  await page.getByRole('banner').getByRole('button', { name: 'Build worker' }).click();
  const dialog = dialogOf(page, 'Publish worker');
  await expect(dialog.getByRole('status')).toContainText('twice.worker', { timeout: 240_000 });
  const name = unique('twice');
  await dialog.getByLabel('Name of the worker').fill(name);
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(dialog.getByRole('link', { name: 'Open worker' })).toHaveAttribute('href', `/workers/${name}`);
  expect((await callWorker(name, 'twice', Buffer.from('21'), 'local')).text).toBe('42');
});

test('C and Rust are not built unless the administrator lets the server: the dialog says what to switch on', async ({ page }) => {
  const server = await Server.fresh();
  try {
    const call = { port: server.port, token: await server.token() };
    const id = (await api('/api/workspaces', { ...call, method: 'POST', json: { name: 'plain', type: 'PYODIDE' } })).json.workspace.id as string;
    for (const file of ['hash/hash.c', 'sum/Cargo.toml', 'sum/src/lib.rs']) await api(`/api/workspaces/${id}/files/${file}`, { ...call, method: 'PUT', body: '\n' });
    await page.goto(server.signInUrl!);
    await page.waitForURL(`${server.url}/`);
    const ide = await Ide.open(page, id, server.url);
    for (const [path, word] of [['hash/hash.c', 'unsandboxed'], ['sum/Cargo.toml', 'unsandboxed-rust']] as const) {
      await ide.treeItem(path.split('/')[0]!).click();
      await ide.openFile(path);
      await page.getByRole('banner').getByRole('button', { name: 'Build worker' }).click();
      const dialog = dialogOf(page, 'Build worker');
      await expect(dialog.getByRole('alert')).toContainText(`workers.build = "${word}"`);
      await expect(dialog.getByRole('alert')).toContainText('cloche worker build');
      await dialog.getByRole('button', { name: 'Close' }).last().click();
    }
  } finally {
    await server.remove();
  }
});
