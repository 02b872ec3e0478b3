import type { ComponentType } from 'react';
import type { DisposableStore } from '@/base/disposable';
import type { ServiceRegistry } from '@/base/services';
import { token } from '@/base/services';
import type { ReadableStore } from '@/base/store';
import type { CommandService } from '@/platform/commands/commands';
import type { KeybindingService } from '@/platform/keybindings/keybindings';
import type { components } from '@/protocol';

export type Workspace = components['schemas']['Workspace'];

/** A view of the side bar or of the panel below the editors. */
export interface View {
  readonly id: string;
  readonly title: string;
  readonly place: 'side' | 'panel';
  readonly icon: ComponentType<{ size?: number | string }>;
  readonly order: number;
  readonly component: ComponentType;
  /** A number at the view's name; 0 shows none. */
  readonly badge?: ReadableStore<number>;
}

/** What a feature gets to register itself with. */
export interface FeatureContext {
  readonly workspace: Workspace;
  readonly services: ServiceRegistry;
  readonly commands: CommandService;
  readonly keybindings: KeybindingService;
  readonly held: DisposableStore;
  addView(view: View): void;
  /** Something that is always on the page and shows itself when needed: dialogs, watchers. */
  addOverlay(component: ComponentType): void;
  setFileComponent(component: ComponentType<FilePanelProps>): void;
  addStatus(item: StatusItem): void;
}

/** What a tab's content is told. */
export interface FilePanelProps {
  readonly path: string;
  readonly groupId: string;
  readonly isVisible: boolean;
}

export interface StatusItem {
  readonly id: string;
  readonly side: 'left' | 'right';
  readonly order: number;
  readonly component: ComponentType;
}

/** A feature: it adds commands, views and the rest when the workspace opens. */
export interface Contribution {
  readonly id: string;
  activate(context: FeatureContext): void;
}

/** The workspace that is open. */
export const OpenWorkspace = token<Workspace>('workspace');
