import type { Disposable } from '@/base/disposable';
import { DisposableStore } from '@/base/disposable';
import { ValueStore } from '@/base/store';
import { api, data, explain } from '@/platform/api';
import { BridgeFrame, EngineRefusal, type EngineService } from '@/platform/engine';
import type { WorkspaceFiles } from '@/platform/files';
import type { ImportInstaller } from '@/platform/run-status';
import type { TerminalService } from '@/platform/terminals';
import type { ServeTarget } from '@/protocol';
import { PreviewLog } from './preview-console';

export type PreviewState =
  | { readonly state: 'off' }
  | { readonly state: 'starting' }
  /** `load` counts up when the page is to be loaded again. */
  | { readonly state: 'up'; readonly url: string; readonly target: ServeTarget; readonly load: number }
  | { readonly state: 'failed'; readonly message: string };

export interface PreviewParts {
  readonly workspaceId: string;
  readonly files: WorkspaceFiles;
  readonly engine: EngineService;
  readonly installer: ImportInstaller;
  readonly terminals: TerminalService;
}

const port = 8000;

/** The workspace's web app, running in this tab's engine at an origin of its own. */
export class PreviewService implements Disposable {
  readonly state = new ValueStore<PreviewState>({ state: 'off' });
  readonly log = new PreviewLog();
  private readonly held = new DisposableStore();
  private bridge: BridgeFrame | null = null;
  private load = 0;

  constructor(private readonly parts: PreviewParts) {
    this.held.addCallback(
      parts.engine.state.subscribe(() => {
        const { state } = parts.engine.state.getState();
        if (state === 'booting') this.bridge?.say('coming');
        if (state === 'stopped' || state === 'failed' || state === 'blocked') this.bridge?.say('gone');
      }),
    );
    this.held.add(parts.engine.onOutput(({ stream, text }) => {
      // While a program runs, what is printed is the program's: requests to the app wait for its end.
      if (this.bridge !== null && parts.engine.state.getState().state !== 'running') this.log.takeOutput(stream, text);
    }));
    this.held.add(parts.engine.onRestart(() => {
      if (this.state.getState().state === 'up') void this.start();
    }));
  }

  /** Starts, or loads the app anew from the newest files. */
  async start(): Promise<void> {
    const before = this.state.getState();
    if (before.state === 'starting') return;
    if (before.state !== 'up') this.state.set({ state: 'starting' });
    try {
      const target = await this.target();
      await this.installImports(target);
      if (before.state === 'up') await this.parts.engine.unserve(port);
      await this.parts.engine.serve(port, target);
      const { origins } = await data(api.GET('/api/system'));
      const pattern = origins.preview;
      if (pattern === undefined) throw new Error('This server has no addresses for previews. Publish the app instead.');
      const url = pattern.replace('{id}', this.parts.workspaceId).replace('{port}', String(port));
      this.bridge ??= await BridgeFrame.open(url, (line) => void this.parts.engine.attach(port, line).catch(() => undefined));
      this.bridge.say('here');
      this.state.set({ state: 'up', url: `${url}/`, target, load: ++this.load });
    } catch (error) {
      const help = error instanceof EngineRefusal ? ` ${error.help}` : '';
      this.state.set({ state: 'failed', message: explain(error) + help });
    }
  }

  /** What a page of any origin said to this window; only those of the preview are heard. */
  hear({ origin, data }: Pick<MessageEvent<unknown>, 'origin' | 'data'>): void {
    const state = this.state.getState();
    if (state.state !== 'up' || origin !== new URL(state.url).origin) return;
    if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'preview-console') this.log.takeMessage(data);
  }

  async stop(): Promise<void> {
    this.bridge?.dispose();
    this.bridge = null;
    this.state.set({ state: 'off' });
    this.log.clear();
    await this.parts.engine.unserve(port).catch(() => undefined);
  }

  dispose(): void {
    this.held.dispose();
    this.bridge?.dispose();
  }

  /** What the server takes the workspace for; static files need no engine. */
  private async target(): Promise<ServeTarget> {
    await this.parts.files.save();
    const detected = await data(api.POST('/api/apps/detect', { body: { workspace: this.parts.workspaceId } }));
    if (detected.kind === undefined || detected.kind === 'static' || detected.entry === undefined) {
      throw new Error('No Flask, FastAPI or other Python web app was found here. A site of static files is shown by Publish.');
    }
    return { kind: detected.kind, entry: detected.entry };
  }

  private async installImports(target: ServeTarget): Promise<void> {
    const path = `${target.entry.split(':')[0]?.replaceAll('.', '/') ?? ''}.py`;
    const source = await this.parts.files.readText(path).catch(() => null);
    const terminal = this.parts.terminals.output(false);
    await this.parts.installer.prepare([source ?? ''], (text) => terminal.note(text));
  }
}
