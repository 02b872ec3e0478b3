import type { CallFailure } from '@/protocol';
import type { Definition } from './guest';

/** To the Web Worker of a slot. */
export type ToSlot =
  | { readonly type: 'define'; readonly key: string; readonly definition: Definition }
  | { readonly type: 'forget'; readonly key: string }
  | { readonly type: 'run'; readonly call: number; readonly key: string; readonly function: string; readonly input: ArrayBuffer };

export type FromSlot =
  | { readonly type: 'answered'; readonly call: number; readonly output: ArrayBuffer; readonly ranMs: number }
  | { readonly type: 'failed'; readonly call: number; readonly failure: CallFailure; readonly ranMs: number };
