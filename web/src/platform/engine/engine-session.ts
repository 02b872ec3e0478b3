import { Sequencer, systemClock, type Clock } from '@/base/async';
import { ownCopy } from '@/base/bytes';
import { DisposableStore, type Disposable } from '@/base/disposable';
import { Emitter } from '@/base/emitter';
import { ValueStore } from '@/base/store';
import type { WorkspaceFiles } from '@/platform/files';
import type { BootReport, FileChange, FileContent, FromEngine, RunOutcome, RunTarget, ServeTarget, Wheel } from '@/protocol';
import { EngineClient } from './engine-client';
import type { EngineFrame } from './engine-frame';
import { EngineRefusal, type EngineDisplay, type EngineOutput, type EngineQuestion, type EngineService, type EngineState } from './engine-types';
import { FileMirror } from './file-mirror';

export interface EngineSessionOptions {
  readonly files: WorkspaceFiles;
  readonly openFrame: () => Promise<EngineFrame>;
  /** What the programs get besides the files; asked anew at every start. */
  readonly setup: () => Promise<{ readonly wheels: readonly Wheel[]; readonly environment: Readonly<Record<string, string>> }>;
  /** A file that a program wrote and that cannot be kept, in words. */
  readonly onUnkept: (path: string, cause: unknown) => void;
  readonly clock?: Clock;
}

/** The engine as the IDE uses it: one frame for the session, in it one engine after the other. */
export class EngineSession implements EngineService, Disposable {
  readonly state = new ValueStore<EngineState>({ state: 'connecting' });
  readonly report = new ValueStore<BootReport | null>(null);
  private readonly output = new Emitter<EngineOutput>();
  private readonly displays = new Emitter<EngineDisplay>();
  private readonly questions = new Emitter<EngineQuestion>();
  private readonly restarts = new Emitter<void>();
  readonly onOutput = this.output.event;
  readonly onDisplay = this.displays.event;
  readonly onQuestion = this.questions.event;
  readonly onRestart = this.restarts.event;
  private readonly held = new DisposableStore();
  private readonly mirror: FileMirror;
  private readonly runs = new Sequencer();
  private client: Promise<EngineClient> | null = null;
  private booting: Promise<void> | null = null;

  constructor(private readonly options: EngineSessionOptions) {
    const send = async (changes: readonly FileChange[], transfer: readonly Transferable[]) =>
      (await this.connect()).request({ type: 'changes', changes }, transfer);
    this.mirror = this.held.add(new FileMirror(options.files, send, options.clock ?? systemClock));
  }

  start(takeOver = false): Promise<void> {
    if (takeOver) this.booting = null;
    if (this.booting === null) {
      const attempt: Promise<void> = this.boot(takeOver).catch((error: unknown) => {
        if (this.booting === attempt) {
          this.booting = null;
          this.mirror.end();
          this.failed(error);
        }
        throw error;
      });
      this.booting = attempt;
    }
    return this.booting;
  }

  async restart(): Promise<void> {
    if (this.booting !== null) this.hardStop();
    await this.start();
  }

  run(run: string, terminal: string, target: RunTarget): Promise<RunOutcome> {
    return this.runs.run(async () => {
      await this.start();
      await this.mirror.flush();
      return (await this.connect()).request({ type: 'run', run, terminal, target });
    });
  }

  async complete(code: string, cursor: number) {
    await this.start();
    return (await this.connect()).request({ type: 'complete', code, cursor });
  }

  async install(wheels: readonly Wheel[]): Promise<void> {
    if (this.booting === null || wheels.length === 0) return;
    await this.booting;
    await (await this.connect()).request({ type: 'install', wheels });
  }

  async serve(port: number, target: ServeTarget): Promise<void> {
    await this.start();
    await this.mirror.flush();
    await (await this.connect()).request({ type: 'serve', port, target });
  }

  async unserve(port: number): Promise<void> {
    if (this.booting !== null) await (await this.connect()).request({ type: 'unserve', port });
  }

  async attach(port: number, line: MessagePort): Promise<void> {
    await (await this.connect()).request({ type: 'attach', port }, [line]);
  }

  interrupt(): void {
    void this.client?.then((client) => client.interrupt());
  }

  hardStop(): void {
    this.booting = null;
    this.mirror.end();
    void this.client?.then((client) => client.terminate());
  }

  answer(text: string | null): void {
    void this.client?.then((client) => client.stdin(text));
  }

  dispose(): void {
    this.held.dispose();
    void this.client?.then((client) => client.dispose()).catch(() => undefined);
  }

  private async boot(takeOver: boolean): Promise<void> {
    const wasBooted = this.report.getState() !== null;
    const current = this.state.getState().state;
    if (current === 'blocked' || current === 'failed' || current === 'stopped') this.state.set({ state: 'booting', phase: 'engine', done: 0, total: 0 });
    const [client, setup] = await Promise.all([this.connect(), this.options.setup()]);
    this.mirror.begin();
    const contents = await this.options.files.readAll();
    const files: FileContent[] = [...contents].map(([path, bytes]) => ({ path, bytes: ownCopy(bytes) }));
    const folders = [...this.options.files.folders()].map((folder) => folder.path);
    const transfer = files.map((file) => file.bytes.buffer as ArrayBuffer);
    const report = await client.request(
      { type: 'boot', engine: 'pyodide', environment: setup.environment, wheels: setup.wheels, files, folders, snapshot: 'auto', takeOver },
      transfer,
    );
    this.report.set(report);
    if (this.state.getState().state !== 'running') this.state.set({ state: 'idle' });
    if (wasBooted) this.restarts.emit();
  }

  private connect(): Promise<EngineClient> {
    this.client ??= this.options.openFrame().then(
      ({ capabilities, channel }) => {
        const client = new EngineClient(channel);
        client.onMessage((message) => this.receive(message));
        if (!capabilities.crossOriginIsolated || !capabilities.sharedArrayBuffer || !capabilities.serviceWorker) {
          client.dispose();
          this.client = null;
          throw new EngineRefusal('capability', missingWords(capabilities), capabilityHelp);
        }
        return client;
      },
      (error: unknown) => {
        this.client = null;
        throw error;
      },
    );
    return this.client;
  }

  private receive(message: Exclude<FromEngine, { type: 'answer' | 'refused' }>): void {
    switch (message.type) {
      case 'status':
        return this.heardStatus(message.status);
      case 'output':
        return this.output.emit(message);
      case 'display':
        return this.displays.emit(message);
      case 'input':
        return this.questions.emit(message);
      case 'changes':
        return this.take(message.changes);
      case 'progress':
        if (this.state.getState().state === 'booting') this.state.set({ state: 'booting', phase: message.phase, done: message.done, total: message.total });
    }
  }

  private heardStatus(status: Extract<FromEngine, { type: 'status' }>['status']): void {
    if (status.state === 'stopped' && status.reason === 'not-started') return;
    if (status.state === 'stopped' && status.reason === 'taken-over') {
      this.booting = null;
      this.mirror.end();
      this.state.set({ state: 'blocked', reason: 'other-tab', message: 'Another tab took over the engine of this workspace.', help: otherTabHelp });
      return;
    }
    if (status.state === 'failed' || status.state === 'stopped') {
      this.booting = null;
      this.mirror.end();
    }
    this.state.set(status);
  }

  private take(changes: readonly FileChange[]): void {
    const { files } = this.options;
    for (const change of changes) {
      try {
        if (change.kind === 'write') files.write(change.path, change.bytes, 'engine');
        else if (change.kind === 'folder') files.createFolder(change.path, 'engine');
        else if (change.kind === 'delete') files.remove(change.path, 'engine');
        else files.move(change.path, change.to, 'engine');
      } catch (error) {
        this.options.onUnkept(change.path, error);
      }
    }
  }

  private failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof EngineRefusal) {
      if (error.reason === 'capability') this.state.set({ state: 'blocked', reason: 'capability', message, help: error.help });
      else if (error.reason === 'other-tab') this.state.set({ state: 'blocked', reason: 'other-tab', message, help: otherTabHelp });
      else if (error.reason === 'failed') this.state.set({ state: 'failed', message, help: error.help });
      return;
    }
    this.state.set({ state: 'blocked', reason: 'unreachable', message, help: 'Check that the server runs and that this browser may open its engine address, then start the engine again.' });
  }
}

const otherTabHelp = 'Go on there, or use it here: programs that run in the other tab end then. Your files are the same in both.';
const capabilityHelp =
  'Use a current Chrome, Edge, Firefox or Safari; open Cloche at the address that it printed at its start (or over https); do not use a private window that blocks service workers.';

function missingWords(capabilities: EngineFrame['capabilities']): string {
  const missing = [
    capabilities.sharedArrayBuffer && capabilities.crossOriginIsolated ? null : 'shared memory (SharedArrayBuffer)',
    capabilities.serviceWorker ? null : 'service workers',
  ].filter((part) => part !== null);
  return `Python cannot run in this tab: the browser gives no ${missing.join(' and no ')}.`;
}
