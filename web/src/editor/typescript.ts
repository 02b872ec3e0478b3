import * as monaco from 'monaco-editor';
import { isBelow } from '@/base/paths';
import { Debouncer, systemClock } from '@/base/async';
import { DisposableStore, type Disposable } from '@/base/disposable';
import type { WorkspaceFiles } from '@/platform/files';
import { uriOf } from './model-store';

/** A text that is no TypeScript. */
export interface ScriptFault {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface CompiledScripts {
  /** The JavaScript by the path of its TypeScript. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Mistakes of syntax; mistakes of type keep nothing from running. */
  readonly faults: readonly ScriptFault[];
}

/** Makes JavaScript of TypeScript, with the compiler that the editor has. Imports are looked up among the given files only. */
export async function compileTypeScript(sources: ReadonlyMap<string, string>): Promise<CompiledScripts> {
  const models = [...sources].map(([path, text]) => ({
    path,
    // away from the workspace's own models, which the editor opens and closes as it likes
    model: monaco.editor.createModel(text, 'typescript', monaco.Uri.from({ scheme: 'file', path: `/publishing/${path}` })),
  }));
  try {
    const workerFor = await compiler();
    const worker = await workerFor(...models.map(({ model }) => model.uri));
    const scripts = new Map<string, string>();
    const faults: ScriptFault[] = [];
    for (const { path, model } of models) {
      for (const { start, messageText } of await worker.getSyntacticDiagnostics(model.uri.toString())) {
        const place = model.getPositionAt(start ?? 0);
        faults.push({ path, line: place.lineNumber, column: place.column, message: typeof messageText === 'string' ? messageText : messageText.messageText });
      }
      const { outputFiles } = await worker.getEmitOutput(model.uri.toString());
      const script = outputFiles.find(({ name }) => name.endsWith('.js'));
      if (script !== undefined) scripts.set(path, script.text);
    }
    return { scripts, faults };
  } finally {
    for (const { model } of models) model.dispose();
  }
}

const TRIES = 100;
const PAUSE = 100;

/** The compiler of the editor. The first TypeScript model makes Monaco load it, and until then it is refused. */
async function compiler(): Promise<Awaited<ReturnType<typeof monaco.typescript.getTypeScriptWorker>>> {
  for (let tried = 1; ; tried++) {
    try {
      return await monaco.typescript.getTypeScriptWorker();
    } catch (error) {
      if (tried === TRIES) throw error instanceof Error ? error : new Error(String(error));
      await new Promise<void>((go) => systemClock.after(PAUSE, go));
    }
  }
}

const MOST_FILES = 300;
const LARGEST_FILE = 500_000;

/** Lets the editor's compiler know the workspace's TypeScript that is not open, so that imports of it are understood. */
export class TypeScriptSources implements Disposable {
  private readonly held = new DisposableStore();
  private readonly known = new Map<string, Disposable>();
  private isStarted = false;

  constructor(private readonly files: WorkspaceFiles) {
    const all = this.held.add(new Debouncer(systemClock, () => void this.readAll(), 500, 2000));
    this.held.add(
      files.onChange((event) => {
        if (!this.isStarted) return;
        if (event.kind === 'write') {
          if (isScript(event.path)) void this.read(event.path);
          return;
        }
        for (const path of this.known.keys()) if (path === event.path || isBelow(path, event.path)) this.forget(path);
        if (event.kind === 'move') all.trigger();
      }),
    );
  }

  /** When the first TypeScript is opened. */
  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    void this.readAll();
  }

  dispose(): void {
    this.held.dispose();
    for (const path of [...this.known.keys()]) this.forget(path);
  }

  private async readAll(): Promise<void> {
    const paths = [...this.files.files()].filter(({ path, size }) => isScript(path) && size <= LARGEST_FILE).slice(0, MOST_FILES);
    await Promise.all(paths.map(({ path }) => this.read(path)));
  }

  private async read(path: string): Promise<void> {
    const text = await this.files.readText(path).catch(() => null);
    this.forget(path);
    if (text !== null && this.files.get(path) !== undefined) this.known.set(path, monaco.typescript.typescriptDefaults.addExtraLib(text, uriOf(path).toString()));
  }

  private forget(path: string): void {
    this.known.get(path)?.dispose();
    this.known.delete(path);
  }
}

function isScript(path: string): boolean {
  return /\.tsx?$/.test(path) && !path.includes('node_modules/');
}
