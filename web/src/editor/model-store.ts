import * as monaco from 'monaco-editor';
import { DisposableStore, type Disposable } from '@/base/disposable';
import { Emitter } from '@/base/emitter';
import { isBelow } from '@/base/paths';
import type { FileEvent, WorkspaceFiles } from '@/platform/files';
import { isAssemblyScript } from '@/platform/workers/building';
import { ASSEMBLYSCRIPT } from './assemblyscript';

/** Where the workspace lies for language services: an address, not a place on a disk. */
export const rootUri = 'file:///workspace';

export function uriOf(path: string): monaco.Uri {
  return monaco.Uri.from({ scheme: 'file', path: `/workspace/${path}` });
}

export function pathOf(uri: monaco.Uri): string | null {
  return uri.scheme === 'file' && uri.path.startsWith('/workspace/') ? uri.path.slice('/workspace/'.length) : null;
}

/** The texts of open files: one model each, kept equal to the working copy in both directions. */
export class ModelStore implements Disposable {
  private readonly models = new Map<string, monaco.editor.ITextModel>();
  private readonly opening = new Map<string, Promise<monaco.editor.ITextModel | null>>();
  private readonly held = new DisposableStore();
  private readonly opened = new Emitter<monaco.editor.ITextModel>();
  readonly onOpened = this.opened.event;
  private applying = false;

  constructor(private readonly files: WorkspaceFiles) {
    this.held.add(files.onChange((event) => this.heard(event)));
  }

  get(path: string): monaco.editor.ITextModel | undefined {
    return this.models.get(path);
  }

  all(): Iterable<[string, monaco.editor.ITextModel]> {
    return this.models;
  }

  /** The model of a file; null if its bytes are no text. */
  open(path: string): Promise<monaco.editor.ITextModel | null> {
    const model = this.models.get(path);
    if (model !== undefined) return Promise.resolve(model);
    let opening = this.opening.get(path);
    if (opening === undefined) {
      opening = this.load(path).finally(() => this.opening.delete(path));
      this.opening.set(path, opening);
    }
    return opening;
  }

  close(path: string): void {
    const model = this.models.get(path);
    if (model === undefined) return;
    // the working copy may still have to read the text: give it the last one
    if (this.files.isDirty(path) && this.files.get(path) !== undefined) this.files.write(path, textOf(model), 'editor');
    this.models.delete(path);
    model.dispose();
  }

  /** Sets a text as one step that can be undone, changing only what differs. */
  replace(path: string, text: string): void {
    const model = this.models.get(path);
    if (model !== undefined) applyText(model, text);
  }

  dispose(): void {
    this.held.dispose();
    for (const model of this.models.values()) model.dispose();
    this.models.clear();
  }

  private async load(path: string): Promise<monaco.editor.ITextModel | null> {
    const text = await this.files.readText(path);
    if (text === null) return null;
    const model = monaco.editor.getModel(uriOf(path)) ?? monaco.editor.createModel(text, isAssemblyScript(this.files, path, text) ? ASSEMBLYSCRIPT : undefined, uriOf(path));
    this.models.set(path, model);
    model.onDidChangeContent(() => {
      if (!this.applying) this.files.write(path, () => textOf(model), 'editor');
    });
    this.opened.emit(model);
    return model;
  }

  private heard(event: FileEvent): void {
    if (event.origin === 'editor') return;
    if (event.kind === 'write') void this.reload(event.path);
    else if (event.kind === 'delete' || event.kind === 'move') {
      for (const [path, model] of [...this.models]) {
        if (path !== event.path && !isBelow(path, event.path)) continue;
        this.models.delete(path);
        model.dispose();
      }
    }
  }

  private async reload(path: string): Promise<void> {
    if (!this.models.has(path)) return;
    let text = await this.files.readText(path).catch(() => null);
    // typed into while the server's version was on its way: what is here counts, saving finds the conflict
    if (this.files.isDirty(path)) text = await this.files.readText(path).catch(() => null);
    const model = this.models.get(path);
    if (text === null || model === undefined) return;
    if (textOf(model) === text) return;
    this.applying = true;
    try {
      applyText(model, text);
    } finally {
      this.applying = false;
    }
  }
}

function textOf(model: monaco.editor.ITextModel): string {
  return model.getValue(undefined, true);
}

function applyText(model: monaco.editor.ITextModel, text: string): void {
  const before = model.getValue();
  const after = text.replace(/^\ufeff/, '');
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const from = model.getPositionAt(start);
  const to = model.getPositionAt(before.length - end);
  model.pushStackElement();
  model.pushEditOperations([], [{ range: monaco.Range.fromPositions(from, to), text: after.slice(start, after.length - end) }], () => null);
  model.pushStackElement();
}
