import type { Diagnostic } from '@astral-sh/ruff-wasm-web';
import { deferred, type Deferred } from '@/base/async';
import type { Disposable } from '@/base/disposable';
import { startWorker } from '../workers';
import type { RuffAnswer, RuffRequest } from './ruff-messages';
import ruffUrl from './ruff.worker?worker&url';

/** The linter and formatter, in a worker that starts with the first question. */
export class Ruff implements Disposable {
  private worker: Worker | null = null;
  private readonly open = new Map<number, Deferred<RuffAnswer>>();
  private nextId = 1;

  async check(text: string): Promise<readonly Diagnostic[]> {
    const answer = await this.ask('check', text);
    return answer.kind === 'check' ? answer.diagnostics : [];
  }

  /** Fails with the reason if the text is no valid Python. */
  async format(text: string): Promise<string> {
    const answer = await this.ask('format', text);
    if (answer.kind === 'format') return answer.text;
    throw new Error(answer.kind === 'failed' ? answer.message : 'The formatter gave no text.');
  }

  dispose(): void {
    this.worker?.terminate();
    this.worker = null;
    for (const answer of this.open.values()) answer.reject(new Error('The linter ended'));
    this.open.clear();
  }

  private ask(kind: RuffRequest['kind'], text: string): Promise<RuffAnswer> {
    if (this.worker === null) {
      this.worker = startWorker(ruffUrl, { type: 'module', name: 'python-lint' });
      this.worker.onmessage = (event: MessageEvent<RuffAnswer>) => {
        this.open.get(event.data.id)?.resolve(event.data);
        this.open.delete(event.data.id);
      };
    }
    const request: RuffRequest = { id: this.nextId++, kind, text };
    const answer = deferred<RuffAnswer>();
    this.open.set(request.id, answer);
    this.worker.postMessage(request);
    return answer.promise;
  }
}
