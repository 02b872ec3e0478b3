// What a lent tab and the coordinator say to each other: binary messages, each the length of a JSON head (u32, little
// endian), the head, and bytes.
import type { WorkerFailure } from '@/protocol';

export type ToCoordinator =
  | { readonly type: 'hello'; readonly kind: 'tab'; readonly name: string; readonly engine: string; readonly simd: boolean; readonly slots: number; readonly workers: readonly string[] }
  /** With the output. */
  | { readonly type: 'answer'; readonly call: number; readonly ranMs: number }
  | { readonly type: 'failed'; readonly call: number; readonly error: WorkerFailure; readonly message: string; readonly field?: string; readonly rule?: string }
  | { readonly type: 'need'; readonly digest: string }
  | { readonly type: 'beat'; readonly busy: number; readonly load: number }
  | { readonly type: 'drain' };

export type FromCoordinator =
  | { readonly type: 'welcome'; readonly node: string }
  /** With the input. */
  | { readonly type: 'call'; readonly call: number; readonly worker: string; readonly digest: string; readonly function: string; readonly timeoutMs: number }
  | { readonly type: 'cancel'; readonly call: number }
  /** What the worker of this digest may use in the calls that follow; with JSON. */
  | { readonly type: 'settings'; readonly digest: string }
  /** With the worker's file. */
  | { readonly type: 'worker'; readonly digest: string; readonly name: string };

/** The longest message of a failure; a head has a limit of its own. */
const LONGEST_MESSAGE = 4000;
const LARGEST_HEAD = 64 * 1024;

export function encode(head: ToCoordinator, bytes: ArrayBuffer = new ArrayBuffer()): ArrayBuffer {
  const short = head.type === 'failed' ? { ...head, message: head.message.slice(0, LONGEST_MESSAGE) } : head;
  const json = new TextEncoder().encode(JSON.stringify(short));
  const message = new Uint8Array(4 + json.length + bytes.byteLength);
  new DataView(message.buffer).setUint32(0, json.length, true);
  message.set(json, 4);
  message.set(new Uint8Array(bytes), 4 + json.length);
  return message.buffer;
}

/** The head and the bytes; null if it is no message of this form. */
export function decode(message: ArrayBuffer): { readonly head: FromCoordinator; readonly bytes: ArrayBuffer } | null {
  if (message.byteLength < 4) return null;
  const length = new DataView(message).getUint32(0, true);
  if (length > Math.min(LARGEST_HEAD, message.byteLength - 4)) return null;
  try {
    const head: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(message, 4, length)));
    return typeof head === 'object' && head !== null && 'type' in head ? { head: head as FromCoordinator, bytes: message.slice(4 + length) } : null;
  } catch {
    return null;
  }
}
