import { expect, test } from '@playwright/test';
import { api, newWorkspace, putFile, unique } from '../support/api';
import { Ide } from '../support/ide';
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
  await expect(page.getByRole('alert').filter({ hasText: 'SharedArrayBuffer' })).toContainText('Use a current');
  const ide = new Ide(page);
  await ide.openFile('note.txt');
  await expect(ide.text('note.txt')).toContainText('still here');
});

test('without service workers a published Python app says what is missing and how to get it', async ({ context }) => {
  const id = await newWorkspace('needs a service worker', 'flask-todo');
  const name = unique('needs-sw');
  expect((await api('/api/apps', { method: 'POST', json: { name, workspace: id, placement: 'browser' } })).status).toBe(201);
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined });
  });
  const page = await context.newPage();
  await page.goto(sharedServer().appUrl(name));
  await expect(page.locator('body')).toContainText(/service worker/i);
});
