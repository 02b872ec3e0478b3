import { describe, expect, it } from 'vitest';
import { LineEditor, splitKeys, type LineRequest } from './line-editor';

/** A terminal of fixed width that understands what the line editor writes. */
class Screen {
  rows: string[] = [''];
  row = 0;
  column = 0;

  constructor(private readonly width = 40) {}

  columns() {
    return this.width;
  }

  widthOf(text: string) {
    return text.length;
  }

  write(text: string) {
    // eslint-disable-next-line no-control-regex -- escape sequences
    for (const part of text.match(/\u001b\[[\d;]*[A-Za-z]|[\s\S]/g) ?? []) this.part(part);
  }

  text() {
    return this.rows.map((row) => row.trimEnd()).join('\n').trimEnd();
  }

  private part(part: string) {
    const count = Number(/\d+/.exec(part)?.[0] ?? 1);
    if (part === '\r') this.column = 0;
    else if (part === '\n') this.row++;
    else if (part === '\u001b[J') this.rows = [...this.rows.slice(0, this.row), (this.rows[this.row] ?? '').slice(0, this.column)];
    else if (/\u001b\[\d+A/.test(part)) this.row -= count;
    else if (/\u001b\[\d+C/.test(part)) this.column += count;
    else if (part === '\u001b[H') this.row = this.column = 0;
    else if (part === '\u001b[2J') this.rows = [''];
    else if (!part.startsWith('\u001b')) this.put(part);
    while (this.rows.length <= this.row) this.rows.push('');
  }

  private put(character: string) {
    if (this.column === this.width) {
      this.column = 0;
      this.row++;
    }
    const line = (this.rows[this.row] ?? '').padEnd(this.column);
    this.rows[this.row] = line.slice(0, this.column) + character + line.slice(this.column + 1);
    this.column++;
  }
}

function start(request: Partial<LineRequest> = {}, width = 40) {
  const screen = new Screen(width);
  const editor = new LineEditor(screen);
  const result = editor.read({ prompt: '>>> ', continuation: '... ', ...request });
  return { screen, editor, result };
}

describe('a line', () => {
  it('is typed, edited in the middle and ended', async () => {
    const { screen, editor, result } = start();
    editor.input('prnt(1)');
    editor.input('\u001b[D'.repeat(5));
    editor.input('i');
    expect(screen.text()).toBe('>>> print(1)');
    editor.input('\r');
    expect(await result).toEqual({ kind: 'line', text: 'print(1)' });
  });

  it('wraps at the edge and is drawn right after editing', () => {
    const { screen, editor } = start({}, 10);
    editor.input('abcdefghijkl');
    expect(screen.text()).toBe('>>> abcdef\nghijkl');
    editor.input('\u0001X');
    expect(screen.text()).toBe('>>> Xabcde\nfghijkl');
    editor.input('\u0005\u0017');
    expect(screen.text()).toBe('>>>');
  });

  it('fills a row exactly', () => {
    const { screen, editor } = start({}, 10);
    editor.input('abcdef');
    editor.input('\u007f');
    expect(screen.text()).toBe('>>> abcde');
    editor.input('fg');
    expect(screen.text()).toBe('>>> abcdef\ng');
  });

  it('Ctrl-C and Ctrl-D end it', async () => {
    const first = start();
    first.editor.input('abc\u0003');
    expect(await first.result).toEqual({ kind: 'interrupt' });
    const second = start();
    second.editor.input('\u0004');
    expect(await second.result).toEqual({ kind: 'end' });
  });

  it('what is typed before anybody reads is not lost', async () => {
    const screen = new Screen();
    const editor = new LineEditor(screen);
    editor.input('early\r');
    expect(await editor.read({ prompt: '' })).toEqual({ kind: 'line', text: 'early' });
  });

  it('a password is not shown', async () => {
    const { screen, editor, result } = start({ prompt: 'Password: ', isPassword: true });
    editor.input('secret');
    expect(screen.text()).toBe('Password:');
    editor.input('\r');
    expect(await result).toEqual({ kind: 'line', text: 'secret' });
  });
});

describe('several lines', () => {
  const request: Partial<LineRequest> = {
    isComplete: (text) => !text.includes(':') || text.endsWith('\n'),
    indentAfter: (text) => (text.trimEnd().endsWith(':') ? '    ' : ''),
  };

  it('go on until the entry is complete', async () => {
    const { screen, editor, result } = start(request);
    editor.input('if x:\ry()\r');
    expect(screen.text()).toBe('>>> if x:\n...     y()\n...');
    editor.input('\r');
    expect(await result).toEqual({ kind: 'line', text: 'if x:\n    y()\n' });
  });

  it('can be pasted and walked through', () => {
    const { screen, editor } = start(request);
    editor.paste('for a in b:\r\n\tprint(a)');
    expect(screen.text()).toBe('>>> for a in b:\n...     print(a)');
    editor.input('\u001b[A\u0005 #');
    expect(screen.text()).toBe('>>> for a in b: #\n...     print(a)');
  });
});

describe('history and completion', () => {
  it('recalls entries and gives the draft back', () => {
    const { screen, editor } = start({ history: ['one', 'two'] });
    editor.input('dra\u001b[A');
    expect(screen.text()).toBe('>>> two');
    editor.input('\u001b[A\u001b[A');
    expect(screen.text()).toBe('>>> one');
    editor.input('\u001b[B\u001b[B');
    expect(screen.text()).toBe('>>> dra');
  });

  it('completes what is common and lists the rest', async () => {
    const { screen, editor } = start({ complete: async () => ({ from: 0, completions: ['print', 'printer'] }) });
    editor.input('pr\t');
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve));
    expect(screen.text()).toBe('>>> print');
    editor.input('\t');
    await new Promise((resolve) => setTimeout(resolve));
    expect(screen.text()).toBe('>>> print\nprint    printer\n>>> print');
  });
});

it('cuts keys apart', () => {
  expect(splitKeys('a\u001b[1;5Dé\u001b[3~\r😀')).toEqual(['a', '\u001b[1;5D', 'é', '\u001b[3~', '\r', '😀']);
});
