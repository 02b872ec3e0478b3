import { isStandardModule } from '@/base/python-imports';
import type { EngineService } from '@/platform/engine';
import type { ImportInstaller } from '@/platform/run-status';
import type { RunOutcome } from '@/protocol';
import { indentAfter, isCompleteEntry } from './python-entry';
import { TerminalSession, type TerminalHost } from './terminal-session';

export interface PythonTerminalParts {
  readonly engine: EngineService;
  readonly installer: ImportInstaller;
  readonly history: readonly string[];
  readonly onEntered: (entry: string) => void;
}

const promptWidth = '>>> ';

/** A Python read-evaluate-print loop in a terminal. */
export class PythonTerminal extends TerminalSession {
  private isClosed = false;
  private nextRun = 1;

  constructor(
    id: string,
    host: TerminalHost,
    private readonly parts: PythonTerminalParts,
  ) {
    super(id, host);
    void this.loop();
  }

  override dispose(): void {
    this.isClosed = true;
    super.dispose();
  }

  protected override takesTypeAhead(): boolean {
    return true;
  }

  private async loop(): Promise<void> {
    const { engine } = this.parts;
    try {
      await engine.start();
      const python = engine.report.getState()?.python;
      this.surface.write(`\u001b[2mPython ${python ?? ''} in this tab. Tab completes, Ctrl-C stops, Ctrl-L clears.\u001b[0m\n`);
    } catch {
      this.note('Python is not running. What it needs is shown at the lower edge of the window.', 'bad');
    }
    while (!this.isClosed) await this.readAndRun();
  }

  private async readAndRun(): Promise<void> {
    await this.surface.written();
    if (!this.surface.isAtLineStart) this.surface.write('\n');
    await this.surface.written();
    const result = await this.editor.read({
      prompt: promptWidth,
      continuation: '... ',
      history: this.parts.history,
      isComplete: isCompleteEntry,
      indentAfter,
      complete: async (code, cursor) => {
        const { from, completions } = await this.parts.engine.complete(code, cursor);
        return { from, completions: completions.map((completion) => completion.text) };
      },
    });
    if (this.isClosed || result.kind !== 'line' || result.text.trim() === '') {
      if (result.kind === 'end') this.note('This is the end of the input. Close the terminal with its ×.');
      return;
    }
    const entry = result.text.trimEnd();
    this.parts.onEntered(entry);
    await this.parts.installer.prepare([entry], (text) => this.note(text));
    await this.evaluate(`${result.text}\n`);
  }

  private async evaluate(code: string): Promise<void> {
    try {
      const outcome = await this.parts.engine.run(`${this.id}-${this.nextRun++}`, this.id, { kind: 'repl', code });
      if (outcome.outcome === 'incomplete') {
        const more = await this.editor.read({ prompt: '... ', isComplete: () => true });
        if (more.kind === 'line') await this.evaluate(`${code}${more.text}\n`);
      } else this.show(outcome);
    } catch (error) {
      this.note(error instanceof Error ? error.message : String(error), 'bad');
    }
  }

  private show(outcome: RunOutcome): void {
    if (outcome.outcome === 'interrupted') this.note('KeyboardInterrupt', 'bad');
    if (outcome.outcome === 'exit') this.note(`exit(${outcome.code}): the other terminals go on`);
    if (outcome.outcome !== 'error') return;
    this.surface.write(`\u001b[31m${outcome.error.traceback.trimEnd()}\u001b[0m\n`);
    const missing = outcome.error.missingModule;
    if (missing !== null && !isStandardModule(missing)) this.note(`"${missing}" is not installed. The Packages view can search for it.`);
  }
}

