import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { api, newWorkspace, putFile, unique } from '../support/api';
import { Ide } from '../support/ide';
import { ROOT, sharedServer } from '../support/server';
import { signIn } from '../support/session';

const CHAT = readFileSync(join(ROOT, 'examples/chat/chat.py'), 'utf8');

async function publishChat(name: string): Promise<void> {
  const answer = await api(`/v1/database/${name}`, { method: 'PUT', body: CHAT });
  if (answer.status !== 200) throw new Error(answer.text);
}

const rows = (page: Page) => page.getByRole('table', { name: 'Rows of message' });

async function open(page: Page, name: string, tab = ''): Promise<void> {
  await page.goto(`${sharedServer().url}/databases/${name}${tab === '' ? '' : `?tab=${tab}`}`);
}

test('a message that is sent by the form appears live in the grid of another browser', async ({ context, browser }) => {
  const name = unique('chat');
  await publishChat(name);
  await signIn(context);
  const other = await browser.newContext();
  try {
    await signIn(other);
    const watching = await other.newPage();
    await watching.goto(`${sharedServer().url}/databases`);
    await watching.getByRole('link', { name, exact: true }).click();
    await expect(rows(watching).getByText('welcome')).toBeVisible();
    await expect(watching.getByRole('region', { name: 'Table message' }).getByText('Live')).toBeVisible();

    const page = await context.newPage();
    await open(page, name);
    await page.getByRole('tab', { name: 'Reducers' }).click();
    await page.getByLabel('text').fill('seen elsewhere');
    await page.getByRole('button', { name: 'Call send_message' }).click();
    await expect(page.getByRole('status').getByText('Done')).toBeVisible();
    await expect(rows(watching).getByText('seen elsewhere')).toBeVisible();

    await page.getByLabel('text').fill('  ');
    await page.getByRole('button', { name: 'Call send_message' }).click();
    await expect(page.getByRole('alert')).toContainText('The module refused');
    await expect(page.getByRole('alert')).toContainText('text must not be blank');
    await expect(rows(watching).getByRole('row')).toHaveCount(3);
  } finally {
    await other.close();
  }
});

test('SQL is run, refused with its place and remembered, and the log is followed', async ({ context }) => {
  const name = unique('chat');
  await publishChat(name);
  await signIn(context);
  const page = await context.newPage();
  await open(page, name, 'sql');
  const statement = page.getByLabel('SQL statement');
  await statement.fill('SELECT text FROM message');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.getByRole('table', { name: 'Rows of the result' }).getByText('welcome')).toBeVisible();
  await statement.fill('SELECT *\nFROM message WHERE text LIKE 3');
  await statement.press('Control+Enter');
  await expect(page.getByRole('alert')).toContainText('LIKE');
  await expect(page.getByRole('button', { name: /Go to line 2/ })).toBeVisible();
  await page.getByRole('button', { name: 'History' }).click();
  await page.getByRole('menuitem', { name: 'SELECT text FROM message' }).click();
  await expect(statement).toHaveValue('SELECT text FROM message');

  await page.getByRole('tab', { name: 'Logs' }).click();
  const log = page.getByRole('log');
  await expect(log).toContainText('chat starts');
  await api(`/v1/database/${name}/call/send_message`, { method: 'POST', json: [' '] });
  await expect(log).toContainText('text must not be blank');
  await page.getByRole('button', { name: 'Error', exact: true }).click();
  await expect(log).not.toContainText('text must not be blank');
  await expect(log).toContainText('chat starts');

  await page.getByRole('tab', { name: 'Activity' }).click();
  await expect(page.getByRole('figure', { name: 'Calls per second' })).toContainText(/[1-9]\d* in five minutes/);
  await page.getByRole('tab', { name: 'Migrations' }).click();
  await expect(page.getByText('runs now')).toBeVisible();
});

test('a backup is restored under another name, with the rows of its moment', async () => {
  const name = unique('chat');
  await publishChat(name);
  await api(`/v1/database/${name}/call/send_message`, { method: 'POST', json: ['kept'] });
  const backup = await api(`/api/databases/${name}/backup`);
  expect(backup.status).toBe(200);
  await api(`/v1/database/${name}/call/send_message`, { method: 'POST', json: ['later'] });

  const zip = { method: 'PUT', body: backup.bytes, headers: { 'content-type': 'application/zip' } };
  const restored = unique('again');
  expect((await api(`/api/databases/${restored}/backup`, zip)).json.database.rows).toBeGreaterThanOrEqual(2);
  expect((await api(`/api/databases/${restored}/backup`, zip)).status).toBe(409);
  expect((await api(`/api/databases/${unique('bad')}/backup`, { ...zip, body: 'no zip' })).status).toBe(400);
  const texts = async (database: string) => (await api(`/v1/database/${database}/sql`, { method: 'POST', body: 'SELECT text FROM message' })).json[0].rows as string[][];
  expect((await texts(restored)).flat()).toEqual(['welcome', 'kept']);
  expect((await texts(name)).flat()).toEqual(['welcome', 'kept', 'later']);
});

test('a backup is downloaded from the page: as it is now, and as it was at a time', async ({ context }) => {
  const name = unique('chat');
  await publishChat(name);
  await api(`/v1/database/${name}/call/send_message`, { method: 'POST', json: ['kept'] });
  const { offset } = (await api(`/api/databases/${name}`)).json as { offset: number };
  // the page asks for whole seconds, and one must lie between the two calls
  const second = Math.floor(Date.now() / 1000) + 1;
  await expect.poll(() => Date.now() / 1000, { intervals: [100] }).toBeGreaterThan(second + 0.2);
  await api(`/v1/database/${name}/call/send_message`, { method: 'POST', json: ['later'] });
  await signIn(context);
  const page = await context.newPage();
  await open(page, name);
  const saved = async (time: string): Promise<string[]> => {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Back up…' }).click();
    const dialog = page.getByRole('dialog', { name: /Back up/ });
    await expect(dialog).toContainText('Kept since');
    if (time !== '') await dialog.getByLabel('As it was at').fill(time);
    const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Download' }).click()]);
    const again = unique('again');
    const body = readFileSync(await download.path());
    expect((await api(`/api/databases/${again}/backup`, { method: 'PUT', body, headers: { 'content-type': 'application/zip' } })).status).toBe(201);
    return ((await api(`/v1/database/${again}/sql`, { method: 'POST', body: 'SELECT text FROM message' })).json[0].rows as string[][]).flat();
  };
  expect(await saved('')).toEqual(['welcome', 'kept', 'later']);
  const local = await page.evaluate((at) => new Date(at * 1000 - new Date(at * 1000).getTimezoneOffset() * 60_000).toISOString().slice(0, 19), second);
  expect(await saved(local)).toEqual(['welcome', 'kept']);
  expect((await api(`/api/databases/${name}/backup?transaction=${offset}`)).status).toBe(200);
  expect((await api(`/api/databases/${name}/backup?transaction=999999`)).status).toBe(400);
});

test('a database is renamed, and deleted only when its name is typed', async ({ context }) => {
  const name = unique('chat');
  const next = unique('room');
  await publishChat(name);
  await signIn(context);
  const page = await context.newPage();
  await open(page, name);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByLabel('New name').fill(next);
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(page.getByRole('heading', { name: next })).toBeVisible();
  await expect(rows(page).getByText('welcome')).toBeVisible();

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const confirm = page.getByRole('button', { name: 'Delete for good' });
  await page.getByLabel(`Type ${next} to confirm`).fill(name);
  await expect(confirm).toBeDisabled();
  await page.getByLabel(`Type ${next} to confirm`).fill(next);
  await confirm.click();
  await expect(page.getByRole('heading', { name: 'Databases' })).toBeVisible();
  await expect(page.getByRole('link', { name: next, exact: true })).toHaveCount(0);
  expect((await api(`/v1/database/${next}`)).status).toBe(404);
});

test('a module is published from the IDE: a mistake is a problem at its line, a change shows its plan', async ({ context }) => {
  const name = unique('game');
  await signIn(context);
  const page = await context.newPage();
  const id = await newWorkspace('Game');
  const module = (column: string) => `from cloche import table\n\n\n@table(public=True)\nclass Score:\n    points: int\n${column}`;
  await putFile(id, 'main.py', module('    at: complex\n'));
  await Ide.open(page, id);
  await page.getByRole('button', { name: 'Publish database' }).click();
  const dialog = page.getByRole('dialog', { name: 'Publish database' });
  await dialog.getByLabel('Name of the database').fill(name);
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('main.py:7');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('tab', { name: /Problems/ }).click();
  await expect(page.getByText(/complex is no type of a column/).first()).toBeVisible();

  await putFile(id, 'main.py', module(''));
  await expect(page.getByText(/complex is no type of a column/)).toHaveCount(0);
  await page.getByRole('button', { name: 'Publish database' }).click();
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByRole('status')).toContainText('is made');
  await dialog.getByRole('button', { name: 'Done' }).click();

  await putFile(id, 'main.py', module('    who: str = "nobody"\n'));
  await expect(page.locator('.monaco-editor').first()).toContainText('nobody');
  await page.getByRole('button', { name: 'Publish database' }).click();
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByRole('region', { name: 'Plan' })).toContainText('who');
  await dialog.getByRole('button', { name: /^Publish (this|and)/ }).click();
  await expect(dialog.getByRole('link', { name: 'Open database' })).toHaveAttribute('href', `/databases/${name}`);
});
