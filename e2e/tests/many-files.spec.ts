import { expect, test } from '@playwright/test';
import { api, newWorkspace } from '../support/api';
import { sharedServer } from '../support/server';
import { signIn } from '../support/session';

/** With their folders just below the 20,000 entries that a workspace may have. */
const FLAT = 10_000;
const FOLDERS = 60;
const IN_EACH = 164;
const BATCH = 2000;

test('a workspace of nearly 20,000 files is opened, scrolled and searched, and the tree draws what is in view', async ({ page, context }) => {
  test.slow();
  await signIn(context);
  const id = await newWorkspace('many');
  const numbered = (n: number) => String(n).padStart(5, '0');
  const paths = [
    ...Array.from({ length: FLAT }, (_, n) => `flat/file-${numbered(n)}.txt`),
    ...Array.from({ length: FOLDERS * IN_EACH }, (_, n) => `part-${numbered(n % FOLDERS)}/module_${numbered(n)}.py`),
  ];
  for (let at = 0; at < paths.length; at += BATCH) {
    const changes = paths.slice(at, at + BATCH).map((path) => ({ op: 'write', path, text: '' }));
    const answer = await api(`/api/workspaces/${id}/changes`, { method: 'POST', json: { changes } });
    expect(answer.status, answer.text).toBe(200);
  }
  const times: string[] = [];
  const timed = async (what: string, work: () => Promise<void>) => {
    const start = performance.now();
    await work();
    times.push(`${what} ${Math.round(performance.now() - start)} ms`);
  };

  const tree = page.getByRole('tree', { name: 'Files' });
  const item = (name: string) => tree.getByRole('treeitem', { name, exact: true });
  // The engine takes its own time with so many files; nothing here waits for it.
  await timed('open', async () => {
    await page.goto(`${sharedServer().url}/workspace/pyodide/${id}`);
    await expect(item('flat')).toBeVisible();
  });
  await timed('expand a folder of 10,000', async () => {
    await item('flat').click();
    await expect(item('file-00000.txt')).toBeVisible();
  });
  expect(await tree.getByRole('treeitem').count()).toBeLessThan(100);
  await timed('scroll to the middle', async () => {
    await tree.evaluate((element) => { element.scrollTop = element.scrollHeight / 2; });
    await expect(tree.getByRole('treeitem', { name: /^file-05\d{3}\.txt$/ }).first()).toBeVisible();
  });
  await timed('go to the last', async () => {
    await tree.press('End');
    await expect(item(`part-${numbered(FOLDERS - 1)}`)).toBeVisible();
  });
  expect(await tree.getByRole('treeitem').count()).toBeLessThan(100);

  await page.keyboard.press('ControlOrMeta+p');
  await timed('find one by name', async () => {
    await page.keyboard.insertText('module_09837');
    await expect(page.getByRole('option').first()).toContainText('module_09837.py');
  });
  await timed('open and reveal it', async () => {
    await page.keyboard.press('Enter');
    await expect(item('module_09837.py')).toHaveAttribute('aria-selected', 'true');
  });
  console.log(times.join(', '));
});
