import * as monaco from 'monaco-editor';
import { DisposableStore, type Disposable } from '@/base/disposable';
import { ValueStore } from '@/base/store';
import type { TextEditors, TextPlace } from '@/platform/editors';
import type { Settings } from '@/platform/settings/settings';
import { GroupEditor } from './group-editor';
import type { ModelStore } from './model-store';
import { pathOf } from './model-store';
import type { VimActions } from './vim';

type Cursor = ReturnType<TextEditors['cursor']['getState']>;

/** One editor per group of tabs, which shows the model of the active tab. */
export class EditorPool implements TextEditors, Disposable {
  readonly cursor = new ValueStore<Cursor>(null);
  private readonly groups = new Map<string, GroupEditor>();
  private readonly held = new DisposableStore();
  private readonly wanted = new Map<string, { place: TextPlace; end: TextPlace | undefined }>();
  private focusWanted: string | null = null;
  private last: GroupEditor | null = null;
  /** Set once the commands of the open workspace are known. */
  vimActions: VimActions = { save: () => undefined, close: () => undefined };

  constructor(
    private readonly models: ModelStore,
    private readonly settings: { getState(): Settings; subscribe(listener: () => void): () => void },
    private readonly formatter: (path: string) => Promise<void>,
  ) {
    this.held.addCallback(settings.subscribe(() => {
      for (const group of this.groups.values()) group.configure(settings.getState());
    }));
  }

  /** Shows a file of a group in `container`. */
  async mount(groupId: string, path: string, container: HTMLElement): Promise<void> {
    const model = await this.models.open(path);
    if (model === null || !container.isConnected) return;
    let group = this.groups.get(groupId);
    if (group === undefined) {
      group = new GroupEditor(this.settings.getState(), this.vimActions, (editor) => this.focused(editor));
      this.groups.set(groupId, group);
    }
    group.show(model, container);
    const wanted = this.wanted.get(path);
    if (wanted !== undefined) {
      this.wanted.delete(path);
      group.reveal(wanted.place, wanted.end);
    }
    if (this.focusWanted === path) {
      this.focusWanted = null;
      group.editor.focus();
    }
    if (this.last === null || this.last === group) this.focused(group);
  }

  removeGroup(groupId: string): void {
    const group = this.groups.get(groupId);
    this.groups.delete(groupId);
    if (this.last === group) this.last = null;
    group?.dispose();
  }

  flush(): void {
    // models tell the working copy of every change at once; their text is read when it is needed
  }

  reveal(path: string, place: TextPlace, end: TextPlace | undefined): void {
    const group = this.showing(path);
    if (group === undefined) this.wanted.set(path, { place, end });
    else group.reveal(place, end);
  }

  focus(path: string): void {
    const group = this.showing(path);
    if (group === undefined) this.focusWanted = path;
    else group.editor.focus();
  }

  selection(): { path: string; text: string; line: number } | null {
    const editor = this.last?.editor;
    const model = editor?.getModel();
    const selection = editor?.getSelection();
    if (model == null || selection == null) return null;
    const path = pathOf(model.uri);
    if (path === null) return null;
    if (selection.isEmpty()) return { path, text: model.getLineContent(selection.startLineNumber), line: selection.startLineNumber };
    return { path, text: model.getValueInRange(selection), line: selection.startLineNumber };
  }

  action(id: string): void {
    const editor = this.last?.editor;
    editor?.focus();
    void editor?.getAction(id)?.run();
  }

  format(path: string): Promise<void> {
    return this.formatter(path);
  }

  dispose(): void {
    this.held.dispose();
    for (const group of this.groups.values()) group.dispose();
    this.groups.clear();
  }

  private showing(path: string): GroupEditor | undefined {
    const candidates = [...this.groups.values()].filter((group) => group.path === path && group.isVisible);
    return candidates.find((group) => group === this.last) ?? candidates[0];
  }

  private focused(group: GroupEditor): void {
    this.last = group;
    const model = group.editor.getModel();
    const path = model === null ? null : pathOf(model.uri);
    const position = group.editor.getPosition();
    if (model === null || path === null || position === null) return;
    const selection = group.editor.getSelection();
    const selected = selection === null || selection.isEmpty() ? 0 : model.getValueLengthInRange(selection);
    this.cursor.set({ path, language: model.getLanguageId(), place: { line: position.lineNumber, column: position.column }, selected });
  }
}

/** Opens files from the editor (go to definition) through the tabs. */
export function routeOpenings(show: (path: string, place: TextPlace) => void): Disposable {
  return monaco.editor.registerEditorOpener({
    openCodeEditor(_source, resource, at) {
      const path = pathOf(resource);
      if (path === null) return false;
      const place = at === undefined ? { line: 1, column: 1 } : 'startLineNumber' in at ? { line: at.startLineNumber, column: at.startColumn } : { line: at.lineNumber, column: at.column };
      show(path, place);
      return true;
    },
  });
}
