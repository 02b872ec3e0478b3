import type { DockviewApi } from 'dockview-react';
import type { ComponentType } from 'react';
import { DisposableStore, type Disposable } from '@/base/disposable';
import { ServiceRegistry } from '@/base/services';
import { ValueStore } from '@/base/store';
import { CommandRegistry, CommandService } from '@/platform/commands/commands';
import { EditorTabs, type TextEditors } from '@/platform/editors';
import { EngineService, type EngineSession } from '@/platform/engine';
import { WorkspaceFiles, type WorkspaceClient } from '@/platform/files';
import { KeybindingService, WindowKeybindings } from '@/platform/keybindings/keybindings';
import { tellFailure } from '@/platform/notifications';
import { PackageService } from '@/platform/packages/package-service';
import { ProblemCollection, ProblemService } from '@/platform/problems';
import { SettingsService } from '@/platform/settings/settings';
import { OpenWorkspace, type Contribution, type FilePanelProps, type StatusItem, type View, type Workspace } from './contribution';
import { DockTabs } from './editor-tabs';
import { LayoutStore, LayoutStoreToken, readLayout } from './layout-store';
import { StateKeeperToken, type StateKeeper } from './state-keeper';

export interface SessionParts {
  readonly workspace: Workspace;
  readonly files: WorkspaceClient;
  readonly engine: EngineSession;
  readonly packages: PackageService;
  readonly settings: SettingsService;
  readonly state: StateKeeper;
  readonly editors: TextEditors;
  /** What the parts own besides. */
  readonly held: DisposableStore;
}

/** Everything that lives as long as a workspace is open in this tab. */
export class WorkspaceSession implements Disposable {
  readonly workspace: Workspace;
  readonly services = new ServiceRegistry();
  readonly files: WorkspaceClient;
  readonly tabs: DockTabs;
  readonly layout: LayoutStore;
  readonly views = new ValueStore<readonly View[]>([]);
  readonly overlays: ComponentType[] = [];
  readonly status: StatusItem[] = [];
  fileComponent: ComponentType<FilePanelProps> | null = null;
  private readonly held = new DisposableStore();
  private readonly state: StateKeeper;

  constructor(parts: SessionParts) {
    const { services, held } = this;
    this.workspace = parts.workspace;
    this.files = held.add(parts.files);
    held.add(parts.engine);
    held.add(parts.held);
    this.state = held.add(parts.state);
    const commands = new CommandRegistry((command, error) => tellFailure(`${command.title ?? command.id} failed`, error));
    this.tabs = held.add(new DockTabs(parts.files, parts.editors));
    this.layout = new LayoutStore(readLayout(parts.state.get('layout')));
    services.set(OpenWorkspace, parts.workspace);
    services.set(WorkspaceFiles, parts.files);
    services.set(EngineService, parts.engine);
    services.set(PackageService, parts.packages);
    services.set(SettingsService, parts.settings);
    services.set(EditorTabs, this.tabs);
    services.set(ProblemService, new ProblemCollection());
    services.set(LayoutStoreToken, this.layout);
    services.set(StateKeeperToken, parts.state);
    services.set(CommandService, commands);
    services.set(KeybindingService, held.add(new WindowKeybindings(commands)));
    this.keepState();
    this.keepSaving(parts.settings);
  }

  activate(contributions: readonly Contribution[]): void {
    const { services, held } = this;
    for (const contribution of contributions) {
      contribution.activate({
        workspace: this.workspace,
        services,
        commands: services.get(CommandService),
        keybindings: services.get(KeybindingService),
        held,
        addView: (view) => this.views.update((views) => [...views, view].sort((a, b) => a.order - b.order)),
        addOverlay: (component) => this.overlays.push(component),
        setFileComponent: (component) => {
          this.fileComponent = component;
        },
        addStatus: (item) => this.status.push(item),
      });
    }
    this.status.sort((a, b) => a.order - b.order);
  }

  dockReady(api: DockviewApi): void {
    this.tabs.attach(api, this.state.get('dock'), firstFile(this.files));
  }

  dispose(): void {
    this.held.dispose();
  }

  private keepState(): void {
    this.state.keep('layout', () => this.layout.getState());
    this.state.keep('dock', () => this.tabs.serialize());
    this.held.addCallback(this.layout.subscribe(() => this.state.changed()));
    this.held.add(this.tabs.onLayoutChanged(() => this.state.changed()));
  }

  private keepSaving(settings: SettingsService): void {
    const apply = () => {
      const { saveIdleSeconds, saveAtMostSeconds } = settings.store.getState();
      this.files.configureSaving(saveIdleSeconds * 1000, saveAtMostSeconds * 1000);
    };
    apply();
    this.held.addCallback(settings.store.subscribe(apply));
    const leave = (event: BeforeUnloadEvent) => {
      if (this.files.wouldLose) event.preventDefault();
    };
    window.addEventListener('beforeunload', leave);
    this.held.addCallback(() => window.removeEventListener('beforeunload', leave));
    const hide = () => {
      if (document.visibilityState === 'hidden') this.files.save().catch(() => undefined);
    };
    document.addEventListener('visibilitychange', hide);
    this.held.addCallback(() => document.removeEventListener('visibilitychange', hide));
  }
}

const firstNames = ['main.py', 'app.py', 'plot.py', 'index.html', 'README.md'];

/** What to show when a workspace is opened for the first time. */
export function firstFile(files: Pick<WorkspaceClient, 'get' | 'childrenOf'>): string | null {
  const known = firstNames.find((name) => files.get(name)?.kind === 'file');
  if (known !== undefined) return known;
  const top = files.childrenOf('').filter((node) => node.kind === 'file');
  return (top.find((node) => node.path.endsWith('.py')) ?? top[0])?.path ?? null;
}
