import type { Diagnostic } from '@astral-sh/ruff-wasm-web';

export type RuffRequest = { readonly id: number; readonly kind: 'check' | 'format'; readonly text: string };
export type RuffAnswer =
  | { readonly id: number; readonly kind: 'check'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly id: number; readonly kind: 'format'; readonly text: string }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };
