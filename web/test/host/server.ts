// A small server for the tests of the engine host: the hosts, headers and paths that the real server has, from the
// build in `dist/host` and the Pyodide package. It listens on a free port of the loopback interface.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EMPTY_LOCK_FILE } from '../../src/host/engines/pyodide/start';

const web = fileURLToPath(new URL('../../', import.meta.url));
/** What `./cloche up` built, when it did. */
const assets = join(web, '../build/assets');
const hostPages = [join(web, 'dist/host'), join(assets, 'host')].find((folder) => existsSync(folder)) ?? '';
const ENGINE = `/__cloche/engine/pyodide/${EMPTY_LOCK_FILE.info.version}/`;
const snapshots = process.env['CLOCHE_TEST_SNAPSHOTS'] ?? join(assets, 'engine/pyodide', EMPTY_LOCK_FILE.info.version, 'snapshots');
const wheelFolders = (process.env['CLOCHE_TEST_WHEELS'] ?? join(assets, 'wheels')).split(':');
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css',
  '.wasm': 'application/wasm', '.json': 'application/json', '.svg': 'image/svg+xml', '.zip': 'application/zip',
};

export interface TestApp {
  readonly manifest: object;
  readonly archive: Buffer;
}

export interface WheelFile {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  readonly size: number;
}

export class HostServer {
  readonly apps = new Map<string, TestApp>();
  /** Requests for wheels, for tests that count them. */
  readonly log: string[] = [];
  /** Put before the engine's worker, to take something from it that older browsers lack. */
  workerPrelude = '';
  readonly #wheels = new Map<string, string>();
  readonly #server = createServer((request, response) => { this.#answer(request, response); });
  port = 0;

  async start(): Promise<this> {
    await new Promise<void>((resolve) => { this.#server.listen(0, '127.0.0.1', resolve); });
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  origin(host: string): string {
    return `http://${host}cloche.localhost:${this.port}`;
  }

  /** Finds wheels by project name in the built shelf, or the folders of CLOCHE_TEST_WHEELS; fails when one is not there. */
  wheels(...names: string[]): WheelFile[] {
    const folders = wheelFolders.filter((folder) => existsSync(folder));
    return names.map((name) => {
      const found = this.#wheel(name, folders);
      if (found === undefined) {
        throw new Error(`no wheel of ${name} in ${wheelFolders.join(', ')}: run ./cloche build`);
      }
      return found;
    });
  }

  /** From now on sends another wheel's bytes in place of this one's. */
  swap(wheel: WheelFile, other: string): void {
    const [found] = this.wheels(other);
    const path = found === undefined ? undefined : this.#wheels.get(`/__cloche/wheels/${found.sha256}/${found.file}`);
    if (path !== undefined) {
      this.#wheels.set(`/__cloche/wheels/${wheel.sha256}/${wheel.file}`, path);
    }
  }

  #wheel(name: string, folders: string[]): WheelFile | undefined {
    for (const folder of folders) {
      const file = readdirSync(folder).find((candidate) => candidate.endsWith('.whl') && candidate.toLowerCase().startsWith(`${name.replaceAll('-', '_')}-`));
      if (file !== undefined) {
        const path = join(folder, file);
        const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
        this.#wheels.set(`/__cloche/wheels/${sha256}/${file}`, path);
        return { name, version: file.split('-')[1] ?? '', file, sha256, size: statSync(path).size };
      }
    }
    return undefined;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const host = request.headers.host ?? '';
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
    for (const [name, value] of Object.entries(this.#headers(host, path))) {
      response.setHeader(name, value);
    }
    if (path.startsWith('/__cloche/')) {
      this.#reserved(host, path, request, response);
    } else if (host.includes('.host.')) {
      this.#page(host.includes('--') ? 'bridge.html' : 'host.html', response);
    } else if (host.includes('.app.')) {
      this.#page('app.html', response);
    } else {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(readFileSync(new URL('./ide.html', import.meta.url)));
    }
  }

  #headers(host: string, path: string): Record<string, string> {
    const content = host.includes('.host.') || host.includes('.app.');
    const control = this.origin('');
    const policy = "default-src 'none'; base-uri 'none'; form-action 'none'; object-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "
      + "worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
      + `frame-src 'self' http://*.host.cloche.localhost:${this.port}; frame-ancestors 'self' ${control} http://*.host.cloche.localhost:${this.port}`;
    return {
      ...(host.includes('--ws-') ? {} : { 'cross-origin-opener-policy': 'same-origin' }),
      'referrer-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': content ? 'same-site' : 'same-origin',
      'origin-agent-cluster': '?1',
      'x-content-type-options': 'nosniff',
      'cache-control': path.startsWith('/__cloche/engine/') || path.startsWith('/__cloche/wheels/') ? 'public, max-age=31536000, immutable' : 'no-store',
      ...(content ? { 'content-security-policy': policy } : {}),
    };
  }

  #reserved(host: string, path: string, request: IncomingMessage, response: ServerResponse): void {
    this.log.push(`${request.method} ${path}`);
    const app = this.apps.get(host.split('.')[0] ?? '');
    const wheel = this.#wheels.get(path);
    if (path === '/__cloche/sw.js') {
      response.setHeader('service-worker-allowed', '/');
      this.#file(join(hostPages, 'sw.js'), response);
    } else if (path === '/__cloche/bridge.html') {
      this.#page('bridge.html', response);
    } else if (this.workerPrelude !== '' && path.includes('/assets/worker-')) {
      response.setHeader('content-type', 'text/javascript');
      response.end(`${this.workerPrelude};${readFileSync(join(hostPages, normalize(path.slice('/__cloche/host/'.length))), 'utf8')}`);
    } else if (path.startsWith('/__cloche/host/')) {
      this.#file(join(hostPages, normalize(path.slice('/__cloche/host/'.length))), response);
    } else if (path.startsWith(ENGINE)) {
      const file = normalize(path.slice(ENGINE.length));
      const found = file.startsWith('snapshots/') ? join(snapshots, file.slice('snapshots/'.length)) : join(web, 'node_modules/pyodide', file);
      this.#file(found, response, request.headers['accept-encoding']);
    } else if (wheel !== undefined) {
      this.#file(wheel, response);
    } else if (path === '/__cloche/deployment.json' && app !== undefined) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(app.manifest));
    } else if (path.startsWith('/__cloche/deployment/') && app !== undefined) {
      response.setHeader('content-type', 'application/zip');
      response.end(app.archive);
    } else {
      response.statusCode = 404;
      response.end('not found');
    }
  }

  #page(name: string, response: ServerResponse): void {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    const page = readFileSync(join(hostPages, name), 'utf8');
    response.end(page.replaceAll('__CLOCHE_CONTROL_ORIGIN__', this.origin('')));
  }

  #file(path: string, response: ServerResponse, encodings: string | string[] = ''): void {
    if (existsSync(`${path}.br`) && encodings.includes('br')) {
      response.setHeader('content-encoding', 'br');
      createReadStream(`${path}.br`).pipe(response);
      return;
    }
    if (!existsSync(path)) {
      response.statusCode = 404;
      response.end('not found');
      return;
    }
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
    createReadStream(path).pipe(response);
  }
}
