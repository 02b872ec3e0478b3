import { expect, test } from '@playwright/test';
import { api, newWorkspace, putFile } from '../support/api';
import { sharedServer } from '../support/server';
import { signIn } from '../support/session';

test('without SharedArrayBuffer the IDE says what is missing and how to get it, and still edits', async ({ context }) => {
  await signIn(context);
  await context.addInitScript(() => {
    Object.defineProperty(globalThis, 'crossOriginIsolated', { value: false });
    Reflect.deleteProperty(globalThis, 'SharedArrayBuffer');
  });
  const page = await context.newPage();
  const id = await newWorkspace('no shared memory');
  await putFile(id, 'note.txt', 'still here');
  await page.goto(`${sharedServer().url}/workspace/pyodide/${id}`);
  await expect(page.getByRole('alert').filter({ hasText: 'SharedArrayBuffer' })).toContainText('Use a current', { timeout: 60_000 });
  await page.getByRole('treeitem', { name: 'note.txt' }).dblclick();
  await expect(page.locator('.monaco-editor .view-lines')).toContainText('still here');
});

test('without service workers a published Python app says what is missing and how to get it', async ({ context }) => {
  const id = await newWorkspace('needs a service worker', 'flask-todo');
  expect((await api('/api/apps', { method: 'POST', json: { name: 'needs-sw', workspace: id, placement: 'browser' } })).status).toBe(201);
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined });
  });
  const page = await context.newPage();
  await page.goto(sharedServer().appUrl('needs-sw'));
  await expect(page.locator('body')).toContainText(/service worker/i, { timeout: 60_000 });
});
