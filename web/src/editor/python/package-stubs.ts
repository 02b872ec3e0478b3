import type { Wheel } from '@/protocol';
import { startWorker } from '../workers';
import type { StubAnswer, StubRequest } from './stubs.worker';
import stubsUrl from './stubs.worker?worker&url';

/** Types of installed packages for the type checker: stubs and typed sources out of their wheels, read in a worker. */
export function packageStubs(wheels: readonly Wheel[]): Promise<ReadonlyMap<string, string>> {
  if (wheels.length === 0) return Promise.resolve(new Map());
  return new Promise((resolve) => {
    const worker = startWorker(stubsUrl, { type: 'module', name: 'python-stubs' });
    const finish = (files: ReadonlyMap<string, string>) => {
      worker.terminate();
      resolve(files);
    };
    worker.onerror = () => finish(new Map());
    worker.onmessage = (event: MessageEvent<StubAnswer>) => finish(event.data.files);
    const request: StubRequest = { wheels: wheels.map(({ name, file, sha256, size }) => ({ name, file, sha256, size })) };
    worker.postMessage(request);
  });
}
