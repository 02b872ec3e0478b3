import { describe, expect, it } from 'vitest';
import { encodeText } from '@/base/bytes';
import { WorkspaceClient } from '@/platform/files';
import { FakeClock } from '../../../test/fakes/clock';
import { FakeEngine } from '../../../test/fakes/engine';
import { FakeJournal, FakeServer } from '../../../test/fakes/files';
import { EngineSession } from './engine-session';

async function start(engine = new FakeEngine()) {
  const server = new FakeServer();
  server.seed('main.py', 'print(1)');
  const clock = new FakeClock();
  const files = await WorkspaceClient.open({ workspaceId: 'w', remote: server.remote(), journal: new FakeJournal(), clock });
  const unkept: string[] = [];
  const session = new EngineSession({
    files,
    clock,
    openFrame: () => Promise.resolve(engine.frame()),
    setup: () => Promise.resolve({ wheels: [], environment: { A: 'b' } }),
    onUnkept: (path) => unkept.push(path),
  });
  return { engine, server, clock, files, session, unkept };
}

const runFile = { kind: 'file', path: 'main.py', args: [] } as const;

describe('starting', () => {
  it('gives the engine all files and the environment, once', async () => {
    const { engine, session } = await start();
    await Promise.all([session.start(), session.start()]);
    expect(engine.requests).toHaveLength(1);
    expect(engine.requests[0]).toMatchObject({ type: 'boot', environment: { A: 'b' }, takeOver: false });
    expect(engine.files.get('main.py')).toBe('print(1)');
    expect(session.state.getState()).toEqual({ state: 'idle' });
    expect(session.report.getState()?.python).toBe('3.14.2');
  });

  it('says what the browser lacks', async () => {
    const { session } = await start(new FakeEngine({ sharedArrayBuffer: false }));
    await expect(session.start()).rejects.toThrow('shared memory');
    expect(session.state.getState()).toMatchObject({ state: 'blocked', reason: 'capability' });
  });

  it('asks before it takes the engine from another tab', async () => {
    const engine = new FakeEngine();
    engine.refuseBoot = { reason: 'other-tab', message: 'Another tab runs it.' };
    const { session } = await start(engine);
    await expect(session.start()).rejects.toThrow('Another tab');
    expect(session.state.getState()).toMatchObject({ state: 'blocked', reason: 'other-tab' });
    await session.start(true);
    expect(session.state.getState()).toEqual({ state: 'idle' });
  });

  it('another tab may take it', async () => {
    const { engine, session } = await start();
    await session.start();
    engine.say({ type: 'status', status: { state: 'stopped', reason: 'taken-over' } });
    expect(session.state.getState()).toMatchObject({ state: 'blocked', reason: 'other-tab' });
  });
});

describe('running', () => {
  it('waits until what was typed has reached the engine', async () => {
    const { engine, files, session } = await start();
    await session.start();
    files.write('main.py', 'print(2)', 'editor');
    expect(await session.run('r1', 'run', runFile)).toEqual({ outcome: 'ok', milliseconds: 1 });
    expect(engine.requests.map((request) => request.type)).toEqual(['boot', 'changes', 'run']);
    expect(engine.files.get('main.py')).toBe('print(2)');
  });

  it('one after the other', async () => {
    const engine = new FakeEngine();
    engine.holdRuns = true;
    const { session } = await start(engine);
    const first = session.run('r1', 'run', runFile);
    const second = session.run('r2', 'python', { kind: 'repl', code: '1' });
    await expect.poll(() => engine.requests.filter((request) => request.type === 'run').length).toBe(1);
    engine.finishRuns();
    await first;
    await expect.poll(() => engine.requests.filter((request) => request.type === 'run').length).toBe(2);
    engine.finishRuns();
    await second;
  });

  it('starts a new engine after a hard stop', async () => {
    const { engine, session } = await start();
    await session.start();
    session.hardStop();
    await expect.poll(() => session.state.getState().state).toBe('stopped');
    await session.run('r1', 'run', runFile);
    expect(engine.requests.map((request) => request.type)).toEqual(['boot', 'boot', 'run']);
  });
});

describe('files', () => {
  it('reach the engine soon after typing, also when they are moved in between', async () => {
    const { engine, clock, files, session } = await start();
    await session.start();
    files.write('a.py', 'x', 'editor');
    files.move('a.py', 'b.py', 'explorer');
    files.write('b.py', 'xy', 'editor');
    files.remove('main.py', 'explorer');
    await clock.advance(400);
    expect([...engine.files]).toEqual([['b.py', 'xy']]);
  });

  it('of programs reach the server and are not echoed', async () => {
    const { engine, clock, files, session, server, unkept } = await start();
    await session.start();
    engine.say({ type: 'changes', changes: [{ kind: 'write', path: 'out/result.txt', bytes: encodeText('42') }, { kind: 'write', path: 'bad:name', bytes: encodeText('') }] });
    await files.save();
    await clock.advance(1000);
    expect(server.text('out/result.txt')).toBe('42');
    expect(unkept).toEqual(['bad:name']);
    expect(engine.requests.filter((request) => request.type === 'changes')).toEqual([]);
  });
});
