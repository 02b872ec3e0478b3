import type { DockviewApi, IDockviewPanel, SerializedDockview } from 'dockview-react';
import { DisposableStore, type Disposable } from '@/base/disposable';
import { Emitter } from '@/base/emitter';
import { movedPath, nameOf } from '@/base/paths';
import { ValueStore } from '@/base/store';
import type { EditorTabs, OpenOptions, TextEditors } from '@/platform/editors';
import type { FileEvent, WorkspaceFiles } from '@/platform/files';

export interface FileParams {
  readonly path: string;
  readonly isPreview: boolean;
}

/** Open files as panels of the dock. */
export class DockTabs implements EditorTabs, Disposable {
  readonly active = new ValueStore<string | null>(null);
  readonly open = new ValueStore<readonly string[]>([]);
  private readonly opened = new Emitter<string>();
  readonly onOpened = this.opened.event;
  private readonly groupRemoved = new Emitter<string>();
  readonly onGroupRemoved = this.groupRemoved.event;
  private readonly closed = new Emitter<string>();
  /** The last tab of a file was closed. */
  readonly onClosed = this.closed.event;
  private readonly layoutChanged = new Emitter<void>();
  readonly onLayoutChanged = this.layoutChanged.event;
  private readonly held = new DisposableStore();
  private api: DockviewApi | null = null;
  private nextId = 1;
  private recent: string[] = [];

  constructor(
    private readonly files: WorkspaceFiles,
    private readonly editors: TextEditors,
  ) {
    this.held.add(files.onChange((event) => this.heard(event)));
  }

  /** The dock is on the page: restores its last layout, or shows `first`. */
  attach(api: DockviewApi, stored: unknown, first: string | null): void {
    this.api = api;
    this.restore(api, stored);
    if (api.panels.length === 0 && first !== null) this.show(first);
    this.held.add(api.onDidActivePanelChange(() => this.update()));
    this.held.add(api.onDidRemoveGroup((group) => this.groupRemoved.emit(group.id)));
    this.held.add(api.onDidAddPanel(() => this.update()));
    this.held.add(
      api.onDidRemovePanel((panel) => {
        this.update();
        const { path } = paramsOf(panel);
        if (this.panelsOf(path).length === 0) this.closed.emit(path);
      }),
    );
    this.held.add(api.onDidLayoutChange(() => this.layoutChanged.emit()));
    this.update();
  }

  serialize(): SerializedDockview | null {
    return this.api?.toJSON() ?? null;
  }

  show(path: string, options: OpenOptions = {}): void {
    const { api } = this;
    if (api === null || this.files.get(path)?.kind !== 'file') return;
    if (options.place !== undefined) this.editors.reveal(path, options.place, options.end);
    const existing = this.panelsOf(path);
    const here = existing.find((panel) => panel.group === api.activeGroup) ?? existing[0];
    if (here !== undefined && options.split === undefined) {
      if (options.preview !== true) this.setPreview(here, false);
      here.api.setActive();
    } else {
      this.add(api, path, options);
    }
    if (options.focus !== false) this.editors.focus(path);
    this.opened.emit(path);
  }

  close(path: string): void {
    const active = this.api?.activePanel;
    if (active != null && paramsOf(active).path === path) active.api.close();
    else for (const panel of this.panelsOf(path)) panel.api.close();
  }

  closePanel(id: string): void {
    this.api?.getPanel(id)?.api.close();
  }

  closeOthers(path: string): void {
    for (const panel of [...(this.api?.panels ?? [])]) if (paramsOf(panel).path !== path) panel.api.close();
  }

  closeAll(): void {
    for (const panel of [...(this.api?.panels ?? [])]) panel.api.close();
  }

  keep(path: string): void {
    for (const panel of this.panelsOf(path)) this.setPreview(panel, false);
  }

  split(direction: 'right' | 'below'): void {
    const path = this.active.getState();
    if (path !== null) this.show(path, { split: direction });
  }

  next(step: 1 | -1): void {
    const panels = this.api?.activeGroup?.panels ?? [];
    const at = panels.findIndex((panel) => panel === this.api?.activePanel);
    panels[(at + step + panels.length) % panels.length]?.api.setActive();
  }

  /** Files that were open, the newest first; for quick open. */
  get recentPaths(): readonly string[] {
    return this.recent;
  }

  dispose(): void {
    this.held.dispose();
    this.api = null;
  }

  private add(api: DockviewApi, path: string, options: OpenOptions): void {
    const isPreview = options.preview === true;
    const reference = api.activePanel;
    const replaced = isPreview ? api.activeGroup?.panels.find((panel) => paramsOf(panel).isPreview) : undefined;
    const index = replaced === undefined ? undefined : api.activeGroup?.panels.indexOf(replaced);
    const direction = options.split === 'right' ? 'right' : options.split === 'below' ? 'below' : 'within';
    api.addPanel<FileParams>({
      id: `file-${Date.now()}-${this.nextId++}`,
      component: 'file',
      title: nameOf(path),
      params: { path, isPreview },
      ...(reference == null ? {} : { position: { referencePanel: reference.id, direction, ...(index === undefined ? {} : { index }) } }),
    });
    replaced?.api.close();
  }

  private panelsOf(path: string): IDockviewPanel[] {
    return (this.api?.panels ?? []).filter((panel) => paramsOf(panel).path === path);
  }

  private setPreview(panel: IDockviewPanel, isPreview: boolean): void {
    const params = paramsOf(panel);
    if (params.isPreview !== isPreview) panel.api.updateParameters({ ...params, isPreview });
  }

  private heard(event: FileEvent): void {
    if (event.kind === 'write' && event.origin === 'editor') this.keep(event.path);
    if (event.kind !== 'delete' && event.kind !== 'move') return;
    for (const panel of [...(this.api?.panels ?? [])]) {
      const params = paramsOf(panel);
      const to = movedPath(params.path, event.path, event.kind === 'move' ? event.to : '');
      if (to === null) continue;
      if (event.kind === 'delete') panel.api.close();
      else {
        panel.api.updateParameters({ ...params, path: to });
        panel.api.setTitle(nameOf(to));
      }
    }
    this.update();
  }

  private restore(api: DockviewApi, stored: unknown): void {
    if (typeof stored !== 'object' || stored === null || !('grid' in stored)) return;
    try {
      api.fromJSON(stored as SerializedDockview);
    } catch {
      api.clear();
      return;
    }
    for (const panel of [...api.panels]) {
      if (this.files.get(paramsOf(panel).path)?.kind !== 'file') panel.api.close();
    }
  }

  private update(): void {
    const panel = this.api?.activePanel;
    const path = panel == null ? null : paramsOf(panel).path;
    this.active.set(path);
    if (path !== null) this.recent = [path, ...this.recent.filter((other) => other !== path)].slice(0, 50);
    this.open.set([...new Set((this.api?.panels ?? []).map((each) => paramsOf(each).path))]);
    this.layoutChanged.emit();
  }
}

export function paramsOf(panel: { readonly params?: unknown }): FileParams {
  const params = panel.params as Partial<FileParams> | undefined;
  return { path: params?.path ?? '', isPreview: params?.isPreview ?? false };
}
