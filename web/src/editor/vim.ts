import type * as monaco from 'monaco-editor';
import type { Disposable } from '@/base/disposable';

/** Vim keys for an editor, loaded when first wanted; its status line is written to `status`. */
export function enableVim(editor: monaco.editor.IStandaloneCodeEditor, status: HTMLElement): Disposable {
  let mode: { dispose(): void } | null = null;
  let disposed = false;
  void import('monaco-vim').then(({ initVimMode }) => {
    if (!disposed) mode = initVimMode(editor, status) as { dispose(): void };
  });
  return {
    dispose() {
      disposed = true;
      mode?.dispose();
      status.textContent = '';
    },
  };
}
