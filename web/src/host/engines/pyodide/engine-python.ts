// The engine's Python part: the sources, put into the file system and imported once per session.
import type { PyodideAPI } from 'pyodide';
import type { Completion, RunOutcome, RunTarget } from '@/protocol';
import type { MemoryFileSystem } from './memory-tree';
import type { Pause } from './pause';

const PLACE = '/usr/lib/cloche';
const SOURCES = import.meta.glob<string>('./python/*.py', { query: '?raw', import: 'default', eager: true });

/** Functions of the page that Python calls, as the module `_cloche_host`. */
export interface HostModule {
  /** Whether the browser can suspend Python while JavaScript goes on. */
  readonly canSuspend: boolean;
  sleep(seconds: number): void;
  pause(isStoppable: boolean): Pause;
  /** `>` and the line, `E` for the end of the input, `I` when interrupted. */
  ask(prompt: string, password: boolean): string;
  displayPng(data: PyBuffer, width: number, height: number, title: string): void;
  displayText(mime: string, text: string, title: string): void;
}

/** A bytes object that Python passed. */
export interface PyBuffer {
  toJs(): Uint8Array;
  destroy(): void;
}

/** A function of Python; `callPromising` lets it suspend while a promise settles. */
interface Suspendable<A extends unknown[]> {
  (...args: A): string;
  callPromising(...args: A): Promise<string>;
}

interface Driver {
  start(environment: string): void;
  readonly run_file: Suspendable<[path: string, args: string]>;
  readonly run_code: Suspendable<[code: string, name: string]>;
  readonly run_prompt: Suspendable<[code: string]>;
  complete(code: string, cursor: number): string;
}

export class EnginePython {
  readonly #driver: Driver;

  constructor(private readonly pyodide: PyodideAPI, fs: MemoryFileSystem, private readonly host: HostModule, environment: Readonly<Record<string, string>>) {
    fs.mkdirTree(`${PLACE}/_cloche`);
    for (const [path, source] of Object.entries(SOURCES)) {
      fs.writeFile(`${PLACE}/_cloche/${path.slice(path.lastIndexOf('/') + 1)}`, new TextEncoder().encode(source));
    }
    pyodide.registerJsModule('_cloche_host', host);
    pyodide.runPython(`import sys; sys.path.append(${JSON.stringify(PLACE)})`);
    this.#driver = this.import('_cloche.driver') as Driver;
    this.#driver.start(JSON.stringify(environment));
  }

  async run(target: RunTarget): Promise<RunOutcome> {
    return JSON.parse(await this.#run(target)) as RunOutcome;
  }

  complete(code: string, cursor: number): { from: number; completions: Completion[] } {
    return JSON.parse(this.#driver.complete(code, cursor)) as { from: number; completions: Completion[] };
  }

  import(module: string): unknown {
    return this.pyodide.pyimport(module);
  }

  #run(target: RunTarget): string | Promise<string> {
    switch (target.kind) {
      case 'file':
        return this.#call(this.#driver.run_file, target.path, JSON.stringify(target.args));
      case 'code':
        return this.#call(this.#driver.run_code, target.code, target.name);
      case 'repl':
        return this.#call(this.#driver.run_prompt, target.code);
    }
  }

  #call<A extends unknown[]>(fn: Suspendable<A>, ...args: A): string | Promise<string> {
    return this.host.canSuspend ? fn.callPromising(...args) : fn(...args);
  }
}
