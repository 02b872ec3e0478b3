import * as monaco from 'monaco-editor';
import type { Disposable } from '@/base/disposable';
import type { TextPlace } from '@/platform/editors';
import type { Settings } from '@/platform/settings/settings';
import { pathOf } from './model-store';
import { enableVim, type VimActions } from './vim';

/** The one editor of a group of tabs. It moves into the container of the tab that is shown. */
export class GroupEditor implements Disposable {
  readonly editor: monaco.editor.IStandaloneCodeEditor;
  private readonly element = document.createElement('div');
  private readonly status = document.createElement('div');
  private readonly views = new Map<string, monaco.editor.ICodeEditorViewState>();
  private vim: Disposable | null = null;

  constructor(settings: Settings, private readonly vimActions: VimActions, onFocus: (group: GroupEditor) => void) {
    this.element.className = 'flex h-full flex-col';
    const host = document.createElement('div');
    host.className = 'min-h-0 flex-1';
    this.status.className = 'shrink-0 px-3 font-mono text-meta text-muted empty:hidden';
    this.element.append(host, this.status);
    this.editor = monaco.editor.create(host, { ...optionsOf(settings), ...fixedOptions });
    this.editor.onDidFocusEditorWidget(() => onFocus(this));
    this.editor.onDidChangeCursorSelection(() => {
      if (this.editor.hasWidgetFocus()) onFocus(this);
    });
    this.configure(settings);
  }

  get path(): string | null {
    const model = this.editor.getModel();
    return model === null ? null : pathOf(model.uri);
  }

  get isVisible(): boolean {
    return this.element.isConnected && this.element.offsetParent !== null;
  }

  configure(settings: Settings): void {
    this.editor.updateOptions(optionsOf(settings));
    this.editor.getModel()?.updateOptions({ tabSize: settings.tabSize, indentSize: settings.tabSize });
    if (settings.vim && this.vim === null) this.vim = enableVim(this.editor, this.status, this.vimActions);
    if (!settings.vim) {
      this.vim?.dispose();
      this.vim = null;
    }
  }

  show(model: monaco.editor.ITextModel, container: HTMLElement): void {
    const before = this.editor.getModel();
    if (before !== null && before !== model && !before.isDisposed()) {
      const view = this.editor.saveViewState();
      if (view !== null) this.views.set(before.uri.toString(), view);
    }
    if (this.element.parentElement !== container) container.append(this.element);
    if (before !== model) {
      model.updateOptions({ bracketColorizationOptions: { enabled: true, independentColorPoolPerBracketType: false } });
      this.editor.setModel(model);
      this.editor.restoreViewState(this.views.get(model.uri.toString()) ?? null);
    }
    this.editor.layout();
  }

  reveal(place: TextPlace, end: TextPlace | undefined): void {
    const range = new monaco.Range(place.line, place.column, end?.line ?? place.line, end?.column ?? place.column);
    this.editor.setSelection(range);
    this.editor.revealRangeInCenterIfOutsideViewport(range);
  }

  dispose(): void {
    this.vim?.dispose();
    this.editor.dispose();
    this.element.remove();
  }
}

const fixedOptions: monaco.editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  theme: 'cloche',
  fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontLigatures: false,
  scrollBeyondLastLine: false,
  smoothScrolling: false,
  padding: { top: 8, bottom: 8 },
  fixedOverflowWidgets: true,
  renderLineHighlight: 'all',
  overviewRulerBorder: false,
  stickyScroll: { enabled: false },
  guides: { indentation: true, bracketPairs: false },
  suggest: { showWords: false },
  wordBasedSuggestions: 'currentDocument',
  inlayHints: { enabled: 'off' },
  lightbulb: { enabled: 'on' as monaco.editor.ShowLightbulbIconMode },
  dropIntoEditor: { enabled: false },
  model: null,
};

function optionsOf(settings: Settings): monaco.editor.IEditorOptions {
  return {
    fontSize: settings.fontSize,
    lineHeight: Math.round(settings.fontSize * 1.54),
    wordWrap: settings.wordWrap ? 'on' : 'off',
    minimap: { enabled: settings.minimap },
    lineNumbers: settings.lineNumbers ? 'on' : 'off',
    renderWhitespace: settings.renderWhitespace ? 'all' : 'selection',
  };
}
