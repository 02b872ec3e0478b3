import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../../test/fakes/clock';
import { FakeJournal, FakeServer } from '../../../test/fakes/files';
import { FileProblem, type FileConflict, type FileEvent } from './file-types';
import { WorkspaceClient } from './workspace-client';

async function start(server = new FakeServer(), journal = new FakeJournal()) {
  const clock = new FakeClock();
  const client = await WorkspaceClient.open({ workspaceId: 'w', remote: server.remote(), journal, clock });
  const events: FileEvent[] = [];
  const conflicts: FileConflict[] = [];
  client.onChange((event) => events.push(event));
  client.onConflict((conflict) => conflicts.push(conflict));
  return { server, journal, clock, client, events, conflicts };
}

function seeded(files: Record<string, string>): FakeServer {
  const server = new FakeServer();
  for (const [path, text] of Object.entries(files)) server.seed(path, text);
  return server;
}

describe('saving', () => {
  it('waits for a second without typing, and keeps typing together', async () => {
    const { server, clock, client } = await start(seeded({ 'a.py': 'old' }));
    client.write('a.py', 'n', 'editor');
    await clock.advance(900);
    client.write('a.py', 'new', 'editor');
    await clock.advance(900);
    expect(server.log).toEqual([]);
    await clock.advance(200);
    expect(server.log).toEqual(['write a.py']);
    expect(server.text('a.py')).toBe('new');
    expect(client.saveState.getState()).toEqual({ state: 'saved' });
    expect(client.isDirty('a.py')).toBe(false);
  });

  it('saves at the latest after five seconds of typing', async () => {
    const { server, clock, client } = await start(seeded({ 'a.py': '' }));
    for (let tick = 0; tick < 11; tick++) {
      client.write('a.py', `text ${tick}`, 'editor');
      await clock.advance(500);
    }
    expect(server.log).toHaveLength(1);
  });

  it('saves at once when asked, and ends when the server has it', async () => {
    const { server, client } = await start();
    client.write('a.py', () => 'typed', 'editor');
    await client.save();
    expect(server.text('a.py')).toBe('typed');
  });

  it('writes made while a save is under way build on the revision that comes back', async () => {
    const { server, clock, client, conflicts } = await start(seeded({ 'a.py': '1' }));
    client.write('a.py', '2', 'editor');
    const saving = client.save();
    client.write('a.py', '3', 'editor');
    await saving;
    await clock.advance(2000);
    expect(server.text('a.py')).toBe('3');
    expect(conflicts).toEqual([]);
  });

  it('does not send what was made and deleted again', async () => {
    const { server, client } = await start();
    client.write('a.py', 'x', 'explorer');
    client.remove('a.py', 'explorer');
    await client.save();
    expect(server.log).toEqual([]);
  });

  it('a refused change does not hold up the others and is named', async () => {
    const { server, client } = await start();
    server.refuse = (change) => (change.path === 'bad' ? 'This name is reserved.' : null);
    client.write('bad', 'x', 'explorer');
    client.write('good', 'y', 'explorer');
    await expect(client.save()).rejects.toThrow('reserved');
    expect(server.text('good')).toBe('y');
    expect(client.saveState.getState()).toMatchObject({ state: 'refused', path: 'bad', cause: 'This name is reserved.' });
    server.refuse = null;
    await client.save();
    expect(server.text('bad')).toBe('x');
  });
});

describe('offline', () => {
  it('says so, keeps the changes, tries again and catches up when the line is back', async () => {
    const { server, clock, client, journal } = await start(seeded({ 'a.py': 'old' }));
    server.offline = true;
    client.write('a.py', 'one', 'editor');
    client.write('b.py', 'two', 'editor');
    await clock.advance(1500);
    expect(client.saveState.getState()).toMatchObject({ state: 'offline', changes: 2, kept: true });
    expect(journal.records.size).toBe(2);
    server.comeBack();
    await settle();
    await clock.advance(2000);
    expect(server.text('a.py')).toBe('one');
    expect(server.text('b.py')).toBe('two');
    expect(client.saveState.getState()).toEqual({ state: 'saved' });
    await clock.advance(300);
    expect(journal.records.size).toBe(0);
  });

  it('tries again by itself with growing pauses', async () => {
    const { server, clock, client } = await start();
    server.offline = true;
    client.write('a.py', 'x', 'editor');
    await clock.advance(10_000);
    server.offline = false;
    await clock.advance(31_000);
    expect(server.text('a.py')).toBe('x');
  });

  it('knows when leaving would lose something', async () => {
    const { clock, client, journal, server } = await start();
    server.offline = true;
    journal.broken = true;
    client.write('a.py', 'x', 'editor');
    await clock.advance(300);
    expect(client.wouldLose).toBe(true);
    journal.broken = false;
    client.write('a.py', 'xy', 'editor');
    await clock.advance(300);
    expect(client.wouldLose).toBe(false);
  });
});

describe('after a crash', () => {
  it('replays what was typed up to a quarter of a second before', async () => {
    const server = seeded({ 'a.py': 'old' });
    const journal = new FakeJournal();
    const first = await start(server, journal);
    first.client.write('a.py', 'typed', 'editor');
    first.client.move('a.py', 'b.py', 'explorer');
    first.client.createFolder('data', 'explorer');
    await first.clock.advance(250);
    expect(server.log).toEqual([]);

    const second = await start(server, journal);
    expect(await second.client.readText('b.py')).toBe('typed');
    await second.clock.advance(500);
    expect(server.text('b.py')).toBe('typed');
    expect(server.text('a.py')).toBe(null);
    expect(server.folders.has('data')).toBe(true);
    expect(journal.records.size).toBe(0);
  });

  it('drops what the server had committed although its answer was lost', async () => {
    const { server, clock, client, conflicts } = await start(seeded({ 'a.py': 'old' }));
    server.loseNextAnswer = true;
    server.log.push('before');
    client.write('a.py', 'typed', 'editor');
    await clock.advance(40_000);
    expect(server.text('a.py')).toBe('typed');
    expect(conflicts).toEqual([]);
    expect(client.saveState.getState()).toEqual({ state: 'saved' });
    expect([...server.files.keys()]).toEqual(['a.py']);
  });
});

describe('several browsers', () => {
  it('a change of one reaches the other', async () => {
    const server = seeded({ 'a.py': 'old' });
    const one = await start(server);
    const two = await start(server);
    expect(await two.client.readText('a.py')).toBe('old');
    one.client.write('a.py', 'new', 'editor');
    one.client.write('sub/b.py', 'b', 'editor');
    await one.client.save();
    await two.clock.advance(300);
    expect(two.events).toContainEqual({ kind: 'write', path: 'a.py', created: false, origin: 'server' });
    expect(two.events).toContainEqual({ kind: 'write', path: 'sub/b.py', created: true, origin: 'server' });
    expect(await two.client.readText('a.py')).toBe('new');
    expect(two.client.childrenOf('sub').map((node) => node.path)).toEqual(['sub/b.py']);
    one.client.remove('sub', 'explorer');
    await one.client.save();
    await two.clock.advance(300);
    expect(two.client.get('sub/b.py')).toBeUndefined();
  });

  it('two versions of one file are both kept', async () => {
    const server = seeded({ 'a.py': 'base' });
    const one = await start(server);
    const two = await start(server);
    await Promise.all([one.client.readText('a.py'), two.client.readText('a.py')]);
    one.client.write('a.py', 'theirs', 'editor');
    await one.client.save();
    two.client.write('a.py', 'mine', 'editor');
    await two.client.save();
    const [conflict] = two.conflicts;
    expect(conflict?.path).toBe('a.py');
    expect(conflict?.copy).toMatch(/^a \(conflict 2026-11-21 [\d.]+\)\.py$/);
    expect(server.text('a.py')).toBe('theirs');
    expect(server.text(conflict?.copy ?? '')).toBe('mine');
    expect(await two.client.readText('a.py')).toBe('theirs');
    expect(await two.client.readText(conflict?.copy ?? '')).toBe('mine');
  });

  it('what both typed alike is no conflict', async () => {
    const server = seeded({ 'a.py': 'base' });
    const one = await start(server);
    const two = await start(server);
    one.client.write('a.py', 'same', 'editor');
    await one.client.save();
    two.client.write('a.py', 'same', 'editor');
    await two.client.save();
    expect(two.conflicts).toEqual([]);
    expect([...server.files.keys()]).toEqual(['a.py']);
  });

  it('a file that somebody changed is not deleted', async () => {
    const server = seeded({ 'a.py': 'base' });
    const one = await start(server);
    const two = await start(server);
    one.client.write('a.py', 'changed', 'editor');
    await one.client.save();
    two.client.remove('a.py', 'explorer');
    await two.client.save();
    expect(server.text('a.py')).toBe('changed');
    expect(two.conflicts).toEqual([{ path: 'a.py', copy: null }]);
    expect(two.client.get('a.py')?.kind).toBe('file');
  });

  it('typing into a file that somebody deleted makes it again', async () => {
    const server = seeded({ 'a.py': 'base' });
    const one = await start(server);
    const two = await start(server);
    one.client.remove('a.py', 'explorer');
    await one.client.save();
    two.client.write('a.py', 'still here', 'editor');
    await two.client.save();
    expect(server.text('a.py')).toBe('still here');
  });
});

describe('the tree', () => {
  it('refuses bad names and names that differ only in case', async () => {
    const { client } = await start(seeded({ 'Readme.md': '' }));
    expect(() => client.write('readme.MD', '', 'explorer')).toThrow(FileProblem);
    expect(() => client.write('../x', '', 'explorer')).toThrow(FileProblem);
    expect(() => client.createFolder('a\u0000b', 'explorer')).toThrow(FileProblem);
    expect(() => client.write('Readme.md/x', '', 'explorer')).toThrow(FileProblem);
    client.move('Readme.md', 'README.md', 'explorer');
    expect(client.get('README.md')?.kind).toBe('file');
  });

  it('reads all contents with one request when many are missing', async () => {
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}.py`, `text ${index}`]));
    const { client } = await start(seeded(files));
    client.write('f3.py', 'changed', 'editor');
    const all = await client.readAll();
    expect(all.size).toBe(20);
    expect(new TextDecoder().decode(all.get('f3.py'))).toBe('changed');
    expect(new TextDecoder().decode(all.get('f7.py'))).toBe('text 7');
  });

  it('does not keep what engines can make again', async () => {
    const { client, server } = await start();
    client.write('__pycache__/a.cpython-314.pyc', new Uint8Array([1]), 'engine');
    client.write('out.txt', 'result', 'engine');
    await client.save();
    expect([...server.files.keys()]).toEqual(['out.txt']);
  });
});
