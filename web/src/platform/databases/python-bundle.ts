import { encodeText } from '@/base/bytes';
import { importedNames } from '@/base/python-imports';

/** What a bundle of Python files begins with; a zero follows. */
const BEGINNING = encodeText('PYTHON-SOURCE-1\0');

/** A place that a refusal names: `chat.py:5:` or `File "chat.py", line 5`. */
export interface RefusedPlace {
  readonly file: string;
  readonly line: number;
}

/** Whether a Python text is the module of a database. */
export function isModule(text: string): boolean {
  return importedNames(text).includes('cloche');
}

/** The Python files of one folder as one to hand in, the main one first (what `cloche db publish` sends). */
export function bundlePython(files: readonly (readonly [name: string, text: string])[]): Uint8Array<ArrayBuffer> {
  const parts = files.map(([name, text]) => [encodeText(name), encodeText(text)] as const);
  const length = parts.reduce((sum, [name, text]) => sum + 2 + name.length + 4 + text.length, 0);
  const bytes = new Uint8Array(BEGINNING.length + 4 + length);
  const view = new DataView(bytes.buffer);
  bytes.set(BEGINNING);
  let at = BEGINNING.length;
  view.setUint32(at, length, true);
  at += 4;
  for (const [name, text] of parts) {
    view.setUint16(at, name.length, true);
    bytes.set(name, at + 2);
    at += 2 + name.length;
    view.setUint32(at, text.length, true);
    bytes.set(text, at + 4);
    at += 4 + text.length;
  }
  return bytes;
}

/** The main file and the files beside it that it imports, they too, and so on. `read` gives null for what is not there. */
export async function gatherPython(main: string, read: (name: string) => Promise<string | null>): Promise<(readonly [string, string])[]> {
  const found = new Map<string, string>();
  const wanted = [main];
  for (let name = wanted.shift(); name !== undefined; name = wanted.shift()) {
    if (found.has(name)) continue;
    const text = await read(name);
    if (text === null) continue;
    found.set(name, text);
    wanted.push(...importedNames(text).map((imported) => `${imported}.py`));
  }
  return [...found];
}

/** Where a refusal says that the mistake is; the last place of a traceback is the nearest one. */
export function refusedPlace(text: string): RefusedPlace | null {
  const direct = /(?:^|[\s:])([\w/]+\.py):(\d+):/.exec(text);
  const traced = [...text.matchAll(/File "([\w/]+\.py)", line (\d+)/g)].at(-1);
  const found = direct ?? traced;
  return found?.[1] === undefined ? null : { file: found[1], line: Number(found[2]) };
}
