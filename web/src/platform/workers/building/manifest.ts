import { encodeText } from '@/base/bytes';
import { joinPath, nameOf } from '@/base/paths';
import type { WorkspaceFiles } from '@/platform/files';
import { BuildRefusal, errorAt } from './build-refusal';
import type { WorkerFolder } from './worker-folder';

/** What is built, as worker.json says it, or as it is without one. */
export interface WorkerManifest {
  readonly name: string;
  /** The bytes that stand in the bundle. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly modules: readonly ManifestModule[];
}

interface ManifestModule {
  readonly path: string;
  readonly simd: boolean;
  /** The path of the plain build without its ending: both builds are made from the same sources. */
  readonly name: string;
}

const LARGEST = 1 << 20;
const MOST_MODULES = 16;
const PATH = /^[A-Za-z0-9._-]{1,100}(\/[A-Za-z0-9._-]{1,100}){0,5}$/;

/** Reads the manifest of a folder; throws {@link BuildRefusal} that names the field and the rule. */
export async function readManifest(files: Pick<WorkspaceFiles, 'get' | 'readBytes'>, at: WorkerFolder, workspaceName: string): Promise<WorkerManifest> {
  const path = joinPath(at.folder, 'worker.json');
  if (at.single !== null || files.get(path)?.kind !== 'file') return plain(at.single?.replace(/\.ts$/, '') ?? (at.folder === '' ? workspaceName : nameOf(at.folder)));
  const bytes = new Uint8Array(await files.readBytes(path));
  const refuse = (message: string) => new BuildRefusal(message, [errorAt(path, 1, message)]);
  if (bytes.length > LARGEST) throw refuse(`worker.json has at most ${LARGEST} bytes.`);
  const json = parsed(bytes);
  if (json === null) throw refuse('worker.json is no JSON object.');
  const { wasm, name } = json;
  if (!Array.isArray(wasm) || wasm.length === 0 || wasm.length > MOST_MODULES) throw refuse(`'wasm' in worker.json must be a list of 1 to ${MOST_MODULES} modules.`);
  const modules = wasm.flatMap((entry: unknown, index) => {
    const { path: to, simd } = (typeof entry === 'object' && entry !== null ? entry : {}) as { readonly path?: unknown; readonly simd?: unknown };
    const checked = (value: unknown, field: string): string => {
      if (typeof value !== 'string' || !PATH.test(value) || value.split('/').includes('..')) throw refuse(`'wasm[${index}].${field}' must be the path of a file in the folder.`);
      return value;
    };
    const main = checked(to, 'path');
    return both(main, simd === undefined ? null : checked(simd, 'simd'));
  });
  return { name: typeof name === 'string' && name !== '' ? name : nameOf(at.folder) || workspaceName, bytes, modules };
}

/** The bundle without a worker.json, as `cloche worker build` makes it. */
function plain(title: string): WorkerManifest {
  const name = title.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 60) || 'worker';
  const wasm = { path: `${name}.wasm`, simd: `${name}.simd.wasm` };
  return { name, bytes: encodeText(JSON.stringify({ name, wasm: [wasm] })), modules: both(wasm.path, wasm.simd) };
}

function both(path: string, simd: string | null): ManifestModule[] {
  const name = path.replace(/\.wasm$/, '');
  return [{ path, simd: false, name }, ...(simd === null ? [] : [{ path: simd, simd: true, name }])];
}

function parsed(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : null;
  } catch {
    return null;
  }
}
