import { formatDuration } from '@/base/bytes';
import { splitArguments } from '@/base/program-arguments';
import { isStandardModule } from '@/base/python-imports';
import type { CommandService } from '@/platform/commands/commands';
import type { EditorTabs, TextEditors } from '@/platform/editors';
import { EngineRefusal, type EngineService } from '@/platform/engine';
import type { WorkspaceFiles } from '@/platform/files';
import { offer, tell, tellFailure } from '@/platform/notifications';
import type { RunArguments } from '@/platform/run-arguments';
import type { ImportInstaller } from '@/platform/run-status';
import type { OutputTerminal, TerminalService } from '@/platform/terminals';
import type { RunOutcome, RunTarget } from '@/protocol';

export interface RunParts {
  readonly files: WorkspaceFiles;
  readonly engine: EngineService;
  readonly tabs: EditorTabs;
  readonly editors: TextEditors;
  readonly terminals: TerminalService;
  readonly programArguments: RunArguments;
  readonly installer: ImportInstaller;
  readonly commands: CommandService;
}

const mainNames = ['main.py', 'app.py', '__main__.py', 'plot.py', 'run.py'];
const secondClickWithin = 2000;

/** Runs files and selections, and stops them. */
export class RunService {
  private nextRun = 1;
  private isPreparing = false;
  private stoppedAt = 0;

  constructor(private readonly parts: RunParts) {}

  /** The Python file in front, or the workspace's main file. */
  target(): string | null {
    const active = this.parts.tabs.active.getState();
    if (active?.endsWith('.py') === true) return active;
    const main = mainNames.find((name) => this.parts.files.get(name)?.kind === 'file');
    if (main !== undefined) return main;
    const top = this.parts.files.childrenOf('').filter((node) => node.kind === 'file' && node.path.endsWith('.py'));
    return top.length === 1 ? (top[0]?.path ?? null) : null;
  }

  async runFile(path = this.target()): Promise<void> {
    if (path === null) {
      tell('Open a Python file first: Run runs the one in front.');
      return;
    }
    const source = await this.parts.files.readText(path);
    const line = this.parts.programArguments.of(path);
    await this.run({ kind: 'file', path, args: splitArguments(line) }, `python ${path} ${line}`.trim(), source ?? '');
  }

  async runSelection(): Promise<void> {
    const selection = this.parts.editors.selection();
    if (selection === null || selection.text.trim() === '') {
      tell('Select the lines to run, or put the cursor into one.');
      return;
    }
    const lines = selection.text.split('\n').length;
    const title = `${selection.path}, line ${selection.line}${lines > 1 ? `-${selection.line + lines - 1}` : ''}`;
    await this.run({ kind: 'code', code: dedent(selection.text), name: selection.path }, title, selection.text);
  }

  /** The first time asks the program to end; within two seconds again it ends Python itself. */
  stop(): void {
    const now = Date.now();
    if (now - this.stoppedAt < secondClickWithin) {
      this.hardStop();
      return;
    }
    this.stoppedAt = now;
    this.parts.engine.interrupt();
  }

  hardStop(): void {
    this.stoppedAt = 0;
    this.parts.engine.hardStop();
    this.parts.terminals.output(false).note('Python was ended. Run starts it anew.', 'bad');
  }

  private async run(target: RunTarget, title: string, source: string): Promise<void> {
    if (this.isPreparing || this.parts.engine.state.getState().state === 'running') {
      tell('A program is running. Stop it first.');
      return;
    }
    const terminal = this.parts.terminals.output(true);
    this.isPreparing = true;
    try {
      terminal.note(`$ ${title}`);
      if (!(await this.parts.installer.prepare([source], (text) => terminal.note(text)))) return;
      this.isPreparing = false;
      const outcome = await this.parts.engine.run(`run-${this.nextRun++}`, terminal.id, target);
      this.finished(terminal, outcome);
      if (isWebApp(source)) offer('This file makes a web app', 'Preview', () => this.parts.commands.run('preview.start'), 'The preview shows it, running in this tab.');
    } catch (error) {
      this.failed(terminal, error);
    } finally {
      this.isPreparing = false;
      this.stoppedAt = 0;
    }
  }

  private finished(terminal: OutputTerminal, outcome: RunOutcome): void {
    switch (outcome.outcome) {
      case 'ok':
        return terminal.note(`Done in ${formatDuration(outcome.milliseconds)}`, 'good');
      case 'incomplete':
        return terminal.note('The selected text is not complete.', 'bad');
      case 'exit':
        return terminal.note(`Ended with exit code ${outcome.code} after ${formatDuration(outcome.milliseconds)}`, outcome.code === 0 ? 'good' : 'bad');
      case 'interrupted':
        return terminal.note(`Stopped after ${formatDuration(outcome.milliseconds)}`, 'bad');
      case 'error': {
        terminal.write(`\u001b[31m${outcome.error.traceback.trimEnd()}\u001b[0m\n`);
        const missing = outcome.error.missingModule;
        if (missing !== null && !isStandardModule(missing)) this.offerPackage(terminal, missing);
      }
    }
  }

  private offerPackage(terminal: OutputTerminal, name: string): void {
    terminal.note(`"${name}" is not installed in this workspace. The Packages view can search for it.`);
    offer(`Python did not find "${name}"`, 'Search packages', () => this.parts.commands.run('packages.search', name));
  }

  private failed(terminal: OutputTerminal, error: unknown): void {
    if (error instanceof EngineRefusal) {
      if (error.reason !== 'stopped') terminal.note(`${error.message} ${error.help}`.trim(), 'bad');
      return;
    }
    terminal.note(error instanceof Error ? error.message : String(error), 'bad');
    tellFailure('The program could not run', error);
  }
}

/** Whether a text makes an app object of one of the known frameworks. */
export function isWebApp(source: string): boolean {
  return /^\s*\w+(\s*:\s*\w+)?\s*=\s*(flask\.)?(Flask|fastapi\.FastAPI|FastAPI|Starlette|Quart|Bottle)\(/m.test(source);
}

/** Takes away what all lines are indented by, so that a part of a function can run. */
export function dedent(text: string): string {
  const lines = text.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const common = Math.min(...indents);
  return lines.map((line) => line.slice(Math.min(common, line.length - line.trimStart().length))).join('\n');
}
