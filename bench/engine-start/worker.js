/** One start: boots as the message says, runs the code, and tells the page when the first output came and all was done. */
const RUNTIME = new URL('/runtime/', location.origin).href;

onmessage = async ({ data }) => {
  try {
    const { pyodide, settled, report } = data.mode === 'stock' ? await stock(data) : await snapshot(data);
    pyodide.setStdout({ batched: (text) => postMessage({ type: 'print', text }) });
    pyodide.runPython(data.code);
    if (data.settle) {
      await settled;
    }
    postMessage({ type: 'done', report });
  } catch (error) {
    postMessage({ type: 'failed', message: String(error?.message ?? error) });
  }
};

/** As the documentation of Pyodide shows it; the wheels are loaded by their URLs. */
async function stock({ wheels }) {
  const { loadPyodide } = await import(`${RUNTIME}pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: RUNTIME });
  if (wheels.length > 0) {
    await pyodide.loadPackage(wheels.map((file) => new URL(`/wheels/${file}`, location.origin).href), {
      checkIntegrity: false, messageCallback: () => undefined,
    });
  }
  return { pyodide, report: {} };
}

async function snapshot({ name }) {
  const { bootPyodide } = await import('/loader/boot.js');
  const baseUrl = new URL('/snapshots/', location.origin).href;
  const index = await (await fetch(`${baseUrl}snapshots.json`)).json();
  const manifest = index.snapshots.find((candidate) => candidate.name === name);
  const { pyodide, settled, ...report } = await bootPyodide({ runtimeUrl: RUNTIME, snapshot: { manifest, baseUrl } });
  if (report.boot !== 'snapshot') {
    throw new Error(`plain boot: ${report.reason}`);
  }
  return { pyodide, settled, report };
}
