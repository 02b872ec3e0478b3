import { readZip, ZipProblem } from '@/base/zip-reader';
import { WorkerRefusal } from './refusal';

/** A module of a worker, ready for the compiler. */
export interface BundleModule {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A worker as it was sent: what it says of itself as far as it concerns a tab, and the modules in their order. */
export interface WorkerBundle {
  readonly name: string;
  readonly digest: string;
  readonly modules: readonly BundleModule[];
  /** Whether one of them is the build with vectors. */
  readonly simd: boolean;
  readonly maxPages: number;
  readonly maxVarBytes: number;
  readonly timeoutMs: number;
  readonly config: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly name?: string;
  readonly wasm: readonly { readonly path: string; readonly simd?: string; readonly name?: string }[];
  readonly memory?: { readonly max_pages?: number; readonly max_var_bytes?: number };
  readonly timeout_ms?: number;
  readonly allowed_paths?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, string>>;
}

const MANIFEST = 'worker.json';
const LARGEST = 64 * 1024 * 1024;
const defaults = { maxPages: 4096, maxVarBytes: 1 << 20, timeoutMs: 30_000 };

/** Reads either form of a worker. The server has refused what is not in order; here it is only read. */
export async function readBundle(bytes: Uint8Array<ArrayBuffer>, name: string, canSimd: boolean): Promise<WorkerBundle> {
  if (bytes.length > LARGEST) throw new WorkerRefusal('unavailable', `A worker has at most ${LARGEST} bytes, this has ${bytes.length}.`);
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    return { name, digest: await sha256(bytes), modules: [{ name: 'main', bytes }], simd: false, ...defaults, config: {} };
  }
  const files = await unzipped(bytes);
  const json = files.get(MANIFEST);
  if (json === undefined) throw new WorkerRefusal('unavailable', 'The zip has no file worker.json.');
  const manifest = JSON.parse(new TextDecoder().decode(json)) as Manifest;
  if (Object.keys(manifest.allowed_paths ?? {}).length > 0) {
    throw new WorkerRefusal('unavailable', 'This worker wants folders (allowed_paths), which a tab does not have. Call it on the server or on a node.');
  }
  const modules: BundleModule[] = [];
  const digests: Uint8Array[] = [json];
  let simd = false;
  for (const [index, module] of manifest.wasm.entries()) {
    for (const path of module.simd === undefined ? [module.path] : [module.path, module.simd]) digests.push(await hash(fileOf(files, path)));
    const hasVectors = canSimd && module.simd !== undefined;
    simd ||= hasVectors;
    modules.push({ name: index === manifest.wasm.length - 1 ? 'main' : (module.name ?? String(index)), bytes: fileOf(files, hasVectors ? module.simd : module.path) });
  }
  return {
    name: manifest.name ?? name,
    digest: await sha256(new Uint8Array(await new Blob(digests as BlobPart[]).arrayBuffer())),
    modules,
    simd,
    maxPages: manifest.memory?.max_pages ?? defaults.maxPages,
    maxVarBytes: manifest.memory?.max_var_bytes ?? defaults.maxVarBytes,
    timeoutMs: manifest.timeout_ms ?? defaults.timeoutMs,
    config: manifest.config ?? {},
  };
}

async function unzipped(bytes: Uint8Array<ArrayBuffer>): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  try {
    return (await readZip(bytes)) as Map<string, Uint8Array<ArrayBuffer>>;
  } catch (problem) {
    throw problem instanceof ZipProblem ? new WorkerRefusal('unavailable', problem.message) : problem;
  }
}

function fileOf(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>, path: string): Uint8Array<ArrayBuffer> {
  const file = files.get(path);
  if (file === undefined) throw new WorkerRefusal('unavailable', `The zip has no file '${path}'.`);
  return file;
}

async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return [...(await hash(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
