import { ValueStore } from '@/base/store';
import { api, ApiProblem, data, explain } from '@/platform/api';
import type { WorkspaceFiles } from '@/platform/files';
import type { components } from '@/protocol';

type Schemas = components['schemas'];
export type Kind = Schemas['AppKind'];

export interface PublishState {
  readonly name: string;
  readonly nameError: string | null;
  readonly kind: Kind;
  readonly entry: string;
  readonly detected: Schemas['Detected'] | null;
  readonly failure: string | null;
  readonly isBusy: boolean;
  /** The app of this name, once it is known. */
  readonly app: Schemas['AppAnswer'] | null;
  readonly isPublished: boolean;
  /** The revision that was just made live again. */
  readonly rolledBackTo: number | null;
}

/** A name for the app out of the workspace's name. */
export function suggestName(workspaceName: string): string {
  const name = workspaceName
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'app' : name;
}

/** What is wrong with a name, in words; null if it is good. */
export function appNameProblem(name: string): string | null {
  if (name === '') return 'The app needs a name: it becomes a part of its address.';
  if (name.length > 40) return 'At most 40 characters.';
  if (!/^[a-z0-9-]*$/.test(name)) return 'Small letters a-z, digits and hyphens only.';
  if (!/^[a-z0-9].*[a-z0-9]$|^[a-z0-9]$/.test(name)) return 'It begins and ends with a letter or a digit.';
  return null;
}

export function entryProblem(kind: Kind, entry: string): string | null {
  if (kind === 'static') return null;
  return /^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$/.test(entry) ? null : 'MODULE:OBJECT, for example app:app for the object app in app.py.';
}

/** Publishing the open workspace. */
export class PublishModel {
  readonly state: ValueStore<PublishState>;

  constructor(
    private readonly workspace: Schemas['Workspace'],
    private readonly files: WorkspaceFiles,
    /** Brings what is made of a folder's sources up to date before it is published. */
    private readonly prepare: (folder: string) => Promise<void> = () => Promise.resolve(),
  ) {
    this.state = new ValueStore<PublishState>({
      name: suggestName(workspace.name),
      nameError: null,
      kind: 'static',
      entry: '',
      detected: null,
      failure: null,
      isBusy: false,
      app: null,
      isPublished: false,
      rolledBackTo: null,
    });
  }

  /** Saves, asks what the workspace looks like, and finds the app that this workspace made before. */
  async open(): Promise<void> {
    this.change({ failure: null, isPublished: false, rolledBackTo: null, detected: null });
    try {
      await this.files.save();
      const detected = await data(api.POST('/api/apps/detect', { body: { workspace: this.workspace.id } }));
      this.change({ detected, ...(detected.kind === undefined ? {} : { kind: detected.kind }), entry: detected.entry ?? '' });
      await this.findOwnApp();
    } catch (error) {
      this.change({ failure: explain(error) });
    }
  }

  setName(name: string): void {
    this.change({ name, nameError: appNameProblem(name), isPublished: false, app: this.state.getState().app?.app.name === name ? this.state.getState().app : null });
  }

  setKind(kind: Kind): void {
    const { detected } = this.state.getState();
    this.change({ kind, entry: kind === detected?.kind ? (detected.entry ?? '') : kind === 'static' ? '' : 'app:app' });
  }

  setEntry(entry: string): void {
    this.change({ entry });
  }

  async publish(): Promise<void> {
    const { name, kind, entry } = this.state.getState();
    this.change({ isBusy: true, failure: null, rolledBackTo: null });
    try {
      if (kind === 'static') await this.prepare(entry);
      await this.files.save();
      const body: Schemas['Publish'] = { name, workspace: this.workspace.id, revision: this.files.revision, placement: 'browser', kind, ...(entry === '' ? {} : { entry }) };
      const app = await data(api.POST('/api/apps', { body }));
      this.change({ app, isPublished: true });
    } catch (error) {
      if (error instanceof ApiProblem && error.field('name') !== undefined) this.change({ nameError: error.field('name') ?? null });
      else this.change({ failure: explain(error) });
    } finally {
      this.change({ isBusy: false });
    }
  }

  async rollBack(deployment: string): Promise<void> {
    const { name } = this.state.getState();
    this.change({ isBusy: true, failure: null });
    try {
      const app = await data(api.POST('/api/apps/{name}/rollback', { params: { path: { name } }, body: { deployment } }));
      this.change({ app, isPublished: false, rolledBackTo: app.app.deployment.revision });
    } catch (error) {
      this.change({ failure: explain(error) });
    } finally {
      this.change({ isBusy: false });
    }
  }

  private async findOwnApp(): Promise<void> {
    const { apps } = await data(api.GET('/api/apps', {}));
    const own = apps.find((app) => app.deployment.workspace === this.workspace.id);
    if (own === undefined) return;
    const app = await data(api.GET('/api/apps/{name}', { params: { path: { name: own.name } } }));
    this.change({ name: own.name, nameError: null, app });
  }

  private change(part: Partial<PublishState>): void {
    this.state.update((state) => ({ ...state, ...part }));
  }
}
