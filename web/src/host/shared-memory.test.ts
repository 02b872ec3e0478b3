import { describe, expect, test } from 'vitest';
import { PageSide, WorkerSide, type OutputStream } from './shared-memory';

function pair(): { page: PageSide; worker: WorkerSide; bells: () => number } {
  const page = new PageSide();
  let bells = 0;
  const worker = new WorkerSide(page.buffer, () => { bells++; });
  return { page, worker, bells: () => bells };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function take(page: PageSide, budget = Infinity, position?: number): string {
  let text = '';
  page.takeOutput(budget, position, (stream, piece) => { text += `${stream === 'stderr' ? '!' : ''}${new TextDecoder().decode(piece)}`; });
  return text;
}

describe('output', () => {
  test('keeps its order and rings once until it is taken', () => {
    const { page, worker, bells } = pair();
    worker.write('stdout', bytes('a'));
    worker.write('stderr', bytes('b'));
    worker.write('stdout', bytes('c'));

    expect(bells()).toBe(1);
    expect(take(page)).toBe('a!bc');
    expect(page.hasOutput).toBe(false);
    worker.write('stdout', bytes('d'));
    expect(bells()).toBe(2);
  });

  test('goes round the ring whole, whatever the sizes', () => {
    const { page, worker } = pair();
    let written = '';
    let read = '';
    const collect = (_stream: OutputStream, piece: Uint8Array): void => { read += new TextDecoder('latin1').decode(piece); };
    for (let step = 1; step < 400; step++) {
      const piece = String.fromCharCode(33 + (step % 90)).repeat((step * 7919) % 70_000);
      written += piece;
      worker.write('stdout', bytes(piece));
      page.takeOutput(Infinity, undefined, collect);
    }
    expect(read.length).toBe(written.length);
    expect(read === written).toBe(true);
  });

  test('is taken up to a position, which may lie behind', () => {
    const { page, worker } = pair();
    worker.write('stdout', bytes('before'));
    const { position } = worker;
    worker.write('stdout', bytes('after'));

    expect(take(page, 0, position)).toBe('before');
    expect(take(page, 0, position)).toBe('');
    expect(take(page)).toBe('after');
  });

  test('is dropped, not waited for, when the program is being interrupted', () => {
    const { page, worker } = pair();
    page.interrupt(1);
    worker.write('stdout', new Uint8Array(1_000_000));

    expect(take(page).length).toBeLessThan(300_000);
  });
});

describe('an interrupt', () => {
  test('reaches the run that it was meant for only', () => {
    const { page, worker } = pair();
    page.interrupt(3);
    worker.startRun(3);
    expect(worker.isInterrupted).toBe(true);
    worker.endRun();
    page.interrupt(3);
    worker.startRun(4);
    expect(worker.isInterrupted).toBe(false);
  });

  test('ends a sleep and a wait for a line', () => {
    const { page, worker } = pair();
    worker.startRun(1);
    page.interrupt(1);
    worker.sleep(60_000);
    expect(worker.takeLine()).toEqual({ kind: 'interrupted' });
  });
});

describe('a line', () => {
  test('arrives as it was typed, then the end', () => {
    const { page, worker } = pair();
    expect(page.offerLine('Zoë 🌱\n')).toBe(true);
    expect(worker.takeLine()).toEqual({ kind: 'line', text: 'Zoë 🌱\n' });
    page.offerLine(null);
    expect(worker.takeLine()).toEqual({ kind: 'end' });
  });

  test('that is too long is not offered', () => {
    expect(pair().page.offerLine('x'.repeat(300_000))).toBe(false);
  });
});
