import pyrightUrl from 'browser-basedpyright/dist/pyright.worker.js?url';
import { startWorker } from '../workers';
import type { RpcTransport } from './json-rpc';

interface NewWorker {
  readonly type: 'browser/newWorker';
  readonly initialData: unknown;
  readonly port: MessagePort;
}

/** Starts basedpyright: one worker that answers, and those that it asks for to check in the background. */
export function startPyright(): RpcTransport {
  const workers: Worker[] = [];
  let listener: (message: unknown) => void = () => undefined;
  const foreground = startWorker(pyrightUrl, { name: 'python-types' });
  workers.push(foreground);
  foreground.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (!isNewWorker(event.data)) {
      listener(event.data);
      return;
    }
    const { initialData, port } = event.data;
    const background = startWorker(pyrightUrl, { name: `python-types-${workers.length}` });
    workers.push(background);
    background.postMessage({ type: 'browser/boot', mode: 'background', initialData, port }, [port]);
  });
  foreground.postMessage({ type: 'browser/boot', mode: 'foreground' });
  return {
    send: (message) => foreground.postMessage(message),
    onMessage(callback) {
      listener = callback;
    },
    dispose() {
      for (const worker of workers) worker.terminate();
    },
  };
}

function isNewWorker(data: unknown): data is NewWorker {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'browser/newWorker';
}
