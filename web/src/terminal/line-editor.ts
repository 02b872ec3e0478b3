/** Where the line editor writes and what it asks. */
export interface LineHost {
  write(text: string): void;
  columns(): number;
  /** How wide a text is on the screen. */
  widthOf(text: string): number;
}

export interface LineRequest {
  readonly prompt: string;
  /** Shown before the second and later lines of one entry. */
  readonly continuation?: string;
  readonly isPassword?: boolean;
  readonly history?: readonly string[];
  /** Whether Enter ends the entry; else it begins another line. */
  readonly isComplete?: (text: string) => boolean;
  readonly indentAfter?: (text: string) => string;
  readonly complete?: (text: string, cursor: number) => Promise<{ from: number; completions: readonly string[] }>;
}

export type LineResult = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'end' } | { readonly kind: 'interrupt' } | { readonly kind: 'cancelled' };

/**
 * Reads an entry of one or more lines in a terminal: cursor keys, words, history, completion, paste. It knows nothing
 * of the terminal but how wide it is, and draws the whole entry anew after each change.
 */
export class LineEditor {
  private request: LineRequest | null = null;
  private finish: ((result: LineResult) => void) | null = null;
  private text = '';
  private cursor = 0;
  private historyAt = 0;
  private draft = '';
  private drawnRow = 0;
  private queued = '';
  private isCompleting = false;

  constructor(private readonly host: LineHost) {}

  get isReading(): boolean {
    return this.request !== null;
  }

  read(request: LineRequest): Promise<LineResult> {
    this.cancel();
    this.request = request;
    this.text = '';
    this.cursor = 0;
    this.draft = '';
    this.historyAt = request.history?.length ?? 0;
    this.drawnRow = 0;
    this.draw();
    return new Promise((resolve) => {
      this.finish = resolve;
      const queued = this.queued;
      this.queued = '';
      if (queued !== '') this.input(queued);
    });
  }

  /** Stops reading: nobody wants the line any more. */
  cancel(): void {
    if (this.request === null) return;
    this.end({ kind: 'cancelled' }, '');
  }

  /** Keys as a terminal sends them; what comes while nobody reads is kept for the next reader. */
  input(data: string): void {
    for (const key of splitKeys(data)) {
      if (this.request === null) this.queued = (this.queued + key).slice(-10_000);
      else this.key(key);
    }
  }

  forgetQueued(): void {
    this.queued = '';
  }

  paste(text: string): void {
    if (this.request === null) return;
    this.insert(text.replace(/\r\n?/g, '\n').replace(/\t/g, '    '));
  }

  /** Draws the entry again, for example after output came in between or the screen was cleared. */
  redraw(): void {
    this.drawnRow = 0;
    this.draw();
  }

  private key(key: string): void {
    const { text, cursor } = this;
    switch (key) {
      case '\r':
        return this.enter();
      case '\u0003':
        return this.end({ kind: 'interrupt' }, '^C\r\n');
      case '\u0004':
        return text === '' ? this.end({ kind: 'end' }, '\r\n') : this.replace(cursor, next(text, cursor), '');
      case '\t':
        return void this.completeNow();
      case '\u007f':
      case '\b':
        return this.backspace();
      case '\u001b[3~':
        return this.replace(cursor, next(text, cursor), '');
      case '\u001b[D':
      case '\u0002':
        return this.moveTo(previous(text, cursor));
      case '\u001b[C':
      case '\u0006':
        return this.moveTo(next(text, cursor));
      case '\u001b[1;5D':
      case '\u001bb':
        return this.moveTo(wordStart(text, cursor));
      case '\u001b[1;5C':
      case '\u001bf':
        return this.moveTo(wordEnd(text, cursor));
      case '\u001b[H':
      case '\u001bOH':
      case '\u0001':
        return this.moveTo(text.lastIndexOf('\n', cursor - 1) + 1);
      case '\u001b[F':
      case '\u001bOF':
      case '\u0005':
        return this.moveTo(lineEnd(text, cursor));
      case '\u000b':
        return this.replace(cursor, lineEnd(text, cursor), '');
      case '\u0015':
        return this.replace(text.lastIndexOf('\n', cursor - 1) + 1, cursor, '');
      case '\u0017':
        return this.replace(wordStart(text, cursor), cursor, '');
      case '\u000c':
        this.host.write('\u001b[2J\u001b[3J\u001b[H');
        return this.redraw();
      case '\u001b[A':
      case '\u0010':
        return this.vertical(-1);
      case '\u001b[B':
      case '\u000e':
        return this.vertical(1);
      default:
        if (!key.startsWith('\u001b') && key >= ' ') this.insert(key);
    }
  }

  private enter(): void {
    const { request, text } = this;
    if (request === null) return;
    if (this.cursor === text.length && (request.isComplete?.(text) ?? true)) {
      this.end({ kind: 'line', text }, '\r\n');
      return;
    }
    if (request.isComplete === undefined) this.end({ kind: 'line', text }, '\r\n');
    else this.insert(`\n${request.indentAfter?.(text.slice(0, this.cursor)) ?? ''}`);
  }

  private backspace(): void {
    const lineStart = this.text.lastIndexOf('\n', this.cursor - 1) + 1;
    const before = this.text.slice(lineStart, this.cursor);
    // in an indentation one step goes back a whole level
    const step = before !== '' && before.trim() === '' ? ((before.length - 1) % 4) + 1 : this.cursor - previous(this.text, this.cursor);
    this.replace(this.cursor - step, this.cursor, '');
  }

  private vertical(direction: -1 | 1): void {
    const { text, cursor } = this;
    const lineStart = text.lastIndexOf('\n', cursor - 1) + 1;
    const column = cursor - lineStart;
    if (direction < 0 && lineStart > 0) {
      const above = text.lastIndexOf('\n', lineStart - 2) + 1;
      return this.moveTo(Math.min(above + column, lineStart - 1));
    }
    const below = text.indexOf('\n', cursor);
    if (direction > 0 && below >= 0) return this.moveTo(Math.min(below + 1 + column, lineEnd(text, below + 1)));
    this.recall(direction);
  }

  private recall(direction: -1 | 1): void {
    const history = this.request?.history ?? [];
    const at = this.historyAt + direction;
    if (at < 0 || at > history.length) return;
    if (this.historyAt === history.length) this.draft = this.text;
    this.historyAt = at;
    this.text = history[at] ?? this.draft;
    this.cursor = this.text.length;
    this.draw();
  }

  private async completeNow(): Promise<void> {
    const { request, text, cursor } = this;
    const line = text.slice(text.lastIndexOf('\n', cursor - 1) + 1, cursor);
    if (request?.complete === undefined || this.isCompleting) return;
    if (line.trim() === '') return this.insert('    ');
    this.isCompleting = true;
    try {
      const { from, completions } = await request.complete(text, cursor);
      if (this.request !== request || this.text !== text || completions.length === 0) return;
      const common = commonPrefix(completions);
      const typed = text.slice(from, cursor);
      if (completions.length === 1 || common.length > typed.length) this.replace(from, cursor, common);
      else this.list(completions);
    } catch {
      // no completions then
    } finally {
      this.isCompleting = false;
    }
  }

  private list(completions: readonly string[]): void {
    const shown = completions.slice(0, 120);
    const width = Math.max(...shown.map((text) => text.length)) + 2;
    const perRow = Math.max(1, Math.floor(this.host.columns() / width));
    const rows: string[] = [];
    for (let at = 0; at < shown.length; at += perRow) rows.push(shown.slice(at, at + perRow).map((text) => text.padEnd(width)).join('').trimEnd());
    if (completions.length > shown.length) rows.push(`… and ${completions.length - shown.length} more`);
    this.moveToEnd();
    this.host.write(`\r\n\u001b[2m${rows.join('\r\n')}\u001b[0m\r\n`);
    this.redraw();
  }

  private insert(text: string): void {
    this.replace(this.cursor, this.cursor, text);
  }

  private replace(from: number, to: number, text: string): void {
    this.text = this.text.slice(0, from) + text + this.text.slice(to);
    this.cursor = from + text.length;
    this.draw();
  }

  private moveTo(cursor: number): void {
    this.cursor = Math.max(0, Math.min(this.text.length, cursor));
    this.draw();
  }

  private end(result: LineResult, echo: string): void {
    this.moveToEnd();
    this.host.write(echo);
    const finish = this.finish;
    this.request = null;
    this.finish = null;
    finish?.(result);
  }

  private moveToEnd(): void {
    this.cursor = this.text.length;
    this.draw();
  }

  /** Writes the entry from its first row on and puts the cursor where it belongs. */
  private draw(): void {
    const { request, host } = this;
    if (request === null) return;
    const columns = Math.max(2, host.columns());
    const shown = request.isPassword === true ? '' : this.text;
    const continuation = request.continuation ?? '';
    const layout = (text: string) => {
      let row = 0;
      let column = 0;
      text.split('\n').forEach((line, index) => {
        if (index > 0) row++;
        const width = host.widthOf(index === 0 ? lastLine(request.prompt) + line : continuation + line);
        row += Math.floor(width / columns);
        column = width % columns;
      });
      return { row, column };
    };
    const end = layout(shown);
    const at = layout(shown.slice(0, request.isPassword === true ? 0 : this.cursor));
    const body = lastLine(request.prompt) + shown.replaceAll('\n', `\r\n${continuation}`);
    const up = this.drawnRow > 0 ? `\u001b[${this.drawnRow}A` : '';
    // a line that just fills the row leaves the cursor behind its end: an own line break makes the place certain
    const fill = end.column === 0 && end.row > 0 && !shown.endsWith('\n') ? '\r\n' : '';
    const back = (end.row > at.row ? `\u001b[${end.row - at.row}A` : '') + `\r${at.column > 0 ? `\u001b[${at.column}C` : ''}`;
    host.write(`${up}\r\u001b[J${body}${fill}${back}`);
    this.drawnRow = at.row;
  }
}

function lastLine(prompt: string): string {
  return prompt.slice(prompt.lastIndexOf('\n') + 1);
}

function previous(text: string, at: number): number {
  if (at <= 0) return 0;
  return at - (isLowSurrogate(text, at - 1) ? 2 : 1);
}

function next(text: string, at: number): number {
  if (at >= text.length) return text.length;
  return at + (isLowSurrogate(text, at + 1) ? 2 : 1);
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}

function wordStart(text: string, at: number): number {
  return text.slice(0, at).search(/\w*\W*$/);
}

function wordEnd(text: string, at: number): number {
  return at + (/^\W*\w*/.exec(text.slice(at))?.[0].length ?? 0);
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

export function commonPrefix(texts: readonly string[]): string {
  let prefix = texts[0] ?? '';
  for (const text of texts) while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}

/** Cuts what a terminal sends into keys: escape sequences whole, everything else by characters. */
export function splitKeys(data: string): string[] {
  // eslint-disable-next-line no-control-regex -- escape sequences begin with a control character
  return data.match(/\u001b\[[\d;]*[A-Za-z~]|\u001bO[A-Z]|\u001b[a-z]?|[\s\S]/gu) ?? [];
}
