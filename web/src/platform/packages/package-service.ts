import { token } from '@/base/services';
import { ValueStore, type ReadableStore } from '@/base/store';
import { api, data } from '@/platform/api';
import type { components, Wheel } from '@/protocol';
import { changePackages, PackageRefusal, type PackageProgress, type Unresolvable } from './package-change';

export { PackageRefusal, type PackageProgress, type Unresolvable };

export type PackageFound = components['schemas']['PackageFound'];

/** The packages of the workspace; `loading` until they are known for the first time. */
export interface PackagesState {
  readonly loading: boolean;
  readonly requirements: readonly string[];
  readonly wheels: readonly Wheel[];
  /** Why they are not known. */
  readonly failure: string | null;
}

/** What the workspace's Python can import besides its own files. */
export interface PackageService {
  readonly state: ReadableStore<PackagesState>;
  load(): Promise<PackagesState>;
  /** Changes the requirements and the lock; gives the wheels that are new. */
  change(install: readonly string[], remove: readonly string[], onProgress?: (progress: PackageProgress) => void): Promise<readonly Wheel[]>;
  search(query: string): Promise<readonly PackageFound[]>;
  /** The packages that provide these import names, as far as the server knows. */
  forImports(imports: readonly string[]): Promise<Readonly<Record<string, string>>>;
}

export const PackageService = token<PackageService>('packages');

/** The name of a distribution as indexes compare it. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** The name in a requirement as `numpy>=2`. */
export function requirementName(requirement: string): string {
  return normalName(/^[A-Za-z0-9._-]+/.exec(requirement.trim())?.[0] ?? requirement);
}

export class HttpPackageService implements PackageService {
  readonly state = new ValueStore<PackagesState>({ loading: true, requirements: [], wheels: [], failure: null });
  private loaded: Promise<PackagesState> | null = null;
  private readonly path: { readonly id: string };

  constructor(workspaceId: string) {
    this.path = { id: workspaceId };
  }

  load(): Promise<PackagesState> {
    this.loaded ??= this.fetch();
    return this.loaded;
  }

  async change(install: readonly string[], remove: readonly string[], onProgress: (progress: PackageProgress) => void = () => undefined): Promise<readonly Wheel[]> {
    const before = new Set(this.state.getState().wheels.map((wheel) => wheel.sha256));
    const packages = await changePackages(this.path.id, { install: [...install], remove: [...remove], upgrade: false }, onProgress);
    this.take(packages);
    return packages.lock.wheels.filter((wheel) => !before.has(wheel.sha256));
  }

  async search(query: string): Promise<readonly PackageFound[]> {
    return (await data(api.GET('/api/packages/search', { params: { query: { q: query } } }))).packages;
  }

  async forImports(imports: readonly string[]): Promise<Readonly<Record<string, string>>> {
    if (imports.length === 0) return {};
    return (await data(api.POST('/api/workspaces/{id}/packages/imports', { params: { path: this.path }, body: { imports: [...imports] } }))).packages;
  }

  private async fetch(): Promise<PackagesState> {
    try {
      this.take(await data(api.GET('/api/workspaces/{id}/packages', { params: { path: this.path } })));
    } catch (error) {
      this.loaded = null;
      this.state.set({ ...this.state.getState(), loading: false, failure: error instanceof Error ? error.message : String(error) });
    }
    return this.state.getState();
  }

  private take(packages: components['schemas']['WorkspacePackages']): void {
    this.state.set({ loading: false, requirements: packages.requirements, wheels: packages.lock.wheels, failure: null });
  }
}
