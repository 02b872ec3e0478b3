import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { newWorkspace, putFile } from '../support/api';
import { dropFromDesktop, pathsOf, textsOfZip, withFolder } from '../support/files';
import { Ide } from '../support/ide';
import { sharedServer } from '../support/server';
import { signIn } from '../support/session';

test.beforeEach(({ context }) => signIn(context));

test('files and folders are dragged to another folder, and an open file stays open under its new path', async ({ page }) => {
  const id = await newWorkspace('drag');
  for (const path of ['a/one.txt', 'a/two.txt', 'b/three.txt', 'top.txt']) await putFile(id, path, path);
  const ide = await Ide.open(page, id);
  await ide.openFile('top.txt');

  await ide.treeItem('top.txt').dragTo(ide.treeItem('b'));
  await expect.poll(() => pathsOf(id)).toEqual(['a/one.txt', 'a/two.txt', 'b/three.txt', 'b/top.txt']);
  await ide.type('b/top.txt', 'typed after the move');
  await ide.savedAs(id, 'b/top.txt', 'typed after the move');

  await ide.treeItem('b').dragTo(ide.treeItem('a'));
  await expect.poll(() => pathsOf(id)).toEqual(['a/b/three.txt', 'a/b/top.txt', 'a/one.txt', 'a/two.txt']);

  // several at once, back to the top: the empty space below the tree
  await ide.treeItem('one.txt').click();
  await ide.treeItem('two.txt').click({ modifiers: ['ControlOrMeta'] });
  const tree = page.getByRole('tree', { name: 'Files' });
  const box = await tree.boundingBox();
  await ide.treeItem('one.txt').dragTo(tree, { targetPosition: { x: 60, y: (box?.height ?? 0) - 20 } });
  await expect.poll(() => pathsOf(id)).toEqual(['a/b/three.txt', 'a/b/top.txt', 'one.txt', 'two.txt']);
});

test('what cannot be moved is refused in words and stays', async ({ page }) => {
  const id = await newWorkspace('drag refused');
  for (const path of ['a/same.txt', 'same.txt']) await putFile(id, path, path);
  const ide = await Ide.open(page, id);
  await ide.treeItem('same.txt').dragTo(ide.treeItem('a'));
  await expect(page.getByText('a/same.txt exists already.')).toBeVisible();
  await expect(ide.status).toContainText('Saved');
  expect(await pathsOf(id)).toEqual(['a/same.txt', 'same.txt']);
});

test('files and a folder from the desktop are dropped into a folder, into an empty workspace, and never open in the browser', async ({ page }) => {
  const id = await newWorkspace('drop');
  await withFolder({ 'note.txt': 'a note', 'site/index.html': '<p>hello', 'site/css/style.css': 'p {}', 'site/node_modules/x/index.js': 'never' }, async (folder) => {
    await page.goto(`${sharedServer().url}/workspace/pyodide/${id}`);
    await dropFromDesktop(page, page.getByText('No files yet'), [join(folder, 'note.txt')]);
    const ide = new Ide(page);
    await expect(ide.treeItem('note.txt')).toBeVisible();
    await dropFromDesktop(page, page.getByRole('tree', { name: 'Files' }), [join(folder, 'site')]);
    await expect.poll(() => pathsOf(id)).toEqual(['note.txt', 'site/css/style.css', 'site/index.html']);
    await dropFromDesktop(page, ide.treeItem('site'), [join(folder, 'note.txt')]);
    await ide.savedAs(id, 'site/note.txt', 'a note');

    await ide.openFile('note.txt');
    await dropFromDesktop(page, ide.text('note.txt'), [join(folder, 'site/index.html')]);
    await expect(ide.text('note.txt')).toHaveText('a note');
    expect(await page.evaluate(() => location.protocol)).toBe('http:');

    await dropFromDesktop(page, page.getByRole('tree', { name: 'Files' }), [join(folder, 'note.txt')]);
    await expect(page.getByRole('dialog', { name: 'Replace note.txt?' })).toBeVisible();
    await page.getByRole('button', { name: 'Cancel' }).click();
  });
});

test('a folder is uploaded by the chooser, and a file and a folder are downloaded', async ({ page }) => {
  const id = await newWorkspace('up and down');
  await putFile(id, 'keep.txt', 'kept');
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`data/part ${i % 3}/file ${i}.txt`, `text ${i}`]));
  const ide = await Ide.open(page, id);
  await withFolder(many, async (folder) => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Upload folder' }).click();
    await (await chooser).setFiles(join(folder, 'data'));
    await expect(page.getByText('Uploaded 150 files')).toBeVisible();
    await expect.poll(async () => (await pathsOf(id)).length).toBe(151);
  });

  await ide.treeItem('keep.txt').click({ button: 'right' });
  const file = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Download', exact: true }).click();
  expect((await file).suggestedFilename()).toBe('keep.txt');
  expect(readFileSync(await (await file).path(), 'utf8')).toBe('kept');

  await ide.treeItem('data').click({ button: 'right' });
  const folder = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Download folder as zip' }).click();
  expect((await folder).suggestedFilename()).toBe('data.zip');
  expect(await textsOfZip(await folder)).toEqual(Object.fromEntries(Object.entries(many).map(([path, text]) => [path.replace(/^data\//, ''), text])));

  const all = page.waitForEvent('download');
  await ide.command('Download workspace as zip');
  expect((await all).suggestedFilename()).toMatch(/\.zip$/);
  expect(await textsOfZip(await all)).toMatchObject({ ...many, 'keep.txt': 'kept' });
});

test('a deleted file and a deleted folder come back by Undo', async ({ page }) => {
  const id = await newWorkspace('undo');
  const paths = [...Array.from({ length: 12 }, (_, i) => `folder/${String(i).padStart(2, '0')}.txt`), 'keep.txt', 'old.txt'];
  for (const path of paths) await putFile(id, path, `text of ${path}`);
  const ide = await Ide.open(page, id);
  for (const [name, left] of [['old.txt', paths.filter((path) => path !== 'old.txt')], ['folder', ['keep.txt', 'old.txt']]] as const) {
    await ide.treeItem(name).click();
    await ide.treeItem(name).press('Delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    const message = page.getByRole('listitem').filter({ hasText: `Deleted ${name}` });
    // it stays as long as the pointer is on it
    await message.hover();
    await expect(ide.treeItem(name)).toHaveCount(0);
    await expect.poll(() => pathsOf(id)).toEqual(left);
    await message.getByRole('button', { name: 'Undo' }).click();
    await expect(ide.treeItem(name)).toBeVisible();
    await expect.poll(() => pathsOf(id)).toEqual(paths);
  }
  for (const path of ['old.txt', 'folder/07.txt']) await ide.savedAs(id, path, `text of ${path}`);
});
