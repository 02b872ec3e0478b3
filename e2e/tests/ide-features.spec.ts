import { expect, test } from '@playwright/test';
import { api, newWorkspace, putFile, unique } from '../support/api';
import { pathsOf } from '../support/files';
import { Ide } from '../support/ide';
import { sharedServer } from '../support/server';
import { signIn } from '../support/session';

test.beforeEach(({ context }) => signIn(context));

test('a file that two browsers change keeps both versions, and a toast shows them side by side', async ({ page, browser }) => {
  const id = await newWorkspace('conflict');
  await putFile(id, 'note.txt', 'first');
  const ide = await Ide.open(page, id);
  await ide.openFile('note.txt');
  await page.context().setOffline(true);
  await ide.type('note.txt', 'mine, typed without a line');
  await expect(ide.status).toContainText('Offline');

  const other = await browser.newContext();
  try {
    await signIn(other);
    const second = await Ide.open(await other.newPage(), id);
    await second.openFile('note.txt');
    await second.type('note.txt', 'theirs');
    await second.savedAs(id, 'note.txt', 'theirs');
  } finally {
    await other.close();
  }

  await page.context().setOffline(false);
  await expect(page.getByText('note.txt was changed elsewhere')).toBeVisible();
  await page.getByRole('button', { name: 'Compare' }).click();
  const copyOf = async () => (await pathsOf(id)).find((path) => path.includes('conflict')) ?? '';
  await expect.poll(copyOf).toMatch(/^note \(conflict \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\)\.txt$/);
  const copy = await copyOf();
  await ide.savedAs(id, encodeURIComponent(copy), 'mine, typed without a line');
  await expect(ide.text('note.txt')).toHaveText('theirs');
  await expect(page.locator('.monaco-editor .view-lines').filter({ hasText: 'mine, typed without a line' })).toBeVisible();
  await ide.savedAs(id, 'note.txt', 'theirs');
});

test('Vim keys are a setting: insert, Escape, dd, and :w saves', async ({ page }) => {
  const id = await newWorkspace('vim');
  await putFile(id, 'poem.txt', 'one\ntwo\nthree\n');
  const ide = await Ide.open(page, id);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('checkbox', { name: 'Vim keys' }).check();
  await page.getByLabel('Save after a pause of').fill('60');
  await page.getByLabel('While typing, save every').fill('300');
  await page.getByRole('button', { name: 'Files', exact: true }).click();
  await ide.openFile('poem.txt');
  await expect(page.getByText('--NORMAL--')).toBeVisible();

  await page.keyboard.type('ddO');
  await expect(page.getByText('--INSERT--')).toBeVisible();
  await page.keyboard.type('zero');
  await page.keyboard.press('Escape');
  await expect(page.getByText('--NORMAL--')).toBeVisible();
  await page.keyboard.type('Gdd');
  await expect(ide.status).toContainText('Not saved yet');
  await page.keyboard.type(':w');
  await page.keyboard.press('Enter');
  await ide.savedAs(id, 'poem.txt', 'zero\ntwo\nthree');
  await expect(ide.status).toContainText('Saved');
  await page.keyboard.type(':q');
  await page.keyboard.press('Enter');
  await expect(ide.editor('poem.txt')).toHaveCount(0);
});

test('Format document formats Python, and says what hinders it', async ({ page }) => {
  const id = await newWorkspace('format');
  await putFile(id, 'ugly.py', "x = {  'a':1 ,'b' : [1,2 ]}\ndef f( a,b ):\n  return a+b\n");
  const ide = await Ide.open(page, id);
  await ide.openFile('ugly.py');
  await page.keyboard.press('Alt+Shift+F');
  await ide.savedAs(id, 'ugly.py', 'x = {"a": 1, "b": [1, 2]}\n\n\ndef f(a, b):\n    return a + b\n');
  await page.keyboard.press('ControlOrMeta+z');
  await ide.savedAs(id, 'ugly.py', "x = {  'a':1 ,'b' : [1,2 ]}\ndef f( a,b ):\n  return a+b\n");

  await ide.type('ugly.py', 'def f(:\n');
  await ide.command('Format document');
  await expect(page.getByRole('listitem').filter({ hasText: 'Format document failed' })).toContainText(/line 1|1:|expected/i);
});

test('the terminal is searched forth and back, and says where it is', async ({ page }) => {
  const id = await newWorkspace('find');
  await putFile(id, 'main.py', 'for i in range(300):\n    print(f"row {i}", "needle" if i % 100 == 7 else "hay")\nprint("the", "end")\n');
  const ide = await Ide.open(page, id);
  await ide.openFile('main.py');
  await ide.run();
  await ide.expectTerminal(/the end[\s\S]*Done in/);
  await ide.typeInTerminal('');
  await page.keyboard.press('ControlOrMeta+f');
  const box = page.getByRole('textbox', { name: 'Find in terminal' });
  await box.fill('needle');
  await expect(page.getByText(/^[1-3] of 3$/)).toBeVisible();
  let at = Number.parseInt((await page.getByText(/^[1-3] of 3$/).textContent()) ?? '', 10);
  for (const key of ['Enter', 'Enter', 'Shift+Enter']) {
    at = key === 'Enter' ? (at % 3) + 1 : ((at + 1) % 3) + 1;
    await box.press(key);
    await expect(page.getByText(`${at} of 3`)).toBeVisible();
  }
  await box.fill('row 107');
  await expect(page.getByText('1 of 1')).toBeVisible();
  await expect.poll(() => ide.terminalText()).toContain('row 107 needle');
  await box.fill('nowhere');
  await expect(page.getByText('No match')).toBeVisible();
  await box.press('Escape');
  await expect(box).toHaveCount(0);
});

test('an older version of an app is made live again in the Publish dialog', async ({ page }) => {
  const name = unique('rollback');
  const id = await newWorkspace(name);
  await putFile(id, 'index.html', '<!doctype html><title>x</title><p>version one');
  const ide = await Ide.open(page, id);
  const host = `${name}.app.cloche.localhost:${sharedServer().port}`;
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Publish' });
  await dialog.getByLabel('Name of the app').fill(name);
  await dialog.getByRole('button', { name: 'Publish now' }).click();
  await expect(dialog.getByText('Published at')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  const shown = async () => (await api('/', { host })).text;
  await expect.poll(shown).toContain('version one');

  await ide.openFile('index.html');
  await ide.type('index.html', '<!doctype html><title>x</title><p>version two');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByText('Live')).toBeVisible();
  await dialog.getByRole('button', { name: 'Publish new version' }).click();
  await expect(dialog.getByText('Published at')).toBeVisible();
  await expect.poll(shown).toContain('version two');

  const versions = dialog.getByRole('region', { name: 'Versions' }).getByRole('listitem');
  await expect(versions).toHaveCount(2);
  await versions.nth(1).getByRole('button', { name: 'Roll back' }).click();
  await expect(versions.nth(1)).toContainText('Live');
  await expect(dialog.getByText(/is live again/)).toBeVisible();
  await expect.poll(shown).toContain('version one');
});

test('a program gets its arguments, and they are remembered for its file', async ({ page }) => {
  const id = await newWorkspace('arguments');
  await putFile(id, 'main.py', 'import sys\nprint("got", sys.argv[1:], "end")\n');
  await putFile(id, 'other.py', 'import sys\nprint("other", sys.argv[1:], "end")\n');
  const ide = await Ide.open(page, id);
  await ide.openFile('main.py');
  await page.getByRole('button', { name: 'Program arguments' }).click();
  const field = page.getByRole('textbox', { name: 'Program arguments' });
  await field.fill('--name "Ada');
  await expect(page.getByText('A quote is not closed.')).toBeVisible();
  await field.fill('--name "Ada Lovelace" 3');
  const kept = page.waitForRequest((request) => request.method() === 'PUT' && request.url().endsWith('/state') && (request.postData() ?? '').includes('Ada Lovelace'));
  await field.press('Enter');
  await ide.expectTerminal("got ['--name', 'Ada Lovelace', '3'] end");
  await expect(ide.status).toContainText('Ready');
  await ide.openFile('other.py');
  await ide.run();
  await ide.expectTerminal('other [] end');

  expect((await (await kept).response())?.ok()).toBe(true);
  await page.reload();
  await ide.ready();
  await ide.openFile('main.py');
  await expect(page.getByRole('button', { name: 'Program arguments: --name "Ada Lovelace" 3' })).toBeVisible();
  await ide.run();
  await ide.expectTerminal("got ['--name', 'Ada Lovelace', '3'] end");
});

test('a table of the console is shown, without its scripts', async ({ page }) => {
  const id = await newWorkspace('table');
  await putFile(id, 'main.py', '');
  const ide = await Ide.open(page, id);
  await page.getByRole('tab', { name: 'Terminal' }).click();
  await page.getByRole('button', { name: 'New Python terminal' }).click();
  await ide.expectTerminal('>>>');
  await ide.typeInTerminal('type("Table", (), {"_repr_html_": lambda self: "<p>forty-two<script>document.body.append(6 * 7)</script>"})()\n');
  await page.getByRole('tab', { name: 'Plots' }).click();
  await expect(page.frameLocator('iframe[title^="Table"]').locator('body')).toHaveText('forty-two');
});

test('completion and problems come from the language service in the tab', async ({ page }) => {
  const id = await newWorkspace('language service');
  await putFile(id, 'main.py', 'import os\nprint(of_no_such_name)\n');
  const ide = await Ide.open(page, id);
  await ide.openFile('main.py');
  await page.getByRole('tab', { name: 'Problems' }).click();
  await expect(page.getByRole('tabpanel').getByText(/"of_no_such_name" is not defined/)).toBeVisible();

  await ide.type('main.py', 'import os\nos.getc');
  await page.keyboard.type('w');
  await expect(page.locator('.suggest-widget').getByText('getcwd', { exact: true })).toBeVisible();
  await page.keyboard.press('Tab');
  await ide.savedAs(id, 'main.py', 'import os\nos.getcwd');
  await expect(page.getByRole('tabpanel').getByText(/of_no_such_name/)).toHaveCount(0);
});

test('two files stand side by side, and one is opened by a part of its name', async ({ page }) => {
  const id = await newWorkspace('side by side');
  await putFile(id, 'left.txt', 'on the left');
  await putFile(id, 'deep/er/right.txt', 'on the right');
  const ide = await Ide.open(page, id);
  await ide.openFile('left.txt');
  await page.getByRole('button', { name: 'Split editor' }).first().click();
  await expect(ide.editor('left.txt')).toHaveCount(2);
  await page.keyboard.press('ControlOrMeta+p');
  const palette = page.getByRole('dialog', { name: 'Files' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await palette.getByRole('combobox').fill('dright');
  await palette.getByRole('option', { name: 'right.txt' }).click();
  await expect(ide.text('deep/er/right.txt')).toHaveText('on the right');
  await expect(ide.text('left.txt').first()).toBeVisible();
});
