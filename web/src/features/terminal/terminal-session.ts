import type { Disposable } from '@/base/disposable';
import type { OutputTerminal } from '@/platform/terminals';
import { LineEditor } from '@/terminal/line-editor';
import { TerminalSurface } from '@/terminal/terminal-surface';
import { workspacePathOf } from '@/terminal/traceback-links';

export interface TerminalHost {
  readonly fontSize: number;
  isFile(path: string): boolean;
  openPlace(path: string, line: number): void;
  find(): void;
  interrupt(): void;
  answer(text: string | null): void;
  isBusy(terminal: string): boolean;
}

/** A terminal with its line editor. Output of programs and questions of `input()` arrive here. */
export class TerminalSession implements OutputTerminal, Disposable {
  readonly surface: TerminalSurface;
  readonly editor: LineEditor;

  constructor(
    readonly id: string,
    protected readonly host: TerminalHost,
  ) {
    this.surface = new TerminalSurface({
      fontSize: host.fontSize,
      onData: (data) => this.keys(data),
      onFind: () => host.find(),
      onPaste: (text) => this.paste(text),
      onResize: () => undefined,
      resolvePath: (name) => workspacePathOf(name, (path) => host.isFile(path)),
      onOpenPlace: (path, line) => host.openPlace(path, line),
    });
    this.editor = new LineEditor({
      write: (text) => this.surface.write(text),
      columns: () => this.surface.columns,
      widthOf: widthOfText,
    });
  }

  write(text: string): void {
    this.surface.write(text);
  }

  note(text: string, tone: 'plain' | 'good' | 'bad' = 'plain'): void {
    const colour = tone === 'bad' ? '31' : tone === 'good' ? '32' : '2';
    this.surface.write('', () => {
      const begin = this.surface.isAtLineStart ? '' : '\n';
      this.surface.write(`${begin}\u001b[${colour}m${text}\u001b[0m\n`);
    });
  }

  clear(): void {
    this.surface.clear();
  }

  /** A program waits for a line. */
  async ask(prompt: string, isPassword: boolean): Promise<void> {
    await this.surface.written();
    const result = await this.editor.read({ prompt, isPassword });
    if (result.kind === 'line') this.host.answer(result.text);
    else if (result.kind === 'end') this.host.answer(null);
    else if (result.kind === 'interrupt') this.host.interrupt();
  }

  dispose(): void {
    this.editor.cancel();
    this.surface.dispose();
  }

  protected keys(data: string): void {
    if (!this.editor.isReading && data === '\u0003') {
      if (this.host.isBusy(this.id)) {
        this.editor.forgetQueued();
        this.surface.write('^C');
        this.host.interrupt();
      }
      return;
    }
    if (this.editor.isReading || this.takesTypeAhead()) this.editor.input(data);
  }

  /** Whether keys that nobody reads yet are kept for the next question. */
  protected takesTypeAhead(): boolean {
    return this.host.isBusy(this.id);
  }

  private paste(text: string): void {
    if (this.editor.isReading) this.editor.paste(text);
    else if (this.takesTypeAhead()) this.editor.input(text.replace(/\r?\n/g, '\r'));
  }
}

/** Columns that a text takes: wide East Asian characters and emoji take two, combining ones none. */
function widthOfText(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (/\p{M}/u.test(character) || code === 0x200d || code === 0xfe0f) continue;
    const isWide =
      (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) || (code >= 0x1f300 && code <= 0x1faff) || (code >= 0x20000 && code <= 0x3fffd);
    width += isWide ? 2 : 1;
  }
  return width;
}
