import { writeZip } from '@/base/zip-writer';
import manifest from '../../../../examples/workers/matrix/worker.json?raw';
import scalar from '../../../../examples/workers/matrix/matrix.wasm?url';
import vectors from '../../../../examples/workers/matrix/matrix.simd.wasm?url';

/** The name under which the example is published. */
export const MATRIX_EXAMPLE = 'matrix';

/** The matrix product in C that comes with Cloche, as a bundle: the same digest as the one that the command line builds. */
export async function matrixExample(): Promise<Blob> {
  const load = async (url: string) => {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`The example is not there: ${response.status} for ${url}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  const [plain, simd] = await Promise.all([load(scalar), load(vectors)]);
  return writeZip(new Map([['worker.json', new TextEncoder().encode(manifest)], ['matrix.wasm', plain], ['matrix.simd.wasm', simd]]));
}
