import { expect, type Page, test } from '@playwright/test';
import { api, unique } from '../support/api';
import { pluginBundle } from '../support/plugins';
import { sharedServer } from '../support/server';
import { signIn, signInAsNew } from '../support/session';
import { callWorker, example, lendTab, places, publishWorker } from '../support/workers';

/** Says that the page is hidden or shown, as a browser does: in a headless one every page is shown. */
async function setVisibility(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}

/** A battery that the test charges. */
const battery = () => {
  const fake = Object.assign(new EventTarget(), { charging: true });
  Object.defineProperty(Navigator.prototype, 'getBattery', { configurable: true, value: () => Promise.resolve(fake) });
  Object.assign(globalThis, { charge: (isCharging: boolean) => { fake.charging = isCharging; fake.dispatchEvent(new Event('chargingchange')); } });
};

const charge = (page: Page, isCharging: boolean) => page.evaluate((value) => (globalThis as unknown as { charge: (is: boolean) => void }).charge(value), isCharging);

const isThere = async (id: string) => (await places()).some((place) => place.id === id);
const lent = (page: Page) => page.getByRole('button', { name: /^Lent: / });

/** What the dialog says of the tab. */
async function status(page: Page): Promise<string> {
  await lent(page).click();
  const dialog = page.getByRole('dialog', { name: 'Lend this tab' });
  const text = (await dialog.getByRole('status').textContent()) ?? '';
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  return text;
}

/** The tab that came after this one. */
async function back(page: Page): Promise<string> {
  await expect.poll(() => status(page)).toContain('Lent, as place');
  const id = /place (\w+)/.exec(await status(page))?.[1] ?? '';
  await expect.poll(() => isThere(id)).toBe(true);
  return id;
}

test('a lent tab stops while it is hidden or on battery if that was asked, finishes what it has, and comes back', async ({ context }) => {
  await signIn(context);
  const page = await context.newPage();
  await page.addInitScript(battery);
  const first = await lendTab(page);
  await expect.poll(() => isThere(first)).toBe(true);

  await setVisibility(page, 'hidden');
  await expect.poll(() => isThere(first)).toBe(false);
  expect(await status(page)).toContain('Stopped while the tab is hidden.');
  await setVisibility(page, 'visible');
  const second = await back(page);
  expect(second).not.toBe(first);

  await charge(page, false);
  await expect.poll(() => isThere(second)).toBe(false);
  expect(await status(page)).toContain('Stopped while the computer runs on its battery.');
  await charge(page, true);
  const third = await back(page);

  // not asked to stop, it goes on
  await lent(page).click();
  const dialog = page.getByRole('dialog', { name: 'Lend this tab' });
  await dialog.getByRole('checkbox', { name: 'when this tab is hidden' }).uncheck();
  await dialog.getByRole('checkbox', { name: 'when the computer runs on its battery' }).uncheck();
  await page.keyboard.press('Escape');
  await setVisibility(page, 'hidden');
  await charge(page, false);
  const { name } = await publishWorker('lent', example('matrix').bundle);
  const answer = await callWorker(name, 'multiply', Buffer.from('{"A":[[2]],"B":[[3]]}'), third);
  expect(answer.text).toBe('[[6]]');
  expect(answer.headers['cloche-ran-on']).toBe(third);
});

test('a function with configuration answers the same in a tab as on the server, and a secret keeps it there', async ({ context }) => {
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
  await page.goto(`${sharedServer().url}/workers/${name}`);
  await page.getByRole('radio', { name: 'Text' }).check();
  await page.getByRole('textbox', { name: 'Input' }).fill('hello world');
  await page.getByLabel('Where').selectOption('here');
  await page.getByRole('button', { name: 'Call count_vowels' }).click();
  await expect(page.getByText('"count":5', { exact: false }).first()).toBeVisible();

  await settings({ config: { vowels: { value: 'x', secret: true } } });
  await page.reload();
  await expect(page.getByText('It has a secret, which leaves the server for nobody')).toBeVisible();
  const again = await lendTab(page);
  const refused = await callWorker(name, 'count_vowels', Buffer.from('x'), again);
  expect(refused.status).toBe(503);
  expect((await callWorker(name, 'count_vowels', Buffer.from('xx'), 'auto')).headers['cloche-ran-on']).toBe('local');
});

test('the matrix demo of an empty server publishes its worker by one button and multiplies', async ({ context }) => {
  await signInAsNew(context, unique('matrices'));
  const page = await context.newPage();
  await page.goto(`${sharedServer().url}/workers`);
  await page.evaluate(() => fetch('/api/projects', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'Matrices' }) }));
  try {
    await page.goto(`${sharedServer().url}/workers?tab=matrix`);
    await page.getByRole('button', { name: 'Publish the matrix example' }).click();
    await page.getByLabel('Size').selectOption('64');
    await page.getByRole('button', { name: 'Multiply' }).click();
    await expect(page.getByText('all 4,096 numbers right')).not.toHaveCount(0);
    await page.goto(`${sharedServer().url}/workers/matrix`);
    await expect(page.getByRole('navigation', { name: 'Functions' }).getByRole('button')).toHaveText(['multiplydivisible', 'multiply_f64divisible']);
  } finally {
    // its name is the example's own, and is free again for whoever comes next
    await page.evaluate(() => fetch('/api/workers/matrix', { method: 'DELETE' }));
  }
});
