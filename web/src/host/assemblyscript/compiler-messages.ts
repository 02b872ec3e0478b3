import type { BuildFailure, BuildRequest, BuildResult, BuildStep } from '@/protocol';

export interface ToCompiler {
  readonly id: number;
  readonly request: BuildRequest;
}

export type FromCompiler =
  | { readonly type: 'step'; readonly id: number; readonly at: BuildStep }
  | { readonly type: 'built'; readonly id: number; readonly result: BuildResult }
  | { readonly type: 'not-built'; readonly id: number; readonly failure: BuildFailure };
