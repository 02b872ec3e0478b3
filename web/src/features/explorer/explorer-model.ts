import { Debouncer, systemClock } from '@/base/async';
import { DisposableStore, type Disposable } from '@/base/disposable';
import { ancestorsOf, isBelow, joinPath, movedPath, nameOf, nameProblem, parentOf } from '@/base/paths';
import { ValueStore } from '@/base/store';
import type { EditorTabs } from '@/platform/editors';
import type { WorkspaceFiles } from '@/platform/files';
import { explain } from '@/platform/api';
import { tell, tellFailure } from '@/platform/notifications';
import { shownIn, topmost, visibleRows, type Naming, type Row } from './rows';

export interface ExplorerState {
  readonly expanded: ReadonlySet<string>;
  readonly selected: ReadonlySet<string>;
  readonly focused: string | null;
  readonly naming: Naming | null;
  readonly dropFolder: string | null;
}

/** Something that needs a yes. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly isDanger: boolean;
  readonly run: () => void;
}

const openAfter = 700;
/** From here on one archive is faster than a request for each. */
const manyFiles = 8;

/** The tree's state and what can be done in it, without the screen. */
export class ExplorerModel implements Disposable {
  readonly state: ValueStore<ExplorerState>;
  readonly question = new ValueStore<Question | null>(null);
  private readonly held = new DisposableStore();
  private anchor: string | null = null;
  /** A folder that something is held over opens. */
  private readonly openHeld = this.held.add(new Debouncer(systemClock, () => this.openDropFolder(), openAfter, openAfter));

  constructor(
    readonly files: WorkspaceFiles,
    readonly tabs: EditorTabs,
    expanded: readonly string[],
  ) {
    this.state = new ValueStore<ExplorerState>({ expanded: new Set(expanded), selected: new Set(), focused: null, naming: null, dropFolder: null });
    this.held.addCallback(tabs.active.subscribe(() => this.reveal(tabs.active.getState())));
    this.held.add(
      files.onChange((event) => {
        if (event.kind === 'move') this.followMove(event.path, event.to);
      }),
    );
  }

  rows(): Row[] {
    const { expanded, naming } = this.state.getState();
    return visibleRows(this.files, expanded, naming);
  }

  get isEmpty(): boolean {
    return shownIn(this.files, '').length === 0;
  }

  /** Shows where a file is, without taking the focus. */
  reveal(path: string | null): void {
    if (path === null || this.files.get(path) === undefined) return;
    this.change((state) => ({ expanded: new Set([...state.expanded, ...ancestorsOf(path)]), selected: new Set([path]), focused: path }));
  }

  setExpanded(path: string, isExpanded: boolean): void {
    this.change(({ expanded }) => {
      const next = new Set(expanded);
      if (isExpanded) next.add(path);
      else next.delete(path);
      return { expanded: next };
    });
  }

  collapseAll(): void {
    this.change(() => ({ expanded: new Set() }));
  }

  select(path: string, mode: 'only' | 'toggle' | 'range' = 'only'): void {
    this.change(({ selected }) => {
      if (mode === 'toggle') {
        const next = new Set(selected);
        if (!next.delete(path)) next.add(path);
        this.anchor = path;
        return { selected: next, focused: path };
      }
      if (mode === 'range' && this.anchor !== null) {
        const paths = this.rows().map((row) => row.path);
        const [from, to] = [paths.indexOf(this.anchor), paths.indexOf(path)].sort((a, b) => a - b);
        return { selected: new Set(paths.slice(from, (to ?? 0) + 1)), focused: path };
      }
      this.anchor = path;
      return { selected: new Set([path]), focused: path };
    });
  }

  /** The folder that new things go to. */
  targetFolder(path = this.state.getState().focused): string {
    const node = path === null ? undefined : this.files.get(path);
    return node === undefined ? '' : node.kind === 'folder' ? node.path : parentOf(node.path);
  }

  /** What an action on `path` means: the whole selection if it is part of it. */
  affected(path: string | null): string[] {
    const { selected, focused } = this.state.getState();
    const at = path ?? focused;
    if (at === null) return [];
    return selected.has(at) ? topmost([...selected].filter((each) => this.files.get(each) !== undefined)) : [at];
  }

  beginNaming(kind: Naming['kind'], path = this.state.getState().focused): void {
    if (kind === 'rename') {
      if (path !== null && this.files.get(path) !== undefined) this.change(() => ({ naming: { kind, path } }));
      return;
    }
    const folder = this.targetFolder(path);
    this.change(({ expanded }) => ({ naming: { kind, folder }, expanded: folder === '' ? expanded : new Set([...expanded, folder]) }));
  }

  /** Why the name cannot be; null if it can. */
  nameProblem(name: string): string | null {
    const { naming } = this.state.getState();
    if (naming === null) return null;
    // `a/b.py` makes the folder too
    for (const part of naming.kind === 'rename' ? [name] : name.split('/')) {
      const problem = nameProblem(part);
      if (problem !== null) return problem;
    }
    const folder = naming.kind === 'rename' ? parentOf(naming.path) : naming.folder;
    const own = naming.kind === 'rename' ? nameOf(naming.path) : null;
    const clash = this.files.childrenOf(folder).find((node) => nameOf(node.path).toLowerCase() === name.toLowerCase() && nameOf(node.path) !== own);
    return clash === undefined ? null : `${nameOf(clash.path)} exists already.`;
  }

  endNaming(name: string | null): void {
    const { naming } = this.state.getState();
    if (naming === null) return;
    const isGood = name !== null && name !== '' && this.nameProblem(name) === null;
    this.change(() => ({ naming: null }));
    if (!isGood || name === null) return;
    this.attempt(`${name} could not be made`, () => {
      if (naming.kind === 'rename') {
        const to = joinPath(parentOf(naming.path), name);
        this.files.move(naming.path, to, 'explorer');
        this.select(to);
        return;
      }
      const path = joinPath(naming.folder, name);
      if (naming.kind === 'folder') this.files.createFolder(path, 'explorer');
      else {
        this.files.write(path, '', 'explorer');
        this.tabs.show(path);
      }
      this.reveal(path);
    });
  }

  moveInto(paths: readonly string[], folder: string): void {
    const movable = topmost(paths).filter((path) => parentOf(path) !== folder && path !== folder && !isBelow(folder, path));
    for (const path of movable) {
      this.attempt(`${nameOf(path)} could not be moved`, () => this.files.move(path, joinPath(folder, nameOf(path)), 'explorer'));
    }
    if (movable.length > 0) this.change(({ expanded }) => ({ expanded: new Set([...expanded, folder]) }));
  }

  setDropFolder(folder: string | null): void {
    if (this.state.getState().dropFolder === folder) return;
    this.change(() => ({ dropFolder: folder }));
    this.openHeld.cancel();
    if (folder !== null && folder !== '') this.openHeld.trigger();
  }

  private openDropFolder(): void {
    const { dropFolder } = this.state.getState();
    if (dropFolder !== null) this.setExpanded(dropFolder, true);
  }

  askRemove(paths: readonly string[]): void {
    const [first] = paths;
    if (first === undefined) return;
    const what = paths.length === 1 ? nameOf(first) : `${paths.length} entries`;
    const inside = [...this.files.files()].filter((node) => paths.some((path) => isBelow(node.path, path))).length;
    this.question.set({
      title: `Delete ${what}?`,
      text: inside > 0 ? `${inside} ${inside === 1 ? 'file' : 'files'} inside will be deleted too. You can undo it for a few seconds.` : 'You can undo it for a few seconds.',
      confirm: 'Delete',
      isDanger: true,
      run: () => void this.remove(paths, what),
    });
  }

  dispose(): void {
    this.held.dispose();
  }

  private async remove(paths: readonly string[], what: string): Promise<void> {
    const contents = new Map<string, Uint8Array>();
    const folders = [...this.files.folders()].map((node) => node.path).filter((path) => paths.some((top) => path === top || isBelow(path, top)));
    const doomed = [...this.files.files()].map((node) => node.path).filter((file) => paths.some((path) => file === path || isBelow(file, path)));
    try {
      const all = doomed.length > manyFiles ? await this.files.readAll() : new Map<string, Uint8Array>();
      for (const path of doomed) contents.set(path, all.get(path) ?? (await this.files.readBytes(path)));
    } catch (error) {
      tellFailure(`${what} was not deleted`, new Error(`It could not be read, so that it could not be brought back: ${explain(error)}`));
      return;
    }
    for (const path of paths) this.files.remove(path, 'explorer');
    tell(`Deleted ${what}`, { label: 'Undo', run: () => this.bringBack(folders, contents) });
  }

  private bringBack(folders: readonly string[], contents: ReadonlyMap<string, Uint8Array>): void {
    this.attempt('Not everything could be brought back', () => {
      for (const folder of folders) this.files.createFolder(folder, 'explorer');
      for (const [path, bytes] of contents) this.files.write(path, bytes, 'explorer');
    });
  }

  private followMove(path: string, to: string): void {
    const follow = (paths: ReadonlySet<string>) => new Set([...paths].map((each) => movedPath(each, path, to) ?? each));
    this.change(({ expanded, selected, focused }) => ({
      expanded: follow(expanded),
      selected: follow(selected),
      focused: focused === null ? null : (movedPath(focused, path, to) ?? focused),
    }));
  }

  private attempt(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      tellFailure(what, error);
    }
  }

  private change(part: (state: ExplorerState) => Partial<ExplorerState>): void {
    this.state.update((state) => ({ ...state, ...part(state) }));
  }
}
