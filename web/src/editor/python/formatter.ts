import * as monaco from 'monaco-editor';
import type { Disposable } from '@/base/disposable';
import type { Ruff } from './ruff';

/** "Format document" for Python, by ruff. */
export function registerFormatter(ruff: Ruff): Disposable {
  return monaco.languages.registerDocumentFormattingEditProvider('python', {
    displayName: 'ruff',
    async provideDocumentFormattingEdits(model) {
      const text = model.getValue();
      const formatted = await ruff.format(text);
      return formatted === text ? [] : [{ range: model.getFullModelRange(), text: formatted }];
    },
  });
}
