// Start of the page for WebAssembly workers.
import { hasVectors } from './simd';
import { WorkersPage } from './workers-page';

const controlOrigin = document.querySelector<HTMLMetaElement>('meta[name="cloche-control-origin"]')?.content ?? '';

const page = new WorkersPage({
  controlOrigin,
  startWorker: () => new Worker(new URL('./slot-worker.ts', import.meta.url), { type: 'module', name: 'worker slot' }),
  startCompiler: () => new Worker(new URL('../assemblyscript/compiler-worker.ts', import.meta.url), { type: 'module', name: 'compiler' }),
  capabilities: { crossOriginIsolated: globalThis.crossOriginIsolated, simd: hasVectors(), processors: navigator.hardwareConcurrency || 1 },
});
page.start();

const clock = new Worker(new URL('./clock-worker.ts', import.meta.url), { type: 'module', name: 'clock' });
clock.onmessage = () => page.tick();
