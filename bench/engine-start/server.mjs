/**
 * The server of the benchmark: folders under URL prefixes, compressed once, with the headers of a worker that may share
 * memory. A prefix may also be a URL; then its answers are passed on from there.
 */
import { createServer, request } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const TYPES = {
  '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.json': 'application/json',
  '.wasm': 'application/wasm',
};
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'public, max-age=31536000, immutable',
};
const compressed = new Map();

/** Answers { origin, close }. */
export async function serve(mounts) {
  const server = createServer((incoming, answer) => {
    respond(mounts, incoming, answer).catch((error) => {
      answer.writeHead(error.code === 'ENOENT' ? 404 : 500, ISOLATION).end(error.message);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function respond(mounts, incoming, answer) {
  const path = normalize(decodeURIComponent(new URL(incoming.url, 'http://x').pathname));
  const [prefix, target] = Object.entries(mounts).find(([start]) => path.startsWith(start)) ?? [];
  if (prefix === undefined) {
    answer.writeHead(404, ISOLATION).end();
  } else if (/^https?:/.test(target)) {
    pass(new URL(path.slice(prefix.length), target), incoming, answer);
  } else {
    const file = join(target, path.slice(prefix.length));
    const type = { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' };
    // Wheels and the archive of the standard library are compressed already.
    const [coding, body] = /\.(whl|zip)$/.test(file) ? [undefined, await readFile(file)] : await encoded(file);
    answer.writeHead(200, { ...ISOLATION, ...type, ...(coding && { 'content-encoding': coding }) }).end(body);
  }
}

/** As the real server: what was compressed beforehand, Zstandard first. */
async function encoded(file) {
  const zst = await readFile(`${file}.zst`).catch(() => undefined);
  return zst === undefined ? ['br', await brotli(file)] : ['zstd', zst];
}

async function brotli(file) {
  const { mtimeMs } = await stat(file);
  const key = `${file} ${mtimeMs}`;
  if (!compressed.has(key)) {
    compressed.set(key, readFile(`${file}.br`).catch(async () => promisify(zlib.brotliCompress)(await readFile(file), {
      params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 9, [zlib.constants.BROTLI_PARAM_LGWIN]: 24 },
    })));
  }
  return compressed.get(key);
}

function pass(url, incoming, answer) {
  request(url, { headers: { ...incoming.headers, host: url.host } }, (upstream) => {
    answer.writeHead(upstream.statusCode, { ...upstream.headers, ...ISOLATION });
    upstream.pipe(answer);
  }).on('error', (error) => answer.writeHead(502, ISOLATION).end(error.message)).end();
}
