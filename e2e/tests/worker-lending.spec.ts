import { expect, type Page, test } from '@playwright/test';
import { api, unique } from '../support/api';
import { pluginBundle } from '../support/plugins';
import { sharedServer } from '../support/server';
import { signIn, signInAsNew } from '../support/session';
import { callWorker, lendTab, places, publishWorker } from '../support/workers';

/** Says that the page is hidden or shown, as a browser does: in a headless one every page is shown. */
async function setVisibility(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}

const isThere = async (id: string) => (await places()).some((place) => place.id === id);

test('a lent tab gets nothing while it is hidden', async ({ context }) => {
  await signIn(context);
  const page = await context.newPage();
  const place = await lendTab(page);
  await expect.poll(() => isThere(place)).toBe(true);

  await setVisibility(page, 'hidden');
  await expect.poll(() => isThere(place)).toBe(false);
});

test('a function with configuration answers the same in a tab as on the server', async ({ context }) => {
  await signIn(context);
  const page = await context.newPage();
  const { name } = await publishWorker('vowels', pluginBundle({ modules: ['count_vowels'], function: 'count_vowels' }));
  const tab = await lendTab(page);
  const settings = async (json: object) => expect((await api(`/api/workers/${name}/settings`, { method: 'PUT', json })).status).toBe(200);
  const counted = async (where: string) => (await callWorker(name, 'count_vowels', Buffer.from('hello world'), where)).text;

  expect(JSON.parse(await counted(tab))).toMatchObject({ count: 3 });
  for (const [value, count] of [['lo', 5], ['h', 1], ['lo', 5]] as const) {
    await settings({ config: { vowels: { value } } });
    expect(JSON.parse(await counted(tab))).toMatchObject({ count });
    expect(await counted(tab)).toBe(await counted('local'));
  }
});

test('the matrix demo of an empty server publishes its worker by one button and multiplies', async ({ context }) => {
  await signInAsNew(context, unique('matrices'));
  const page = await context.newPage();
  await page.goto(`${sharedServer().url}/workers`);
  await page.evaluate(() => fetch('/api/projects', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'Matrices' }) }));
  await page.goto(`${sharedServer().url}/workers?tab=matrix`);
  await page.getByRole('button', { name: 'Publish the matrix example' }).click();
  await page.getByLabel('Size').selectOption('64');
  await page.getByRole('button', { name: 'Multiply' }).click();
  await expect(page.getByText('all 4,096 numbers right')).not.toHaveCount(0);
  await page.goto(`${sharedServer().url}/workers/matrix`);
  await expect(page.getByRole('navigation', { name: 'Functions' }).getByRole('button')).toHaveText(['multiplydivisible', 'multiply_f64divisible']);
});
