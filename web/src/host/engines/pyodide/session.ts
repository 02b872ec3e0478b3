// One life of the Pyodide engine, from its start to the end of its worker: starts it and does what it is asked.
import type { PyodideAPI } from 'pyodide';
import type { BootPhase, BootReport, EngineAnswers, EngineRequest, FileChange, RunOutcome, ServeTarget, Wheel } from '@/protocol';
import type { WorkerSide } from '../../shared-memory';
import type { Parcel, WorkerEvent } from '../../worker-messages';
import { AppServer, type AppServerEvents, type PyServing } from './app-server';
import { bootChosen, findSnapshot, wheelsBeside, type BootChoice } from './choose-boot';
import { ConsoleHost } from './console-host';
import { EnginePython } from './engine-python';
import type { MemoryFileSystem } from './memory-tree';
import { EMPTY_LOCK_FILE } from './start';
import { connectStreams } from './streams';
import { enableSuspension } from './suspension';
import { fetchWheels, installWheels } from './wheels';
import { WORKSPACE, WorkspaceFiles } from './workspace-files';

export type Boot = Extract<EngineRequest, { type: 'boot' }>;
type Run = Extract<EngineRequest, { type: 'run' }>;

/** The folder of the engine's files is named after it. */
const PYODIDE = EMPTY_LOCK_FILE.info.version;
const REPORT_MS = 500;
const NO_INTERRUPTS = new Int32Array(1);
const ENGINE_ENVIRONMENT = { HOME: '/home/pyodide', TERM: 'xterm-256color' };

export interface SessionOptions {
  readonly memory: WorkerSide;
  readonly post: (parcel: Parcel, transfer?: Transferable[]) => void;
  /** Origin of the engine's files and wheels. */
  readonly base: string;
  /** Who hears what programs did to the files. */
  readonly filesChanged: (changes: readonly FileChange[]) => void;
  /** Whether a person can answer `input()`. */
  readonly isInteractive: boolean;
  readonly appEvents: Partial<AppServerEvents>;
}

interface Runtime {
  readonly pyodide: PyodideAPI;
  readonly python: EnginePython;
  readonly files: WorkspaceFiles;
}

export class Session {
  #runtime: Runtime | undefined;
  #server: AppServer | undefined;
  #terminal = '';
  #run = '';
  #lastReport = 0;
  #running: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: SessionOptions) {}

  async boot(boot: Boot): Promise<BootReport> {
    const start = performance.now();
    this.#progress('engine', 'Python', 0, 0);
    const choice: BootChoice = {
      runtimeUrl: new URL(`/__cloche/engine/pyodide/${PYODIDE}/`, this.options.base).href,
      wheels: boot.wheels,
      snapshot: boot.snapshot,
      environment: ENGINE_ENVIRONMENT,
      onProgress: (done, total) => { this.#progress('snapshot', 'snapshot', done, total); },
      onFatal: (error) => { this.#fatal(error); },
    };
    const found = await findSnapshot(choice);
    const beside = wheelsBeside(boot.wheels, found.manifest?.packages ?? []);
    const fetching = this.#fetch(beside);
    fetching.catch(() => undefined);
    const { runtime, snapshot, reason } = await bootChosen(choice, found);
    const { pyodide } = runtime;
    // A snapshot that could not be restored may have left its packages out.
    const late = wheelsBeside(boot.wheels, runtime.packages).filter((wheel) => !beside.includes(wheel));
    installWheels(pyodide, [...beside, ...late], [...await fetching, ...await this.#fetch(late)]);
    this.#progress('files', 'files', 0, 0);
    this.#runtime = this.#prepare(pyodide, boot);
    this.#progress('ready', '', 0, 0);
    this.#event({ type: 'status', status: { state: 'idle' } });
    return {
      boot: runtime.boot,
      snapshot,
      reason,
      python: String(pyodide.runPython('import platform; platform.python_version()')),
      pyodide: pyodide.version,
      milliseconds: Math.round(performance.now() - start),
      heapBytes: runtime.heapBytes,
    };
  }

  async run(request: Run, number: number): Promise<RunOutcome> {
    const { python, files } = this.#ready();
    const { memory } = this.options;
    this.#run = request.run;
    this.#setTerminal(request.terminal);
    this.#event({ type: 'status', status: { state: 'running', run: request.run } });
    const start = performance.now();
    try {
      memory.startRun(number);
      const running = python.run(request.target);
      this.#running = running.catch(() => undefined);
      return await running;
    } catch (failure) {
      // Stop may hit between the program and the engine's own code.
      if (failure instanceof Error && 'type' in failure && failure.type === 'KeyboardInterrupt') {
        return { outcome: 'interrupted', milliseconds: Math.round(performance.now() - start) };
      }
      throw failure;
    } finally {
      memory.endRun();
      files.report();
      this.#event({ type: 'status', status: { state: 'idle' } });
    }
  }

  /** Requests that neither start the engine nor run a program. */
  async answer(request: Exclude<EngineRequest, Boot | Run>, ports: readonly MessagePort[]): Promise<EngineAnswers[keyof EngineAnswers]> {
    switch (request.type) {
      case 'complete':
        return this.#ready().python.complete(request.code, request.cursor);
      case 'changes':
        this.apply(request.changes);
        return null;
      case 'install':
        return this.#install(request.wheels);
      case 'read':
        return { bytes: this.#ready().files.read(request.path) };
      case 'serve':
        this.#setTerminal(request.terminal ?? this.#terminal);
        await this.serve(request.port, request.target);
        return null;
      case 'unserve':
        await this.#server?.unserve(request.port);
        return null;
      case 'attach':
        this.attach(request.port, ports[0]);
        return null;
    }
  }

  /** Does to the files what was done elsewhere; apps are imported anew when their sources change. */
  apply(changes: readonly FileChange[]): void {
    this.#ready().files.apply(changes);
    if (changes.some(({ kind, path }) => kind !== 'write' || /\.(py|html?|j2|jinja2?)$/.test(path))) {
      this.#server?.markStale();
    }
  }

  /** Unpacks a zip into the workspace and answers the paths of its files. */
  unpack(archive: ArrayBuffer): ReadonlySet<string> {
    const { pyodide, files } = this.#ready();
    pyodide.unpackArchive(archive, 'zip', { extractDir: WORKSPACE });
    files.accept();
    return files.paths();
  }

  async serve(port: number, target: ServeTarget): Promise<AppServer> {
    const { python } = this.#ready();
    this.#server ??= new AppServer(python.import('_cloche.serving') as PyServing, {
      idle: async () => { await this.#running; },
      answered: () => { this.#ready().files.report(); },
      beforeAnswer: () => Promise.resolve(),
      cookies: () => undefined,
      ...this.options.appEvents,
    });
    await this.#server.serve(port, target);
    return this.#server;
  }

  attach(port: number, line: MessagePort | undefined): void {
    if (line === undefined || this.#server === undefined) {
      throw new Error('There is no app to attach to: serve one first.');
    }
    this.#server.attach(port, line);
  }

  /** Tells at once what programs did to the files. */
  report(): void {
    this.#runtime?.files.report();
  }

  note(text: string): void {
    this.options.memory.write('stderr', new TextEncoder().encode(text));
  }

  #prepare(pyodide: PyodideAPI, boot: Boot): Runtime {
    const { memory } = this.options;
    const fs = pyodide.FS as unknown as MemoryFileSystem;
    const files = new WorkspaceFiles(fs, {
      changed: this.options.filesChanged,
      tooLarge: (path, size) => {
        this.note(`${path} has ${Math.round(size / 1048576)} MiB: it stays in the engine, files above 64 MiB are not saved.\n`);
      },
    });
    files.fill(boot.files, boot.folders);
    const host = new ConsoleHost(memory, this.options.isInteractive, enableSuspension(pyodide), {
      input: (prompt, password) => { this.#event({ type: 'input', terminal: this.#terminal, prompt, password }); },
      display: (display) => {
        const transfer = display.mime === 'image/png' ? [display.bytes.buffer as ArrayBuffer] : [];
        this.#event({ type: 'display', terminal: this.#terminal, run: this.#run, display }, transfer);
      },
      pause: () => { this.#reportSometimes(); },
      listening: (isListening) => { pyodide.setInterruptBuffer(isListening ? memory.interruptBuffer : NO_INTERRUPTS); },
    });
    connectStreams(pyodide, memory, host, () => { this.#reportSometimes(); });
    pyodide.setInterruptBuffer(memory.interruptBuffer);
    return { pyodide, files, python: new EnginePython(pyodide, fs, host, boot.environment) };
  }

  async #install(wheels: readonly Wheel[]): Promise<{ milliseconds: number }> {
    const { pyodide, python } = this.#ready();
    const start = performance.now();
    const contents = await this.#fetch(wheels);
    const packages = python.import('_cloche.packages') as { remove(names: string): void; installed(): void };
    packages.remove(JSON.stringify(wheels.map(({ name }) => name)));
    installWheels(pyodide, wheels, contents);
    packages.installed();
    return { milliseconds: Math.round(performance.now() - start) };
  }

  #fetch(wheels: readonly Wheel[]): Promise<Uint8Array<ArrayBuffer>[]> {
    return fetchWheels(wheels, this.options.base, (what, done, total) => { this.#progress('packages', what, done, total); });
  }

  #ready(): Runtime {
    if (this.#runtime === undefined) {
      throw new Error('The engine has not been started.');
    }
    return this.#runtime;
  }

  #setTerminal(terminal: string): void {
    this.#terminal = terminal;
    this.options.post({ type: 'terminal', terminal });
  }

  #reportSometimes(): void {
    const files = this.#runtime?.files;
    if (files?.isDirty === true && performance.now() - this.#lastReport > REPORT_MS) {
      files.report();
      this.#lastReport = performance.now();
    }
  }

  #progress(phase: BootPhase, what: string, done: number, total: number): void {
    this.#event({ type: 'progress', phase, what, done, total });
    if (this.#runtime === undefined) {
      this.#event({ type: 'status', status: { state: 'booting', phase, done, total } });
    }
  }

  #fatal(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.options.post({ type: 'fatal', message: `Python stopped working: ${message.split('\n')[0] ?? message}` });
  }

  #event(event: WorkerEvent, transfer: Transferable[] = []): void {
    this.options.post({ type: 'event', event }, transfer);
  }
}
