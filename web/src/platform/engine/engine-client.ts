import { deferred, type Deferred } from '@/base/async';
import type { Disposable } from '@/base/disposable';
import { Emitter } from '@/base/emitter';
import type { Line } from '@/platform/hidden-frame';
import type { EngineAnswers, EngineRequest, FromEngine, ToEngine } from '@/protocol';
import { EngineRefusal } from './engine-types';

/** The line to an engine host; a MessagePort in the browser. */
export type EngineChannel = Line<ToEngine, FromEngine>;

type Unsolicited = Exclude<FromEngine, { type: 'answer' | 'refused' }>;

/** Speaks the engine's protocol: pairs requests with answers and passes everything else on. */
export class EngineClient implements Disposable {
  private readonly open = new Map<number, Deferred<unknown>>();
  private readonly emitter = new Emitter<Unsolicited>();
  readonly onMessage = this.emitter.event;
  private nextId = 1;

  constructor(private readonly channel: EngineChannel) {
    channel.onMessage((message) => this.receive(message));
  }

  request<T extends EngineRequest>(request: T, transfer: readonly Transferable[] = []): Promise<EngineAnswers[T['type']]> {
    const id = this.nextId++;
    const answer = deferred<EngineAnswers[T['type']]>();
    this.open.set(id, answer as Deferred<unknown>);
    this.channel.send({ type: 'request', id, request }, transfer);
    return answer.promise;
  }

  interrupt(): void {
    this.channel.send({ type: 'interrupt' }, []);
  }

  stdin(text: string | null): void {
    this.channel.send({ type: 'stdin', text }, []);
  }

  terminate(): void {
    this.channel.send({ type: 'terminate' }, []);
  }

  dispose(): void {
    this.channel.dispose();
    for (const answer of this.open.values()) answer.reject(new EngineRefusal('stopped', 'The engine was closed.', ''));
    this.open.clear();
  }

  private receive(message: FromEngine): void {
    if (message.type !== 'answer' && message.type !== 'refused') {
      this.emitter.emit(message);
      return;
    }
    const answer = this.open.get(message.id);
    if (answer === undefined) return;
    this.open.delete(message.id);
    if (message.type === 'answer') answer.resolve(message.answer);
    else answer.reject(new EngineRefusal(message.reason, message.message, message.help));
  }
}
