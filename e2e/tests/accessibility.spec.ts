import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page, test } from '@playwright/test';
import { newWorkspace, unique } from '../support/api';
import { Ide } from '../support/ide';
import { sharedServer } from '../support/server';
import { signIn } from '../support/session';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

async function violations(page: Page, disabled: readonly string[] = []): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async (off) => {
    const { axe: tool } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    return (await tool.run({ rules: Object.fromEntries(off.map((id) => [id, { enabled: false }])) })).violations;
  }, disabled);
  return found.flatMap((violation) => violation.nodes.map((node) => `${violation.id} at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
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
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'New workspace' }).first().click();
      await expect(page.getByRole('radio', { name: 'Plot' })).toBeAttached();
      expect(await violations(page)).toEqual([]);
      for (const path of ['/apps', '/settings']) {
        await page.goto(sharedServer().url + path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expect(page.getByRole('status').filter({ hasText: 'Loading' })).toHaveCount(0);
        expect(await violations(page)).toEqual([]);
      }
    });

    test('the IDE has no accessibility violation', async ({ page }) => {
      await Ide.open(page, await newWorkspace('accessible IDE', 'plot'));
      // Monaco's and xterm's own hidden helpers are theirs
      expect((await violations(page)).filter((text) => !/monaco|xterm/.test(text))).toEqual([]);
    });
  });
}
