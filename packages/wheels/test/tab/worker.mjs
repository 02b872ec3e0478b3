import { loadPyodide } from '/pyodide/pyodide.mjs';

const HARNESS = `
import inspect, traceback

async def run_case(source):
    pictures, results = [], []
    space = {"__name__": "case", "keep_picture": lambda png: pictures.append(__import__("base64").b64encode(png).decode())}
    exec(compile(source, "case.py", "exec"), space)
    tests = [(n, f) for n, f in space.items() if n.startswith("test_") and callable(f)]
    for name, function in tests:
        try:
            answer = function()
            if inspect.isawaitable(answer):
                await answer
            results.append((name, True, ""))
        except Exception:
            results.append((name, False, traceback.format_exc()))
    return results, pictures
`;

async function run({ wheels, source }) {
  if (!globalThis.crossOriginIsolated) return { fatal: 'the page is not cross-origin isolated' };
  const started = performance.now();
  const origin = globalThis.location.origin;
  const problems = [];
  const python = await loadPyodide({ lockFileURL: `${origin}/shelf/lock.json`, packageBaseUrl: `${origin}/shelf/` });
  // The loader only logs a wheel that it cannot load.
  await python.loadPackage(wheels, { messageCallback: () => {}, errorCallback: (text) => problems.push(text) });
  const lacking = wheels.filter((name) => !(name in python.loadedPackages));
  if (lacking.length > 0) return { fatal: `not loaded: ${lacking.join(', ')}\n${problems.join('\n')}` };
  const ready = Math.round(performance.now() - started);
  await python.runPythonAsync(HARNESS);
  const answer = (await python.globals.get('run_case')(source)).toJs();
  const [results, pictures] = answer;
  if (results.length === 0) return { fatal: 'the case has no test' };
  return { ready, tests: results.map(([name, ok, detail]) => ({ name, ok, detail })), pictures };
}

globalThis.onmessage = async (event) => {
  try {
    globalThis.postMessage(await run(event.data));
  } catch (error) {
    globalThis.postMessage({ fatal: String(error?.stack ?? error) });
  }
};
