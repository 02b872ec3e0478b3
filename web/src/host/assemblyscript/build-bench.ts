import type { BuildFailure, BuildRequest, BuildResult, BuildStep } from '@/protocol';
import type { FromCompiler, ToCompiler } from './compiler-messages';

/** For all modules of a worker together; the compiler's own way here has its own. */
const LONGEST_BUILD = 120_000;
const LONGEST_LOAD = 300_000;
/** After so long without a build the compiler's memory is given back. */
const IDLE = 120_000;
const MOST_SOURCES = 1000;
const MOST_CHARACTERS = 8 * 1024 * 1024;
const MOST_MODULES = 32;

export interface BuildEvents {
  readonly step: (id: number, at: BuildStep) => void;
  readonly built: (id: number, result: BuildResult) => void;
  readonly failed: (id: number, failure: BuildFailure) => void;
}

/**
 * Where AssemblyScript is compiled: one build at a time, in a Web Worker of its own, which is ended when a build takes too
 * long or is not wanted any more.
 */
export class BuildBench {
  #worker: Worker | undefined;
  #current: { readonly id: number; deadline: number; limit: number } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #idleSince = 0;

  constructor(private readonly startWorker: () => Worker, private readonly events: BuildEvents) {}

  build(id: number, request: BuildRequest): void {
    const refusal = this.#refusal(request);
    if (refusal !== null) {
      this.events.failed(id, { problems: [], said: '', ...refusal });
      return;
    }
    this.#current = { id, deadline: 0, limit: 0 };
    this.#allow(LONGEST_LOAD);
    this.#worker ??= this.#start();
    const message: ToCompiler = { id, request };
    this.#worker.postMessage(message);
  }

  cancel(id: number): void {
    if (this.#current?.id === id) this.#end({ error: 'cancelled', message: 'The build was cancelled.' });
  }

  /** Looks at the time; timers of hidden pages come late, so this is asked for by others, too. */
  checkTime(): void {
    const now = performance.now();
    if (this.#current !== undefined) {
      if (now >= this.#current.deadline) this.#end({ error: 'timed_out', message: `The build was ended after ${this.#current.limit / 1000} s.` });
    } else if (this.#worker !== undefined && now - this.#idleSince > IDLE) {
      this.#stop();
    }
  }

  #refusal({ sources, modules }: BuildRequest): Pick<BuildFailure, 'error' | 'message'> | null {
    if (this.#current !== undefined) return { error: 'busy', message: 'Another worker is being built in this tab.' };
    const characters = [...sources.values()].reduce((sum, text) => sum + text.length, 0);
    if (sources.size > MOST_SOURCES || characters > MOST_CHARACTERS) return { error: 'too_large', message: `A worker is built from at most ${MOST_SOURCES} files and ${MOST_CHARACTERS} characters.` };
    if (modules.length > MOST_MODULES) return { error: 'too_large', message: `At most ${MOST_MODULES} modules are built at once.` };
    return null;
  }

  #allow(limit: number): void {
    clearTimeout(this.#timer);
    if (this.#current === undefined) return;
    this.#current.limit = limit;
    this.#current.deadline = performance.now() + limit;
    this.#timer = setTimeout(() => this.checkTime(), limit + 1);
  }

  #start(): Worker {
    const worker = this.startWorker();
    worker.onmessage = ({ data }: MessageEvent<FromCompiler>) => {
      if (data.id !== this.#current?.id) return;
      switch (data.type) {
        case 'step':
          if (data.at.step === 'compiling' && data.at.number === 1) this.#allow(LONGEST_BUILD);
          this.events.step(data.id, data.at);
          break;
        case 'built':
          this.#finish();
          this.events.built(data.id, data.result);
          break;
        case 'not-built':
          this.#finish();
          // what it was doing when it failed is not known: the next build begins anew
          if (data.failure.error === 'unavailable') this.#stop();
          this.events.failed(data.id, data.failure);
          break;
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end({ error: 'unavailable', message: `The browser ended the compiler: ${event.message || 'it may need too much memory'}.` });
    };
    return worker;
  }

  #end(failure: Pick<BuildFailure, 'error' | 'message'>): void {
    const current = this.#current;
    this.#stop();
    this.#finish();
    if (current !== undefined) this.events.failed(current.id, { problems: [], said: '', ...failure });
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#current = undefined;
    this.#idleSince = performance.now();
  }

  #stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}
