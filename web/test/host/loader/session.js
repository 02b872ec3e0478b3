// One session of the loader's test: boots, runs the programs, answers their values.
import { bootPyodide } from '/loader/boot.js';

onmessage = async ({ data }) => {
  try {
    const { pyodide, ...report } = await bootPyodide({
      runtimeUrl: `${location.origin}/runtime/`,
      workFolder: '/workspace',
      ...data,
      snapshot: data.snapshot && { manifest: data.snapshot, baseUrl: data.baseUrl ?? `${location.origin}/snapshots/` },
    });
    pyodide.setStdin({ stdin: () => 'Ada' });
    pyodide.setStdout({ batched: () => undefined });
    if (data.wheels) {
      await pyodide.loadPackage(data.wheels, { checkIntegrity: false, messageCallback: () => undefined });
    }
    if (data.interruptFirst) {
      await interruptSoon(pyodide);
    }
    const results = [];
    for (const program of data.programs) {
      const value = await pyodide.runPythonAsync(program);
      results.push(value?.toJs?.({ dict_converter: Object.fromEntries }) ?? value);
    }
    if (data.settle) {
      await report.settled;
    }
    postMessage({ boot: report.boot, reason: report.reason, heapBytes: report.heapBytes, results });
  } catch (error) {
    postMessage({ failed: String(error?.message ?? error) });
  }
};

/** Another thread presses Ctrl-C when the program has called `running` of the module `session`. */
async function interruptSoon(pyodide) {
  const memory = new SharedArrayBuffer(8);
  const signal = new Uint8Array(memory, 0, 1);
  const running = new Int32Array(memory, 4, 1);
  pyodide.setInterruptBuffer(signal);
  pyodide.registerJsModule('session', { running: () => { Atomics.store(running, 0, 1); Atomics.notify(running, 0); } });
  const worker = new Worker('/interrupt.js', { type: 'module' });
  worker.postMessage({ signal, running });
  await new Promise((resolve) => { worker.onmessage = resolve; });
}
