import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, extname, join } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.mjs': 'text/javascript', '.js': 'text/javascript', '.json': 'application/json',
  '.wasm': 'application/wasm', '.zip': 'application/zip', '.whl': 'application/zip',
};
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // What the engine host allows as well: compiled modules, but no eval.
  'Content-Security-Policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'",
};

/** The shelf in the form that Pyodide's loader reads: same release, our packages. */
function pyodideLock(pyodide, lock) {
  const { info } = JSON.parse(readFileSync(join(pyodide, 'pyodide-lock.json'), 'utf8'));
  const packages = lock.wheels.map((wheel) => [wheel.name, {
    name: wheel.name, version: wheel.version, file_name: wheel.file, install_dir: 'site', sha256: wheel.sha256,
    package_type: 'package', imports: wheel.imports, depends: wheel.depends,
  }]);
  return JSON.stringify({ info, packages: Object.fromEntries(packages) });
}

/**
 * Serves Pyodide, the shelf and the test page on a free port of the loopback address, cross-origin isolated.
 * @returns {Promise<{url: string, missing: string[], close: () => void}>} `missing` grows by each path that is not there
 */
export function serve(pyodide, shelf, lock, tab) {
  const lockText = pyodideLock(pyodide, lock);
  const folders = { pyodide, shelf, tab };
  const missing = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://127.0.0.1').pathname;
    if (path === '/shelf/lock.json') {
      response.writeHead(200, { ...HEADERS, 'Content-Type': TYPES['.json'] }).end(lockText);
      return;
    }
    const [, folder, name] = path === '/' ? ['', 'tab', 'page.html'] : path.split('/');
    const file = join(folders[folder] ?? '/nonexistent', basename(name ?? ''));
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
      if (path !== '/favicon.ico') missing.push(path);
      response.writeHead(404, HEADERS).end();
      return;
    }
    response.writeHead(200, { ...HEADERS, 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      const close = () => { server.closeAllConnections(); server.close(); };
      done({ url: `http://127.0.0.1:${server.address().port}/`, missing, close });
    });
  });
}
