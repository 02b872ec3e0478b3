import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { newWorkspace, putFile, unique } from '../support/api';
import { Ide } from '../support/ide';
import { ROOT } from '../support/server';
import { signIn } from '../support/session';
import { callWorker } from '../support/workers';

// With the real compilers of this machine, which the shared servers may use. `cloche test` brings clang; Rust is tried where it is.

const TWICE = `#include <cloche/worker.h>

WORKER_FUNCTION(twice) {
  char text[200];
  int forgotten = 1;
  size_t length = (size_t)worker_input_length();
  if (length > 100) return worker_fail("At most 100 bytes.", 18);
  worker_read(text, 0, length);
  worker_read(text + length, 0, length);
  return worker_answer(text, 2 * length);
}
`;
const MATRIX = join(ROOT, 'examples/workers/matrix-rust');
const TARGET = 'wasm32-unknown-unknown';

const dialogOf = (page: Page, name: string): Locator => page.getByRole('dialog', { name });
const buildButton = (page: Page): Locator => page.getByRole('banner').getByRole('button', { name: 'Build worker' });

test('C of a workspace is built by clang on the server: its warning has its place, its bundle is published and called', async ({ page }) => {
  await signIn(page.context());
  const id = await newWorkspace('twice');
  await putFile(id, 'twice/twice.c', TWICE);
  const ide = await Ide.open(page, id);
  await ide.treeItem('twice').click();
  await ide.openFile('twice/twice.c');

  await buildButton(page).click();
  const built = dialogOf(page, 'Publish worker');
  await expect(built.getByRole('status')).toContainText('twice/twice.worker', { timeout: 120_000 });
  await built.getByRole('button', { name: '1 warning' }).click();
  await expect(built).toHaveCount(0);
  const warning = page.getByRole('list', { name: 'Problems' }).getByRole('button', { name: "unused variable 'forgotten'" });
  await expect(warning).toContainText('Line 5, column 7');

  await ide.treeItem('twice.worker').dblclick();
  await page.getByRole('banner').getByRole('button', { name: 'Publish worker' }).click();
  const dialog = dialogOf(page, 'Publish worker');
  const name = unique('twice');
  await dialog.getByLabel('Name of the worker').fill(name);
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(dialog.getByRole('status')).toContainText(`“${name}” is published.`);
  expect((await callWorker(name, 'twice', Buffer.from('ab'), 'local')).text).toBe('abab');
});

test('Rust of a workspace is built by cargo on the server: a mistake has its place, and the mended worker answers', async ({ page }) => {
  const lacks = missingRust();
  test.skip(lacks !== null, `not tried: this machine lacks ${lacks}`);
  await signIn(page.context());
  const id = await newWorkspace('rust');
  const product = readFileSync(join(MATRIX, 'src/product.rs'), 'utf8');
  for (const file of ['worker.json', 'Cargo.toml']) await putFile(id, `matrix/${file}`, readFileSync(join(MATRIX, file), 'utf8'));
  for (const file of readdirSync(join(MATRIX, 'src'))) await putFile(id, `matrix/src/${file}`, readFileSync(join(MATRIX, 'src', file), 'utf8'));
  await putFile(id, 'matrix/src/product.rs', `${product}\nfn wrong() -> i32 { missing }\n`);
  const line = product.split('\n').length + 1;
  const ide = await Ide.open(page, id);
  await ide.treeItem('matrix').click();
  await ide.treeItem('src').click();
  await ide.openFile('matrix/src/product.rs');

  await buildButton(page).click();
  const failed = dialogOf(page, 'Build worker');
  await expect(failed.getByRole('alert')).toContainText('It does not compile', { timeout: 240_000 });
  await failed.getByRole('list', { name: 'Mistakes' }).getByRole('button', { name: new RegExp(`missing.*matrix/src/product.rs, line ${line}, column 21`, 's') }).click();
  await expect(page.getByRole('list', { name: 'Problems' }).getByRole('button', { name: 'missing' })).toContainText(`Line ${line}, column 21`);

  await ide.type('matrix/src/product.rs', product);
  await expect(page.getByRole('list', { name: 'Problems' })).toHaveCount(0);
  await buildButton(page).click();
  const dialog = dialogOf(page, 'Publish worker');
  await expect(dialog.getByRole('status')).toContainText('matrix/matrix-rust.worker', { timeout: 240_000 });
  await expect(dialog).toContainText('There was no matrix/Cargo.lock');
  const name = unique('matrix');
  await dialog.getByLabel('Name of the worker').fill(name);
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(dialog.getByRole('status')).toContainText(`“${name}” is published.`);
  expect((await callWorker(name, 'multiply', Buffer.from('{"A":[[1,2],[3,4]],"B":[[5,6],[7,8]]}'), 'local')).text).toBe('[[19,22],[43,50]]');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(ide.treeItem('Cargo.lock')).toBeVisible();
});

function missingRust(): string | null {
  try {
    execFileSync('cargo', ['--version'], { stdio: 'ignore' });
    const libraries = execFileSync('rustc', ['--print', 'target-libdir', '--target', TARGET], { encoding: 'utf8' }).trim();
    return existsSync(libraries) ? null : `Rust's target ${TARGET}`;
  } catch {
    return 'cargo';
  }
}
