import { token } from '@/base/services';
import type { ReadableStore } from '@/base/store';

/** Installing what a program imports, before it runs. */
export interface ImportInstaller {
  /** Installs what `source` imports and is known but missing; tells so through `note`. Gives whether all went well. */
  prepare(sources: readonly string[], note: (text: string) => void): Promise<boolean>;
}

export const ImportInstaller = token<ImportInstaller>('importInstaller');

/** A picture or table that a program showed. */
export interface Shown {
  readonly id: number;
  readonly at: number;
  readonly title: string;
  readonly kind: 'image' | 'html';
  /** An object URL for images, the text for HTML. */
  readonly content: string;
  readonly blob: Blob | null;
  readonly width: number | null;
  readonly height: number | null;
}

export interface ShownService {
  readonly all: ReadableStore<readonly Shown[]>;
}

export const ShownService = token<ShownService>('shown');
