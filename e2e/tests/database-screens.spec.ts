import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, type Page } from '@playwright/test';
import { api, newWorkspace, putFile, unique } from '../support/api';
import { Ide } from '../support/ide';
import { ROOT, sharedServer } from '../support/server';
import { signIn, signInAsNew } from '../support/session';

const run = promisify(execFile);

const MODULE = `from cloche import ReducerContext, U32, init, reducer, table


@table(public=True, primary_key="id", auto_inc="id")
class Reading:
    id: int
    owner: str


@table(public=True, event=True)
class Ping:
    text: str


@table(primary_key="name")
class Secret:
    name: str
    word: str


@init
def start(ctx: ReducerContext):
    ctx.db.secret.insert(Secret("key", "open sesame"))


@reducer
def ping(ctx: ReducerContext, text: str):
    ctx.db.ping.insert(Ping(text))


@reducer
def fill(ctx: ReducerContext, count: U32):
    for n in range(count):
        ctx.db.reading.insert(Reading(f"owner {n}"))
`;

async function publish(): Promise<string> {
  const name = unique('kinds');
  const answer = await api(`/v1/database/${name}`, { method: 'PUT', body: MODULE });
  if (answer.status !== 200) throw new Error(answer.text);
  return name;
}

const call = (database: string, reducer: string, ...values: readonly unknown[]) => api(`/v1/database/${database}/call/${reducer}`, { method: 'POST', json: values });
const open = (page: Page, database: string, search: string) => page.goto(`${sharedServer().url}/databases/${database}?${search}`);
const region = (page: Page, table: string) => page.getByRole('region', { name: `Table ${table}` });

test('an event table shows what it tells, newest first, and keeps no rows', async ({ context }) => {
  const name = await publish();
  await signIn(context);
  const page = await context.newPage();
  await open(page, name, 'table=ping');
  await expect(region(page, 'ping').getByText('Live')).toBeVisible();
  await expect(page.getByText('No events yet')).toBeVisible();
  for (const text of ['first', 'second', 'first']) await call(name, 'ping', text);
  const rows = page.getByRole('table', { name: 'Rows of ping' }).getByRole('cell');
  await expect(rows).toHaveText(['first', 'second', 'first']);
  await expect(region(page, 'ping')).toContainText('3 events since this page was opened');
  await page.reload();
  await expect(page.getByText('No events yet')).toBeVisible();
});

test('a table with more rows than the page keeps is read again and again, and says so', async ({ context }) => {
  const name = await publish();
  await call(name, 'fill', 10_001);
  await signIn(context);
  const page = await context.newPage();
  await open(page, name, 'table=reading');
  await expect(region(page, 'reading')).toContainText('more than 10,000 rows, so only 1,000 are read');
  await expect(page.getByRole('table', { name: 'Rows of reading' })).toHaveAttribute('aria-rowcount', '1001');
  await expect(page.getByRole('table', { name: 'Rows of reading' })).toContainText('owner 3');
});

test('a viewer watches the public tables, and is told why the rest is not theirs', async ({ context }) => {
  const name = await publish();
  const database = (await api(`/api/databases/${name}`)).json.database as { projectId: string };
  const person = unique('viewer');
  await signInAsNew(context, person);
  const people = (await api('/api/people')).json.people as readonly { id: string; name: string }[];
  const id = people.find((one) => one.name === person)?.id ?? '';
  const page = await context.newPage();
  await open(page, name, '');
  await expect(page.getByText('There is no such database')).toBeVisible();

  expect((await api(`/api/projects/${database.projectId}/members/${id}`, { method: 'PUT', json: { role: 'viewer' } })).status).toBe(204);
  await open(page, name, 'table=reading');
  await expect(region(page, 'reading').getByText('Live')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Publish a new module' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'More' })).toHaveCount(0);
  await call(name, 'fill', 1);
  await expect(page.getByRole('table', { name: 'Rows of reading' })).toContainText('owner 0');

  await open(page, name, 'table=secret');
  await expect(region(page, 'secret').getByRole('alert')).toBeVisible();
  await expect(page.getByText('open sesame')).toHaveCount(0);
  await open(page, name, 'tab=sql');
  await page.getByLabel('SQL statement').fill('DELETE FROM reading');
  await page.getByRole('button', { name: 'Run' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  expect((await api(`/v1/database/${name}/sql`, { method: 'POST', body: 'SELECT * FROM reading' })).json[0].rows).toHaveLength(1);
});

test('at the width of a phone the chosen tab is in view and the list needs no scrolling', async ({ context }) => {
  const name = await publish();
  await signIn(context);
  const page = await context.newPage();
  await page.setViewportSize({ width: 390, height: 760 });
  await open(page, name, 'tab=migrations');
  await expect(page.getByRole('tab', { name: 'Migrations' })).toBeInViewport({ ratio: 0.95 });
  await page.goto(`${sharedServer().url}/databases`);
  await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
  expect(await page.getByRole('table').evaluate((table) => table.scrollWidth <= (table.parentElement?.clientWidth ?? 0))).toBe(true);
});

test('Python in a workspace calls a database and hears of its rows, by generated bindings', async ({ context }) => {
  const name = await publish();
  const folder = mkdtempSync(join(tmpdir(), 'cloche-bindings-'));
  try {
    const { url, token } = sharedServer();
    await run(join(ROOT, 'cloche'), ['db', 'generate', '--lang', 'python', '-o', folder, name], { env: { ...process.env, CLOCHE_URL: url, CLOCHE_TOKEN: token } });
    const id = await newWorkspace('bindings');
    await putFile(id, 'kinds.py', readFileSync(join(folder, '__init__.py'), 'utf8'));
    await putFile(id, 'main.py', `import asyncio
from kinds import Database, Refused

async def main():
    db = Database("", ${JSON.stringify(name)})
    async for change in db.tables.reading.watch():
        print("now", [row.owner for row in change.inserted])
        if not change.inserted:
            db.fill(1)
        else:
            break
    print("rows", db.tables.reading.count())
    async for change in db.tables.ping.watch():
        print("event", [row.text for row in change.inserted])
        if change.inserted:
            break
        db.ping("hello")
    try:
        db.sql("DELETE FROM reading")
    except Refused as refused:
        print("refused", refused.status)

asyncio.run(main())
`);
    await signIn(context);
    const ide = await Ide.open(await context.newPage(), id);
    await ide.openFile('main.py');
    await ide.run();
    await ide.expectTerminal(/now \[\][\s\S]*now \['owner 0'\][\s\S]*rows 1[\s\S]*event \[\][\s\S]*event \['hello'\][\s\S]*refused 400/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
