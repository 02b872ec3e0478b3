import { deferred, type Deferred } from '@/base/async';
import type { Disposable } from '@/base/disposable';

interface Message {
  readonly jsonrpc: '2.0';
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Where messages of a language server come from and go to: a worker here, a socket for one on the server. */
export interface RpcTransport extends Disposable {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** JSON-RPC 2.0 over a transport. Requests of the other side that nobody knows are answered with null. */
export class JsonRpc implements Disposable {
  private readonly open = new Map<number, Deferred<unknown>>();
  private readonly notified = new Map<string, (parameters: unknown) => void>();
  private readonly asked = new Map<string, (parameters: unknown) => unknown>();
  private nextId = 1;

  constructor(private readonly transport: RpcTransport) {
    transport.onMessage((message) => {
      if (typeof message === 'object' && message !== null && 'jsonrpc' in message) this.receive(message as Message);
    });
  }

  request<T>(method: string, params: unknown, onCancel?: (cancel: () => void) => void): Promise<T> {
    const id = this.nextId++;
    const answer = deferred<T>();
    this.open.set(id, answer as Deferred<unknown>);
    this.transport.send({ jsonrpc: '2.0', id, method, params });
    onCancel?.(() => this.notify('$/cancelRequest', { id }));
    return answer.promise;
  }

  notify(method: string, params: unknown): void {
    this.transport.send({ jsonrpc: '2.0', method, params });
  }

  onNotification(method: string, listener: (parameters: unknown) => void): void {
    this.notified.set(method, listener);
  }

  onRequest(method: string, answer: (parameters: unknown) => unknown): void {
    this.asked.set(method, answer);
  }

  dispose(): void {
    this.transport.dispose();
    for (const answer of this.open.values()) answer.reject(new Error('The language service ended'));
    this.open.clear();
  }

  private receive(message: Message): void {
    if (message.method !== undefined && message.id != null) {
      const result = this.asked.get(message.method)?.(message.params) ?? null;
      this.transport.send({ jsonrpc: '2.0', id: message.id, result });
    } else if (message.method !== undefined) {
      this.notified.get(message.method)?.(message.params);
    } else if (typeof message.id === 'number') {
      const answer = this.open.get(message.id);
      this.open.delete(message.id);
      if (message.error === undefined) answer?.resolve(message.result);
      else answer?.reject(new Error(message.error.message));
    }
  }
}
