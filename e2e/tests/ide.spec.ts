import { expect, type Locator, test } from '@playwright/test';
import { newWorkspace, putFile } from '../support/api';
import { pathsOf } from '../support/files';
import { Ide } from '../support/ide';
import { sharedServer } from '../support/server';
import { signIn } from '../support/session';

test.beforeEach(({ context }) => signIn(context));

test('what is typed in one browser is seen in a second one', async ({ page, browser }) => {
  const id = await newWorkspace('two browsers');
  await putFile(id, 'note.txt', 'first');
  const ide = await Ide.open(page, id);
  const other = await browser.newContext();
  try {
    await signIn(other);
    const second = await other.newPage();
    const secondIde = await Ide.open(second, id);
    await secondIde.openFile('note.txt');
    await ide.openFile('note.txt');
    await ide.type('note.txt', 'second, typed over there');
    await expect(secondIde.text('note.txt')).toContainText('second, typed over there');
  } finally {
    await other.close();
  }
});

test('Stop ends a busy loop and a sleep, and the next run works', async ({ page }) => {
  const id = await newWorkspace('stop');
  await putFile(id, 'main.py', 'print("busy")\nwhile True:\n    pass\n');
  await putFile(id, 'sleep.py', 'import time\nprint("asleep")\ntime.sleep(600)\n');
  await putFile(id, 'fine.py', 'print("all", "fine")\n');
  const ide = await Ide.open(page, id);
  for (const [file, text] of [['main.py', 'busy'], ['sleep.py', 'asleep']] as const) {
    await ide.openFile(file);
    await ide.run();
    await ide.expectTerminal(text);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(ide.status).toContainText('Ready');
  }
  await ide.openFile('fine.py');
  await ide.run();
  await ide.expectTerminal('all fine');
});

test('a program that writes files shows them in the tree, and they are saved', async ({ page }) => {
  const id = await newWorkspace('files');
  await putFile(id, 'main.py', 'from pathlib import Path\nPath("out").mkdir()\nPath("out/result.txt").write_text("42")\nprint("written")\n');
  const ide = await Ide.open(page, id);
  await ide.openFile('main.py');
  await ide.run();
  await expect(ide.treeItem('out')).toBeVisible();
  await ide.savedAs(id, 'out/result.txt', '42');
});

test('an exception names file and line, and a missing package is installed on import', async ({ page }) => {
  const id = await newWorkspace('errors');
  await putFile(id, 'main.py', 'def f():\n    raise ValueError("oh dear")\n\nf()\n');
  await putFile(id, 'table.py', 'import pandas as pd\nprint(pd.DataFrame({"a": [1, 2]}).sum()["a"] + 4000)\n');
  const ide = await Ide.open(page, id);
  await ide.openFile('main.py');
  await ide.run();
  await ide.expectTerminal(/main\.py", line 2/);
  await ide.expectTerminal('ValueError: oh dear');
  await ide.openFile('table.py');
  await ide.run();
  await ide.expectTerminal('4003');
});

test('files are created, renamed and deleted in the explorer', async ({ page }) => {
  const id = await newWorkspace('explorer');
  await putFile(id, 'keep.txt', 'x');
  const ide = await Ide.open(page, id);
  await page.getByRole('button', { name: 'New file' }).click();
  await page.getByRole('textbox', { name: 'Name of the new file' }).fill('fresh.py');
  await page.keyboard.press('Enter');
  // the new file opens and takes the focus: only then can the tree have it again
  await expect(ide.editor('fresh.py')).toHaveClass(/\bfocused\b/);
  await ide.treeItem(/fresh\.py/).click();
  await ide.treeItem(/fresh\.py/).press('F2');
  await page.getByRole('textbox', { name: /New name of/ }).fill('renamed.py');
  await page.keyboard.press('Enter');
  await expect.poll(() => pathsOf(id)).toEqual(['keep.txt', 'renamed.py']);
});

test('the short address leads to the IDE, open tabs are there after a reload, and the selection runs alone', async ({ page }) => {
  const id = await newWorkspace('again');
  await putFile(id, 'main.py', 'print("whole", "file")\n');
  await putFile(id, 'other.py', 'print("first", "line")\nprint("second", "line")\n');
  await page.goto(`${sharedServer().url}/workspace/${id}`);
  const ide = new Ide(page);
  await ide.ready();
  await ide.openFile('main.py');
  await ide.openFile('other.py');
  await page.reload();
  await ide.ready();
  await expect(page.getByRole('tab', { name: 'main.py' })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'other.py' })).toHaveAttribute('aria-selected', 'true');

  await ide.focusEditor('other.py');
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.press('ArrowUp');
  await ide.command('Run selection');
  await ide.expectTerminal('second line');
  expect(await ide.terminalText()).not.toContain('first line');
});

test('in a narrow window nothing of the panel and the status bar lies on something else', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 760 });
  const id = await newWorkspace('narrow');
  await putFile(id, 'main.py', 'print("narrow")\n');
  await putFile(id, 'other.py', 'print("other")\n');
  await page.goto(`${sharedServer().url}/workspace/pyodide/${id}`);
  const ide = new Ide(page);
  await expect(ide.status).toContainText('Ready', { timeout: 120_000 });

  // the files lie over the editor until one is chosen, as main.py is at the beginning
  const files = page.getByRole('region', { name: 'Files' });
  await expect(ide.text('main.py')).toContainText('narrow');
  await expect(files).toHaveCount(0);
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Files' }).click();
  await ide.treeItem('other.py').click();
  await expect(files).toHaveCount(0);
  await expect(ide.text('other.py')).toContainText('other');
  expect((await boxOf(ide.editor('other.py'))).width).toBeGreaterThan(300);
  await expect(ide.status).toContainText('1:1');

  const hide = await boxOf(page.getByRole('button', { name: 'Hide panel' }));
  const row = await boxOf(page.getByRole('tablist', { name: 'Panel' }));
  expect(row.x + row.width).toBeLessThanOrEqual(hide.x);
  expect(hide.x + hide.width).toBeLessThanOrEqual(390);
  await page.getByRole('tab', { name: 'Terminal' }).focus();
  for (const name of ['Problems', 'Plots', 'Preview']) {
    await page.keyboard.press('ArrowRight');
    const tab = await boxOf(page.getByRole('tab', { name, selected: true }));
    expect(tab.x, name).toBeGreaterThanOrEqual(row.x - 1);
    expect(tab.x + tab.width, name).toBeLessThanOrEqual(row.x + row.width + 1);
  }

  let end = 0;
  for (const entry of await ide.status.locator(':scope > div > *').filter({ visible: true }).all()) {
    const box = await boxOf(entry);
    expect(box.x, (await entry.textContent()) ?? '').toBeGreaterThanOrEqual(end);
    end = box.x + box.width;
  }
  expect(end).toBeLessThanOrEqual(390);
});

async function boxOf(locator: Locator): Promise<{ readonly x: number; readonly width: number }> {
  await expect(locator).toBeVisible();
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it is not drawn');
  return box;
}
