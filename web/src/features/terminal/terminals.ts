import { DisposableStore, type Disposable } from '@/base/disposable';
import { ValueStore } from '@/base/store';
import type { EditorTabs } from '@/platform/editors';
import type { EngineService } from '@/platform/engine';
import type { WorkspaceFiles } from '@/platform/files';
import type { ImportInstaller } from '@/platform/run-status';
import type { SettingsService } from '@/platform/settings/settings';
import type { OutputTerminal, TerminalService, TerminalTab } from '@/platform/terminals';
import { PythonTerminal } from './python-terminal';
import { TerminalSession, type TerminalHost } from './terminal-session';

export interface TerminalParts {
  readonly engine: EngineService;
  readonly files: WorkspaceFiles;
  readonly tabs: EditorTabs;
  readonly settings: SettingsService;
  readonly installer: () => ImportInstaller;
  readonly reveal: () => void;
  readonly history: readonly string[];
  readonly onHistory: (history: readonly string[]) => void;
}

const outputId = 'run';
const mostHistory = 400;

/** The terminals of the workspace: one for Run, any number with Python. */
export class Terminals implements TerminalService, Disposable {
  readonly tabs = new ValueStore<readonly TerminalTab[]>([{ id: outputId, title: 'Run', kind: 'output' }]);
  readonly active = new ValueStore<string>(outputId);
  readonly isSearching = new ValueStore(false);
  private readonly sessions = new Map<string, TerminalSession>();
  private readonly held = new DisposableStore();
  private readonly history: string[];
  private readonly host: TerminalHost;
  private running: string | null = null;
  private nextNumber = 1;

  constructor(private readonly parts: TerminalParts) {
    const { engine, files, tabs, settings } = parts;
    this.history = [...parts.history];
    this.host = {
      get fontSize() {
        return settings.store.getState().terminalFontSize;
      },
      isFile: (path) => files.get(path)?.kind === 'file',
      openPlace: (path, line) => tabs.show(path, { place: { line, column: 1 } }),
      find: () => this.isSearching.set(true),
      interrupt: () => engine.interrupt(),
      answer: (text) => engine.answer(text),
      isBusy: (id) => this.running === id && engine.state.getState().state === 'running',
    };
    this.held.add(engine.onOutput(({ terminal, text }) => {
      this.running = terminal;
      this.sessionOf(terminal).write(text);
    }));
    this.held.add(engine.onQuestion(({ terminal, prompt, password }) => {
      this.activate(terminal);
      parts.reveal();
      const session = this.sessionOf(terminal);
      session.surface.focus();
      void session.ask(prompt, password);
    }));
    this.held.add(engine.onDisplay(({ terminal, display }) => this.sessionOf(terminal).note(`Picture: ${display.title || 'untitled'} (in the Plots panel)`)));
    this.held.add(engine.onRestart(() => {
      for (const [id, session] of this.sessions) if (id !== outputId) session.note('Python was started anew: names from before are gone.');
    }));
    this.held.addCallback(engine.state.subscribe(() => this.stateChanged()));
    this.held.addCallback(settings.store.subscribe(() => {
      for (const session of this.sessions.values()) session.surface.setFontSize(settings.store.getState().terminalFontSize);
    }));
  }

  output(reveal: boolean): OutputTerminal {
    const session = this.sessionOf(outputId);
    if (reveal) {
      this.active.set(outputId);
      this.parts.reveal();
    }
    this.running = outputId;
    return session;
  }

  newPython(): void {
    const number = this.nextNumber++;
    const id = `python-${number}-${Date.now()}`;
    const session = new PythonTerminal(id, this.host, {
      engine: this.parts.engine,
      installer: this.parts.installer(),
      history: this.history,
      onEntered: (entry) => {
        this.running = id;
        this.remember(entry);
      },
    });
    this.sessions.set(id, session);
    this.tabs.update((tabs) => [...tabs, { id, title: number === 1 ? 'Python' : `Python ${number}`, kind: 'python' }]);
    this.activate(id);
    this.parts.reveal();
    setTimeout(() => session.surface.focus(), 50);
  }

  activate(id: string): void {
    if (this.tabs.getState().some((tab) => tab.id === id)) this.active.set(id);
  }

  close(id: string): void {
    if (id === outputId) return;
    this.sessions.get(id)?.dispose();
    this.sessions.delete(id);
    this.tabs.update((tabs) => tabs.filter((tab) => tab.id !== id));
    if (this.active.getState() === id) this.active.set(this.tabs.getState().at(-1)?.id ?? outputId);
  }

  clearActive(): void {
    this.sessionOf(this.active.getState()).clear();
  }

  /** The terminal with this id; output for one that was closed goes to Run. */
  sessionOf(id: string): TerminalSession {
    const known = this.sessions.get(id) ?? this.sessions.get(outputId);
    if (known !== undefined) return known;
    const session = new TerminalSession(outputId, this.host);
    this.sessions.set(outputId, session);
    return session;
  }

  dispose(): void {
    this.held.dispose();
    for (const session of this.sessions.values()) session.dispose();
    this.sessions.clear();
  }

  private stateChanged(): void {
    const { state } = this.parts.engine.state.getState();
    if (state === 'running' || this.running === null) return;
    // a program that ended while it asked gets no answer any more
    const session = this.sessions.get(this.running);
    if (session?.id !== outputId) return;
    session.editor.cancel();
    session.editor.forgetQueued();
  }

  private remember(entry: string): void {
    if (this.history.at(-1) === entry) return;
    this.history.push(entry);
    if (this.history.length > mostHistory) this.history.splice(0, this.history.length - mostHistory);
    this.parts.onHistory(this.history);
  }
}
