import type * as monaco from 'monaco-editor';
import type { Disposable } from '@/base/disposable';

/** What `:w` and `:q` mean here. */
export interface VimActions {
  readonly save: () => void;
  readonly close: () => void;
}

/** Vim keys for an editor, loaded when first wanted; its status line is written to `status`. */
export function enableVim(editor: monaco.editor.IStandaloneCodeEditor, status: HTMLElement, actions: VimActions): Disposable {
  let mode: { dispose(): void } | null = null;
  let disposed = false;
  void import('monaco-vim').then(({ initVimMode, VimMode }) => {
    if (disposed) return;
    defineCommands(VimMode as unknown as VimLibrary, actions);
    mode = initVimMode(editor, status) as { dispose(): void };
  });
  return {
    dispose() {
      disposed = true;
      mode?.dispose();
      status.textContent = '';
    },
  };
}

interface VimLibrary {
  readonly Vim: { defineEx(name: string, shortest: string, run: () => void): void };
}

/** They are the library's own, for all editors; the newest definition counts. */
function defineCommands({ Vim }: VimLibrary, { save, close }: VimActions): void {
  Vim.defineEx('write', 'w', save);
  Vim.defineEx('quit', 'q', close);
  for (const [name, shortest] of [['wq', 'wq'], ['xit', 'x']] as const) {
    Vim.defineEx(name, shortest, () => {
      save();
      close();
    });
  }
}
