import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Download, Locator, Page } from '@playwright/test';
import { api } from './api';

const run = promisify(execFile);

/** A folder on this machine's disk with these files; gone after `use`. */
export async function withFolder(files: Readonly<Record<string, string>>, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cloche-e2e-files-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Drops files and folders of the disk on a place of the page, as from the desktop. */
export async function dropFromDesktop(page: Page, target: Locator, paths: readonly string[]): Promise<void> {
  // waits until the place stands still and nothing covers it
  await target.hover();
  const box = await target.boundingBox();
  if (box === null) throw new Error('the place to drop on is not shown');
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, ...at, data });
  await session.detach();
}

/** The files of a downloaded zip with their texts. */
export async function textsOfZip(download: Download): Promise<Record<string, string>> {
  const program = 'import json, sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(json.dumps({n: z.read(n).decode() for n in z.namelist() if not n.endswith("/")}))';
  const { stdout } = await run('python3', ['-c', program, await download.path()]);
  return JSON.parse(stdout) as Record<string, string>;
}

/** The paths of the files that the server has, without what the platform keeps for itself. */
export async function pathsOf(workspace: string): Promise<string[]> {
  const { files } = (await api(`/api/workspaces/${workspace}/files`)).json as { files: { path: string; kind?: string }[] };
  return files.filter((file) => file.kind !== 'folder' && !file.path.startsWith('.cloche/')).map((file) => file.path).sort();
}
