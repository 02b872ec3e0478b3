import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page, test } from '@playwright/test';
import { api, newWorkspace, unique } from '../support/api';
import { Ide } from '../support/ide';
import { sharedServer } from '../support/server';
import { signIn } from '../support/session';
import { example, publishWorker } from '../support/workers';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await tool.run()).violations;
  });
  return found.flatMap((violation) => violation.nodes.map((node) => `${violation.id} at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
}

/** The page has no violation once it has loaded; `theirs` matches what others' code makes. */
async function expectAccessible(page: Page, theirs = /^$/): Promise<void> {
  await expect.poll(async () => (await violations(page)).filter((text) => !theirs.test(text))).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    // a control that fades in has too little contrast while it does
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });
    test.beforeEach(({ context }) => signIn(context));

    test('dashboard, launcher, apps and settings have no accessibility violation', async ({ page }) => {
      const name = unique('accessible');
      await newWorkspace(name);
      await page.goto(sharedServer().url);
      await expect(page.getByRole('link', { name })).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'New workspace' }).first().click();
      await expect(page.getByRole('radio', { name: 'Plot' })).toBeAttached();
      await expectAccessible(page);
      for (const path of ['/apps', '/settings']) {
        await page.goto(sharedServer().url + path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.getByRole('status').filter({ hasText: 'Loading' })).toHaveCount(0);
        await expectAccessible(page);
      }
    });

    test('the list of databases and each part of one have no accessibility violation', async ({ page }) => {
      const name = unique('accessible');
      const module = 'from cloche import *\n\n@table(public=True, primary_key="id", auto_inc="id")\nclass Note:\n    id: int\n    text: str\n\n@init\ndef start(ctx):\n    ctx.db.note.insert(Note("a"))\n\n@reducer\ndef write(ctx, text: str):\n    ctx.db.note.insert(Note(text))\n';
      expect((await api(`/v1/database/${name}`, { method: 'PUT', body: module })).status).toBe(200);
      await page.goto(`${sharedServer().url}/databases`);
      await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
      await expectAccessible(page);
      for (const tab of ['tables', 'reducers', 'sql', 'logs', 'clients', 'activity', 'migrations']) {
        await page.goto(`${sharedServer().url}/databases/${name}?tab=${tab}`);
        await expect(page.getByRole('tabpanel')).not.toBeEmpty();
        await expect(page.getByRole('status').filter({ hasText: 'Loading' })).toHaveCount(0);
        await expectAccessible(page);
      }
    });

    test('workers, places, queue, the matrix demo and each part of a worker have no accessibility violation', async ({ page }) => {
      const { name } = await publishWorker('accessible', example('matrix').bundle);
      expect((await api('/task', { method: 'POST', json: { worker: name, function: 'multiply', content: '{}', attempts: 1 } })).status).toBe(201);
      for (const path of ['', '?tab=places', '?tab=queue', '?tab=matrix', `/${name}`, `/${name}?tab=versions`, `/${name}?tab=settings`]) {
        await page.goto(`${sharedServer().url}/workers${path}`);
        await expect(page.getByRole('tabpanel')).not.toBeEmpty();
        await expect(page.getByRole('status').filter({ hasText: 'Loading' })).toHaveCount(0);
        await expectAccessible(page);
      }
      await page.goto(`${sharedServer().url}/workers/${name}`);
      await page.getByRole('button', { name: 'multiply', exact: true }).click();
      await page.getByRole('button', { name: 'Call everywhere' }).click();
      await expect(page.getByText(/places answered the same bytes/)).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'Workers' }).first().click();
      await page.getByRole('button', { name: 'Lend this tab' }).click();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Publish', exact: true }).or(page.getByRole('button', { name: 'Publish a worker' })).first().click();
      await expect(page.getByRole('dialog', { name: 'Publish a worker' })).toBeVisible();
      await expectAccessible(page);
    });

    test('the IDE has no accessibility violation', async ({ page }) => {
      await Ide.open(page, await newWorkspace('accessible IDE', 'plot'));
      // Monaco's and xterm's own hidden helpers are theirs
      await expectAccessible(page, /monaco|xterm/);
    });
  });
}
