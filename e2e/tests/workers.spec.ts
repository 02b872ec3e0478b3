import { expect, test } from '@playwright/test';
import { api, unique } from '../support/api';
import { sharedServer } from '../support/server';
import { signIn } from '../support/session';
import { callWorker, example, lendTab, lentNode, places, publishWorker } from '../support/workers';

const SIZE = 256;
const PRODUCTS = 200;

/** Numbers between -1 and 1 that are the same each time. */
function numbers(count: number, seed: number): Float64Array {
  let state = seed >>> 0 || 1;
  return new Float64Array(count).map(() => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 31 - 1;
  });
}

function input(a: Float64Array, b: Float64Array): Buffer {
  return Buffer.concat([Buffer.from(new Uint32Array([SIZE, SIZE, SIZE, 0]).buffer), Buffer.from(a.buffer), Buffer.from(b.buffer)]);
}

/** Whether the bytes are the product, up to what adding in another order may change. */
function isProduct(bytes: Buffer, a: Float64Array, b: Float64Array): boolean {
  if (bytes.length !== 8 + SIZE * SIZE * 8 || bytes.readUInt32LE(0) !== SIZE || bytes.readUInt32LE(4) !== SIZE) return false;
  const got = new Float64Array(Uint8Array.from(bytes.subarray(8)).buffer);
  const row = new Float64Array(SIZE);
  for (let i = 0; i < SIZE; i++) {
    row.fill(0);
    for (let k = 0; k < SIZE; k++) {
      const left = a[i * SIZE + k] ?? 0;
      for (let j = 0; j < SIZE; j++) row[j] = (row[j] ?? 0) + left * (b[k * SIZE + j] ?? 0);
    }
    for (let j = 0; j < SIZE; j++) if (!(Math.abs((row[j] ?? 0) - (got[i * SIZE + j] ?? NaN)) < 1e-11)) return false;
  }
  return true;
}

test('200 products over a server, two nodes and two tabs, of which a node and a tab are killed: all right, none missing, none twice', async ({ context }) => {
  const { name } = await publishWorker('matrix', example('matrix').bundle);
  await signIn(context);
  const watcher = await context.newPage();
  await watcher.goto(`${sharedServer().url}/workers?tab=places`);
  const [first, second] = await Promise.all([lentNode(), lentNode()]);
  const pages = [await context.newPage(), await context.newPage()] as const;
  try {
    const tabs = [await lendTab(pages[0]), await lendTab(pages[1])];
    await expect(watcher.getByRole('list', { name: 'Places' }).getByRole('listitem')).toHaveCount((await places()).length);
    const nodes = (await places()).filter((place) => [first.name, second.name].includes(place.name)).map(({ id }) => id);

    const lefts = Array.from({ length: 20 }, (_, index) => numbers(SIZE * SIZE, index + 1));
    const rights = Array.from({ length: 10 }, (_, index) => numbers(SIZE * SIZE, 1000 + index));
    const pairs = lefts.flatMap((a) => rights.map((b) => ({ a, b, key: unique('product') })));
    expect(pairs).toHaveLength(PRODUCTS);
    const ids = await inTurn(pairs, 4, async ({ a, b, key }) => {
      const answer = await api('/task', { method: 'POST', json: { worker: name, function: 'multiply_f64', input: input(a, b).toString('base64'), key, attempts: 5 } });
      expect(answer.status, answer.text).toBe(201);
      return answer.json.id as string;
    });
    const done = async () => (await api(`/task?worker=${name}&state=done&limit=500`)).json.tasks.length as number;
    await expect.poll(done, { intervals: [100] }).toBeGreaterThan(PRODUCTS / 4);
    await first.kill();
    await pages[0].close();
    await expect.poll(done, { timeout: 300_000 }).toBe(PRODUCTS);

    const ranOn = new Set<string>();
    await inTurn(ids.map((id, index) => ({ id, pair: pairs[index]! })), 4, async ({ id, pair }) => {
      const result = await api(`/result/${id}`);
      expect(result.status).toBe(200);
      expect(isProduct(result.bytes, pair.a, pair.b), `task ${id} on ${String(result.headers['cloche-ran-on'])}`).toBe(true);
      ranOn.add(String(result.headers['cloche-ran-on']));
    });
    // a second order under the same key is the first one
    const again = await api('/task', { method: 'POST', json: { worker: name, function: 'multiply_f64', input: '', key: pairs[0]!.key } });
    expect(again.status).toBe(200);
    expect(again.json.id).toBe(ids[0]);
    expect(new Set(ids).size).toBe(PRODUCTS);
    expect((await api(`/task?worker=${name}&limit=500`)).json.tasks).toHaveLength(PRODUCTS);
    expect([...tabs, ...nodes].filter((id) => ranOn.has(id)).length, `they ran on ${[...ranOn].join(', ')}`).toBeGreaterThanOrEqual(3);
    await expect(watcher.getByRole('list', { name: 'Places' }).getByRole('listitem')).toHaveCount((await places()).length);
  } finally {
    await Promise.all([first.kill(), second.kill()]);
  }
});

/** Does this for each, so many at a time; what came, in their order. */
async function inTurn<T, R>(items: readonly T[], atOnce: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await act(items[at]!);
  }));
  return results;
}

test('a worker is published by its file, called in every place with the same answer, and its input is explained when it is wrong', async ({ context }) => {
  await signIn(context);
  const page = await context.newPage();
  await page.goto(`${sharedServer().url}/workers`);
  const name = unique('product');
  await page.getByRole('button', { name: 'Publish a worker' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Publish a worker' });
  await dialog.getByLabel('File').setInputFiles({ name: 'matrix.worker', mimeType: 'application/zip', buffer: example('matrix').bundle });
  await dialog.getByLabel('Name of the worker').fill(name);
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();

  const form = page.getByRole('form', { name: 'Call multiply' });
  await page.getByRole('navigation', { name: 'Functions' }).getByRole('button', { name: 'multiply', exact: true }).click();
  await expect(form.getByLabel('Input', { exact: true })).toHaveValue('{"A":[[1,2],[3,4]],"B":[[5,6],[7,8]]}');
  for (const [where, words] of [['local', 'Ran on the server'], ['here', 'Ran in this tab']] as const) {
    await form.getByLabel('Where').selectOption(where);
    await form.getByRole('button', { name: 'Call multiply' }).click();
    await expect(form.getByText(words)).toBeVisible();
    await expect(form.getByLabel('Output')).toHaveText('[[19,22],[43,50]]');
    await expect(form.getByText('is another file')).toHaveCount(0);
  }
  await form.getByRole('button', { name: 'Call everywhere' }).click();
  await expect(form.getByText(/All \d+ places answered the same bytes/)).toBeVisible();

  await form.getByLabel('Input', { exact: true }).fill('{"A":[[1,2]],"B":[[1],[2],[3]]}');
  for (const where of ['local', 'here']) {
    await form.getByLabel('Where').selectOption(where);
    await form.getByRole('button', { name: 'Call multiply' }).click();
    await expect(form.getByRole('alert')).toContainText('The worker refuses the input');
    await expect(form.getByRole('alert')).toContainText('B must have as many rows as A has columns (2), but has 3.');
    await expect(form.getByRole('alert')).toContainText('rule shape');
  }
});

test('the matrix demo says where each block ran, and that all numbers are right', async ({ context }) => {
  const { name } = await publishWorker('demo', example('matrix').bundle);
  await signIn(context);
  const lent = await context.newPage();
  const tab = await lendTab(lent);
  const page = await context.newPage();
  await page.goto(`${sharedServer().url}/workers?tab=matrix`);
  const workers = page.getByLabel('Worker', { exact: true });
  await expect(page.getByLabel('Size', { exact: true })).toBeVisible();
  if (await workers.count() > 0) await workers.selectOption(name);
  await page.getByLabel('Size', { exact: true }).selectOption('128');
  await page.getByLabel('Parts', { exact: true }).selectOption('8');
  await page.getByRole('button', { name: 'Multiply' }).click();
  const times = page.getByRole('region', { name: 'Times' });
  await expect(times.getByText('all 16,384 numbers right')).toHaveCount(3);
  await expect(page.getByRole('figure', { name: 'Which block ran where' }).getByRole('img')).toHaveAttribute('aria-label', /block 1: .*block 8: /);
  await expect(times.getByRole('status')).toContainText(/times as fast|No gain/);
  // what is lent runs what is sent there, and takes no more once it is taken back
  expect((await callWorker(name, 'multiply', Buffer.from('{"A":[[2]],"B":[[3]]}'), tab)).text).toBe('[[6]]');
  await lent.getByRole('button', { name: /^Lent/ }).click();
  await lent.getByRole('button', { name: 'Take it back' }).click();
  await expect.poll(async () => (await places()).some(({ id }) => id === tab)).toBe(false);
});

test('tasks that failed for good can be tried again, and those that wait be cancelled', async ({ context }) => {
  const { name } = await publishWorker('queue', example('matrix').bundle);
  const make = (json: object) => api('/task', { method: 'POST', json: { worker: name, function: 'multiply', ...json } });
  const dead = (await make({ content: '{"A":1}', attempts: 1, where: 'local' })).json.id as string;
  const waiting = (await make({ content: '{"A":[[1]],"B":[[1]]}', where: 'pull' })).json.id as string;
  await expect.poll(async () => (await api(`/task/${dead}`)).json.task.state).toBe('dead');
  await signIn(context);
  const page = await context.newPage();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${sharedServer().url}/workers?tab=queue`);
  const row = (id: string) => page.getByRole('row').filter({ hasText: id });
  await expect(row(dead)).toContainText('A must be an array of rows');
  expect((await api(`/task/${dead}`)).json.task.lastOn).toMatchObject({ id: 'local', name: 'This server' });
  await expect(row(dead)).toContainText('the server');
  await expect(row(waiting)).toContainText('for a program to fetch it');
  await row(dead).getByRole('button', { name: 'Try again' }).click();
  await expect.poll(async () => (await api(`/task/${dead}`)).json.task.errors.length).toBeGreaterThan(1);
  await row(waiting).getByRole('button', { name: 'Cancel' }).click();
  await expect(row(waiting)).toContainText('Cancelled');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('whoever reads further down the queue stays there while its figures change', async ({ page, context }) => {
  const { name } = await publishWorker('long', example('matrix').bundle);
  for (let made = 0; made < 12; made++) await api('/task', { method: 'POST', json: { worker: name, function: 'multiply', content: '', where: 'pull' } });
  await signIn(context);
  await page.setViewportSize({ width: 1280, height: 500 });
  await page.goto(`${sharedServer().url}/workers?tab=queue`);
  await expect(page.getByRole('row').nth(12)).toBeAttached();
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  const down = await page.evaluate(() => window.scrollY);
  expect(down).toBeGreaterThan(200);
  // three of those that the page itself gets, or had got
  await page.evaluate(() => new Promise<void>((seen) => {
    let left = 3;
    const events = new EventSource('/api/workers/events');
    events.addEventListener('statistics', () => { if (--left === 0) { events.close(); seen(); } });
  }));
  expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(down - 100);
});

test('what runs in a tab reaches nobody: its page may connect to nothing and has an origin of its own', async ({ context }) => {
  await signIn(context);
  const page = await context.newPage();
  await page.goto(`${sharedServer().url}/workers`);
  const { origins } = (await api('/api/system')).json as { origins: { workers: string; control: string } };
  expect(new URL(origins.workers).origin).not.toBe(new URL(origins.control).origin);
  const answer = await page.goto(`${origins.workers}/`);
  expect(answer?.headers()['content-security-policy']).toContain("connect-src 'none'");
  const refused = await page.evaluate(async (control) => {
    const outcome = (attempt: () => Promise<unknown>) => attempt().then(() => 'reached', () => 'refused');
    return [await outcome(() => fetch('/')), await outcome(() => fetch(`${control}/api/session`, { mode: 'no-cors', credentials: 'include' })), crossOriginIsolated] as const;
  }, origins.control);
  expect(refused).toEqual(['refused', 'refused', true]);
  const elsewhere = await page.goto(`${origins.workers}/api/session`);
  expect(elsewhere?.status()).toBe(404);
});
