import { describe, expect, it } from 'vitest';
import { PreviewLog } from './preview-console';

const shown = (log: PreviewLog) => log.entries.getState().map(({ from, level, text }) => `${from} ${level} ${text}`);

describe('the log of a preview', () => {
  it('takes the lines of pages, and leaves out what is of another form', () => {
    const log = new PreviewLog();

    for (const data of [null, 1, 'text', {}, { lines: 'x' }, { lines: [null, {}, { level: 'bad', text: 'x' }, { level: 'log', text: 1 }] }]) log.takeMessage(data);
    log.takeMessage({ lines: [{ level: 'warn', text: 'one' }, { level: 'error', text: 'x'.repeat(5000) }], leftOut: 3 });

    expect(shown(log)).toEqual(['page warn one', `page error ${'x'.repeat(4000)}`, 'page warn 3 more lines came too fast and are not shown.']);
  });

  it('takes whole lines of output, however the pieces come', () => {
    const log = new PreviewLog();

    log.takeOutput('stdout', 'a\nb');
    log.takeOutput('stderr', 'wrong\n');
    log.takeOutput('stdout', 'c\n\n');

    expect(shown(log)).toEqual(['python log a', 'python error wrong', 'python log bc', 'python log ']);
  });

  it('keeps the newest 500, and a message brings 200 at most', () => {
    const log = new PreviewLog();

    for (let i = 0; i < 4; i += 1) log.takeMessage({ lines: Array.from({ length: 300 }, (_, n) => ({ level: 'log', text: `${i}-${n}` })) });

    expect(shown(log).at(0)).toBe('page log 1-100');
    expect(shown(log).at(-1)).toBe('page log 3-199');
    expect(log.entries.getState()).toHaveLength(500);
    log.takeOutput('stdout', 'line\n'.repeat(10_000));
    expect(log.entries.getState()).toHaveLength(500);
    log.clear();
    expect(shown(log)).toEqual([]);
  });
});
