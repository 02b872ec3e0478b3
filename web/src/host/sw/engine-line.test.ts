import { expect, test, vi } from 'vitest';
import type { AppRequest, FromServiceWorker } from '@/protocol';
import { EngineLine } from './engine-line';

const REQUEST = { key: 'k', method: 'GET', url: 'http://a.test/', headers: [], body: null };

/** An engine's end of a port, which does what the test says. */
class Port {
  readonly sent: AppRequest[] = [];
  onmessage: ((event: MessageEvent) => void) | null = null;

  postMessage(message: AppRequest): void { this.sent.push(message); }

  say(data: object): void { this.onmessage?.({ data } as MessageEvent); }
}

test('the late answer of an engine that was busy counts, though the request was sent again', async () => {
  vi.useFakeTimers();
  const ports: Port[] = [];
  const line = new EngineLine((message: FromServiceWorker) => {
    if (message.type === 'engine-wanted') {
      const port = new Port();
      ports.push(port);
      line.use(port as unknown as MessagePort);
      port.say({ type: 'ready' });
    }
    return Promise.resolve();
  });

  const answer = line.request(REQUEST, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(1000);
  const first = ports[0]?.sent[0];
  const second = ports[1]?.sent[0];
  ports[1]?.say({ type: 'ack', id: second?.id });
  ports[0]?.say({ type: 'ack', id: first?.id });
  ports[0]?.say({ type: 'head', id: first?.id, status: 200, headers: [], body: null });

  expect(await answer).toMatchObject({ status: 200 });
  expect(second).toMatchObject({ key: 'k' });
  vi.useRealTimers();
});

test('an engine that is busy with other requests takes one seconds after it said that it is there', async () => {
  vi.useFakeTimers();
  const ports: Port[] = [];
  const line = new EngineLine(() => {
    const port = new Port();
    ports.push(port);
    line.use(port as unknown as MessagePort);
    port.say({ type: 'ready' });
    return Promise.resolve();
  });

  const answer = line.request(REQUEST, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(10_000);
  const second = ports[1]?.sent[0];
  ports[1]?.say({ type: 'ack', id: second?.id });
  ports[1]?.say({ type: 'head', id: second?.id, status: 200, headers: [], body: null });

  expect(await answer).toMatchObject({ status: 200 });
  expect(ports).toHaveLength(2);
  vi.useRealTimers();
});

test('a request that nobody takes is refused, and one that the page gives up is told to the engine', async () => {
  vi.useFakeTimers();
  const port = new Port();
  const line = new EngineLine(() => {
    line.use(port as unknown as MessagePort);
    port.say({ type: 'ready' });
    return Promise.resolve();
  });

  const refused = expect(line.request(REQUEST, new AbortController().signal)).rejects.toThrow('did not take');
  await vi.advanceTimersByTimeAsync(21_000);
  await refused;
  const page = new AbortController();
  const abandoned = expect(line.request(REQUEST, page.signal)).rejects.toThrow('gave up');
  await vi.advanceTimersByTimeAsync(0);
  page.abort();
  await abandoned;

  expect(port.sent.at(-1)).toMatchObject({ type: 'abort' });
  vi.useRealTimers();
});
