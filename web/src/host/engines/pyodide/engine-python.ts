// The engine's Python part: the sources, put into the file system and imported once per session.
import type { PyodideAPI } from 'pyodide';
import type { Completion, RunOutcome, RunTarget } from '@/protocol';
import type { MemoryFileSystem } from './memory-tree';

const PLACE = '/usr/lib/cloche';
const SOURCES = import.meta.glob<string>('./python/*.py', { query: '?raw', import: 'default', eager: true });

/** Functions of the page that Python calls, as the module `_cloche_host`. */
export interface HostModule {
  sleep(seconds: number): void;
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

interface Driver {
  start(environment: string): void;
  run_file(path: string, args: string): string;
  run_code(code: string, name: string): string;
  run_prompt(code: string): string;
  complete(code: string, cursor: number): string;
}

export class EnginePython {
  readonly #driver: Driver;

  constructor(private readonly pyodide: PyodideAPI, fs: MemoryFileSystem, host: HostModule, environment: Readonly<Record<string, string>>) {
    fs.mkdirTree(`${PLACE}/_cloche`);
    for (const [path, source] of Object.entries(SOURCES)) {
      fs.writeFile(`${PLACE}/_cloche/${path.slice(path.lastIndexOf('/') + 1)}`, new TextEncoder().encode(source));
    }
    pyodide.registerJsModule('_cloche_host', host);
    pyodide.runPython(`import sys; sys.path.append(${JSON.stringify(PLACE)})`);
    this.#driver = this.import('_cloche.driver') as Driver;
    this.#driver.start(JSON.stringify(environment));
  }

  run(target: RunTarget): RunOutcome {
    return JSON.parse(this.#run(target)) as RunOutcome;
  }

  complete(code: string, cursor: number): { from: number; completions: Completion[] } {
    return JSON.parse(this.#driver.complete(code, cursor)) as { from: number; completions: Completion[] };
  }

  import(module: string): unknown {
    return this.pyodide.pyimport(module);
  }

  #run(target: RunTarget): string {
    switch (target.kind) {
      case 'file':
        return this.#driver.run_file(target.path, JSON.stringify(target.args));
      case 'code':
        return this.#driver.run_code(target.code, target.name);
      case 'repl':
        return this.#driver.run_prompt(target.code);
    }
  }
}
