// Wheels of the workspace's lock: fetched from the own origin, checked against their digest, put into site-packages.
import type { PyodideAPI } from 'pyodide';
import type { Wheel } from '@/protocol';
import { SITE_PACKAGES } from './start';

const AT_ONCE = 6;

export type WheelProgress = (what: string, done: number, total: number) => void;

/** A wheel that did not come, or was not what the lock names. */
export class WheelError extends Error {
  override readonly name = 'WheelError';
}

/** Fetches and checks all wheels; nothing is installed when one of them fails. */
export async function fetchWheels(wheels: readonly Wheel[], base: string, progress: WheelProgress): Promise<Uint8Array<ArrayBuffer>[]> {
  const total = wheels.reduce((sum, wheel) => sum + wheel.size, 0);
  let done = 0;
  const results: Uint8Array<ArrayBuffer>[] = [];
  const queue = [...wheels.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, wheel] = next;
      results[index] = await fetchWheel(wheel, base);
      done += wheel.size;
      progress(`${wheel.name} ${wheel.version}`, done, total);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

/** Unpacks checked wheels; what is in them can be imported afterwards. */
export function installWheels(pyodide: PyodideAPI, wheels: readonly Wheel[], contents: readonly Uint8Array<ArrayBuffer>[]): void {
  wheels.forEach((wheel, index) => {
    const bytes = contents[index];
    if (bytes !== undefined) {
      try {
        pyodide.unpackArchive(bytes, 'wheel', { extractDir: SITE_PACKAGES });
      } catch (failure) {
        throw new WheelError(`${wheel.file} could not be unpacked: ${failure instanceof Error ? lastLine(failure.message) : String(failure)}`);
      }
    }
  });
}

async function fetchWheel(wheel: Wheel, base: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = new URL(`/__cloche/wheels/${wheel.sha256}/${encodeURIComponent(wheel.file)}`, base);
  try {
    return await fetchOnce(url, wheel, 'default');
  } catch {
    // A broken download may sit in the HTTP cache, which would serve it for ever.
    return fetchOnce(url, wheel, 'reload');
  }
}

async function fetchOnce(url: URL, wheel: Wheel, cache: RequestCache): Promise<Uint8Array<ArrayBuffer>> {
  let response: Response;
  try {
    response = await fetch(url, { cache });
  } catch (failure) {
    throw new WheelError(`${wheel.file} could not be fetched: ${failure instanceof Error ? failure.message : String(failure)}`);
  }
  if (!response.ok) {
    throw new WheelError(`${wheel.file} could not be fetched: the server answered ${response.status}.`);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  const digest = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  if (digest !== wheel.sha256.toLowerCase()) {
    throw new WheelError(`${wheel.file} is not the file that the lock names: its digest is ${digest}, not ${wheel.sha256}.`);
  }
  return bytes;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? text;
}
