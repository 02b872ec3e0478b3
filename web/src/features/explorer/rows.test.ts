import { describe, expect, it } from 'vitest';
import { fuzzyRank } from '@/base/fuzzy';
import { FakeClock } from '../../../test/fakes/clock';
import { FakeJournal, FakeServer } from '../../../test/fakes/files';
import { WorkspaceClient } from '@/platform/files/workspace-client';
import { shownIn, topmost, visibleRows } from './rows';

async function open(paths: readonly string[]) {
  const server = new FakeServer();
  for (const path of paths) server.seed(path, '');
  return WorkspaceClient.open({ workspaceId: 'w', remote: server.remote(), journal: new FakeJournal(), clock: new FakeClock() });
}

describe('the rows of the tree', () => {
  it('are the open folders from top to bottom, folders first, names as people sort them', async () => {
    const files = await open(['b10.py', 'b9.py', 'a/x.py', 'z/y/deep.py', '.cloche/lock.json']);

    expect(visibleRows(files, new Set(['z', 'z/y']), null).map(({ path, level }) => `${level} ${path}`)).toEqual(['1 a', '1 z', '2 z/y', '3 z/y/deep.py', '1 b9.py', '1 b10.py']);
    expect(visibleRows(files, new Set(), { kind: 'file', folder: '' })[0]).toMatchObject({ isNew: true, siblings: 5 });
    expect(shownIn(files, '')).toHaveLength(4);
    expect(topmost(['a', 'a/x.py', 'z/y/deep.py'])).toEqual(['a', 'z/y/deep.py']);
  });

  it('of 20,000 files are there in well under a second, and so is what a name finds', async () => {
    const paths = Array.from({ length: 20_000 }, (_, n) => `folder-${n % 100}/module_${n}.py`);
    const files = await open(paths);
    const expanded = new Set(Array.from({ length: 100 }, (_, n) => `folder-${n}`));

    // Time of the processor, which other jobs on the machine do not make longer.
    const begin = process.cpuUsage();
    const rows = visibleRows(files, expanded, null);
    visibleRows(files, expanded, null);
    const found = fuzzyRank('mod19999', paths, (path) => path, 60);
    const { user, system } = process.cpuUsage(begin);

    expect(rows).toHaveLength(20_100);
    expect(rows.at(-1)?.path).toBe('folder-99/module_19999.py');
    expect(found[0]?.item).toBe('folder-99/module_19999.py');
    expect((user + system) / 1000).toBeLessThan(1000);
  }, 60_000);
});
