import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { api, newWorkspace, putFile, unique } from '../support/api';
import { Ide } from '../support/ide';
import { sharedServer } from '../support/server';
import { signIn } from '../support/session';

const run = promisify(execFile);

test('the Flask template is published from the IDE and used by a visitor who is not signed in', async ({ context, browser }) => {
  await signIn(context);
  const name = unique('todo');
  const page = await context.newPage();
  await Ide.open(page, await newWorkspace('To-do', 'flask-todo'));
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByLabel('Name of the app').fill(name);
  await page.getByRole('button', { name: 'Publish now' }).click();
  await expect(page.getByRole('link', { name: 'Open app' }).first()).toHaveAttribute('href', sharedServer().appUrl(name));

  const visitor = await browser.newContext();
  try {
    const app = await visitor.newPage();
    await app.goto(`${sharedServer().url}/app/${name}/`);
    await app.waitForURL(sharedServer().appUrl(name, '/**'));
    const frame = app.frameLocator('iframe');
    await frame.getByRole('textbox').first().fill('water the seedlings');
    await frame.getByRole('textbox').first().press('Enter');
    await expect(frame.getByText('water the seedlings')).toBeVisible();
    // The form has led to another page, whose style sheet comes after its text.
    await expect(frame.locator('body')).not.toHaveCSS('font-family', /times/i);

    await app.reload();
    await expect(frame.getByText('water the seedlings')).toBeVisible();
  } finally {
    await visitor.close();
  }

  const { stdout } = await run('curl', ['-sSL', '-w', '\n%{http_code}', `http://cloche.localhost:${sharedServer().port}/app/${name}/`]);
  expect(stdout).toContain('browser');
  expect(stdout.trim().endsWith('200')).toBe(true);
});

test('a static app is served from its own origin, rolled back and unpublished', async () => {
  const id = await newWorkspace('site');
  await putFile(id, 'index.html', '<!doctype html><title>one</title><link rel="stylesheet" href="style.css"><p>one');
  await putFile(id, 'style.css', 'p { color: red }');
  const name = unique('site');
  const publish = () => api('/api/apps', { method: 'POST', json: { name, workspace: id, placement: 'browser' } });
  const host = `${name}.app.cloche.localhost:${sharedServer().port}`;

  const first = await publish();
  expect(first.status).toBe(201);
  expect(first.json.app.deployment.kind).toBe('static');
  await putFile(id, 'index.html', '<!doctype html><title>two</title><p>two');
  expect((await publish()).status).toBe(200);
  expect((await api('/', { host })).text).toContain('two');
  expect(String((await api('/style.css', { host })).headers['content-type'])).toContain('text/css');

  const back = await api(`/api/apps/${name}/rollback`, { method: 'POST', json: {} });
  expect(back.json.app.deployment.id).toBe(first.json.app.deployment.id);
  expect((await api('/', { host })).text).toContain('one');

  expect((await api(`/api/apps/${name}`, { method: 'DELETE' })).status).toBe(204);
  expect((await api('/', { host })).status).toBe(404);
});

test('a FastAPI app answers forms, JSON and unknown paths in the tab', async ({ page }) => {
  const id = await newWorkspace('Service', 'fastapi-service');
  await api(`/api/workspaces/${id}/packages`);
  const name = unique('service');
  const published = await api('/api/apps', { method: 'POST', json: { name, workspace: id, placement: 'browser' } });
  expect(published.status).toBe(201);
  expect(published.json.app.deployment.kind).toBe('asgi');

  await page.goto(sharedServer().appUrl(name));
  const frame = page.frameLocator('iframe');
  await expect(frame.getByText('Basil')).toBeVisible();
  const missing = await frame.locator('body').evaluate(async () => (await fetch('/no/such/path')).status);
  expect(missing).toBe(404);
});
