import { decodeText } from '@/base/bytes';
import { readZip } from '@/base/zip-reader';

export interface StubRequest {
  readonly wheels: readonly { readonly name: string; readonly file: string; readonly sha256: string; readonly size: number }[];
}

export interface StubAnswer {
  readonly files: ReadonlyMap<string, string>;
}

const scope = self as unknown as DedicatedWorkerGlobalScope;
const largestWheel = 40_000_000;
const mostText = 24_000_000;
const largestFile = 400_000;

scope.onmessage = (event: MessageEvent<StubRequest>) => {
  void collect(event.data).then((files) => scope.postMessage({ files } satisfies StubAnswer));
};

async function collect({ wheels }: StubRequest): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  let total = 0;
  for (const wheel of [...wheels].sort((a, b) => a.size - b.size)) {
    if (wheel.size > largestWheel) continue;
    const texts = await textsOf(wheel).catch(() => new Map<string, string>());
    for (const [path, text] of texts) {
      total += text.length;
      if (total > mostText) return files;
      files.set(path, text);
    }
  }
  return files;
}

async function textsOf(wheel: StubRequest['wheels'][number]): Promise<Map<string, string>> {
  const answer = await fetch(`/pypi/files/${wheel.sha256}/${encodeURIComponent(wheel.file)}`, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}`);
  const entries = await readZip(new Uint8Array(await answer.arrayBuffer()), wanted);
  const texts = new Map<string, string>();
  for (const [path, bytes] of entries) {
    // a source beside its stub adds nothing
    if (path.endsWith('.py') && entries.has(`${path}i`)) continue;
    const text = bytes.length <= largestFile ? decodeText(bytes) : null;
    if (text !== null) texts.set(path, text);
  }
  return texts;
}

function wanted(path: string): boolean {
  if (!/\.pyi?$|(^|\/)py\.typed$/.test(path)) return false;
  return !/(^|\/)(tests?|testing|_pytest|examples?|benchmarks?|docs?)\//.test(path) && !/(^|\/)(test_[^/]*|conftest|setup)\.py$/.test(path);
}
