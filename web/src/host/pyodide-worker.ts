// Where the build finds the Pyodide engine's worker script.
export function startPyodideWorker(): Worker {
  return new Worker(new URL('./engines/pyodide/worker.ts', import.meta.url), { type: 'module', name: 'pyodide' });
}
