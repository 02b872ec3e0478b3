// Puts a script into the pages of previews, before everything that the app wrote.
const SCRIPT = '/__cloche/host/console.js';
/** In this many bytes a page has said whether it has a doctype. */
const LOOK = 512;
/** The mark of UTF-8, as Latin-1. */
const BOM = '\u00ef\u00bb\u00bf';
/** What may stand before the doctype. */
const BEFORE = /^(?:\u00ef\u00bb\u00bf)?(?:\s|<!--[^]*?-->)*/;

export interface Html {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ArrayBuffer | ReadableStream<Uint8Array> | null;
}

/** The page with the script; anything but an HTML page that can be read stays as it is. */
export function withScript<T extends Html>(answer: T, ide: string): T {
  const header = (wanted: string): string => answer.headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
  if (answer.body === null || !/^text\/html\b/i.test(header('content-type').trim()) || header('content-encoding') !== '') {
    return answer;
  }
  const tag = new TextEncoder().encode(`<script src="${SCRIPT}" data-ide="${ide}"></script>`);
  const body = answer.body instanceof ArrayBuffer
    ? joined(insert(new Uint8Array(answer.body), tag))
    : answer.body.pipeThrough(inserting(tag));
  return { ...answer, headers: answer.headers.filter(([name]) => name.toLowerCase() !== 'content-length'), body };
}

/** After the doctype, since without it at the start the browser lays the page out as those of the nineties. */
function insert(bytes: Uint8Array, tag: Uint8Array): Uint8Array[] {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, LOOK));
  const before = BEFORE.exec(start)?.[0].length ?? 0;
  const doctype = /^<!doctype[^>]*>/i.exec(start.slice(before))?.[0].length;
  const at = doctype === undefined ? (start.startsWith(BOM) ? BOM.length : 0) : before + doctype;
  return [bytes.subarray(0, at), tag, bytes.subarray(at)];
}

/** Whether it can be seen if the page has a doctype: nothing is held back longer than that. */
function hasBegun(start: string): boolean {
  const rest = start.replace(BEFORE, '').toLowerCase();
  return !('<!doctype'.startsWith(rest) || '<!--'.startsWith(rest) || rest.startsWith('<!--') || /^<!doctype[^>]*$/.test(rest));
}

function inserting(tag: Uint8Array): TransformStream<Uint8Array, Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array(0);
  const put = (controller: TransformStreamDefaultController<Uint8Array>): void => {
    for (const part of start === undefined ? [] : insert(start, tag)) {
      controller.enqueue(part);
    }
    start = undefined;
  };
  return new TransformStream({
    transform(chunk, controller) {
      if (start === undefined) {
        controller.enqueue(chunk);
        return;
      }
      start = new Uint8Array(joined([start, chunk]));
      if (start.length >= LOOK || hasBegun(new TextDecoder('latin1').decode(start))) {
        put(controller);
      }
    },
    flush: put,
  });
}

function joined(parts: readonly Uint8Array[]): ArrayBuffer {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.buffer;
}
