import type { EngineFrame } from '@/platform/engine';
import type { EngineRequest, FileChange, FromEngine, ToEngine } from '@/protocol';

type Answer = Extract<FromEngine, { type: 'answer' | 'refused' }>;

/** An engine host behind a channel: keeps what it was asked, answers what it is told to. */
export class FakeEngine {
  readonly requests: EngineRequest[] = [];
  readonly signals: string[] = [];
  readonly files = new Map<string, string>();
  /** Overrides the answer to the next requests of a type. */
  refuseBoot: { reason: 'other-tab' | 'capability' | 'failed'; message: string } | null = null;
  holdRuns = false;
  private held: (() => void)[] = [];
  private listener: (message: FromEngine, ports: readonly MessagePort[]) => void = () => undefined;

  constructor(private readonly capabilities: Partial<EngineFrame['capabilities']> = {}) {}

  frame(): EngineFrame {
    return {
      capabilities: { crossOriginIsolated: true, sharedArrayBuffer: true, serviceWorker: true, engineLock: true, ...this.capabilities },
      channel: {
        send: (message) => void Promise.resolve().then(() => this.heard(message)),
        onMessage: (listener) => {
          this.listener = listener;
        },
        dispose: () => undefined,
      },
    };
  }

  say(message: FromEngine): void {
    this.listener(message, []);
  }

  finishRuns(): void {
    for (const finish of this.held.splice(0)) finish();
  }

  private heard(message: ToEngine): void {
    if (message.type !== 'request') {
      this.signals.push(message.type);
      if (message.type === 'terminate') this.say({ type: 'status', status: { state: 'stopped', reason: 'asked' } });
      return;
    }
    const { id, request } = message;
    this.requests.push(request);
    const answer = (value: Extract<Answer, { type: 'answer' }>['answer']) => this.say({ type: 'answer', id, answer: value });
    switch (request.type) {
      case 'boot':
        if (this.refuseBoot !== null && request.takeOver !== true) {
          this.say({ type: 'refused', id, ...this.refuseBoot, help: 'help' });
          return;
        }
        for (const file of request.files) this.files.set(file.path, new TextDecoder().decode(file.bytes));
        answer({ boot: 'plain', snapshot: null, reason: null, python: '3.14.2', pyodide: '314.0.7', milliseconds: 1, heapBytes: 1 });
        return;
      case 'changes':
        for (const change of request.changes) this.apply(change);
        answer(null);
        return;
      case 'run':
        this.say({ type: 'status', status: { state: 'running', run: request.run } });
        this.held.push(() => {
          this.say({ type: 'status', status: { state: 'idle' } });
          answer({ outcome: 'ok', milliseconds: 1 });
        });
        if (!this.holdRuns) this.finishRuns();
        return;
      default:
        answer(null);
    }
  }

  private apply(change: FileChange): void {
    if (change.kind === 'write') this.files.set(change.path, new TextDecoder().decode(change.bytes));
    if (change.kind === 'delete') this.files.delete(change.path);
    if (change.kind === 'move') {
      const text = this.files.get(change.path);
      this.files.delete(change.path);
      if (text !== undefined) this.files.set(change.to, text);
    }
  }
}
