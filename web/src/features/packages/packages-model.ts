import { formatSize } from '@/base/bytes';
import { ValueStore } from '@/base/store';
import type { EngineService } from '@/platform/engine';
import { tell } from '@/platform/notifications';
import { progressWords } from '@/platform/packages/package-change';
import { PackageRefusal, requirementName, type PackageFound, type PackageService, type Unresolvable } from '@/platform/packages/package-service';

export interface PackageWork {
  /** What is being installed or removed now. */
  readonly busy: ReadonlySet<string>;
  /** How far it is, in words. */
  readonly progress: string | null;
  readonly failure: { readonly text: string; readonly reasons: Unresolvable['reasons'] } | null;
}

export interface SearchState {
  readonly text: string;
  readonly isSearching: boolean;
  readonly found: readonly PackageFound[] | null;
  readonly failure: string | null;
}

/** Installing, removing and searching packages. */
export class PackagesModel {
  readonly work = new ValueStore<PackageWork>({ busy: new Set(), progress: null, failure: null });
  readonly search = new ValueStore<SearchState>({ text: '', isSearching: false, found: null, failure: null });
  private searchNumber = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    readonly packages: PackageService,
    private readonly engine: EngineService,
  ) {}

  install(requirements: readonly string[]): Promise<boolean> {
    return this.doing(requirements, async () => {
      const wheels = await this.packages.change(requirements, [], (progress) => this.work.update((work) => ({ ...work, progress: progressWords(progress) })));
      await this.engine.install(wheels);
      const size = wheels.reduce((sum, wheel) => sum + wheel.size, 0);
      tell(wheels.length === 0 ? `${requirements.join(', ')}: nothing new to install` : `Installed ${wheels.map((wheel) => wheel.name).join(', ')} (${formatSize(size)})`);
    });
  }

  remove(requirement: string): Promise<boolean> {
    const name = requirementName(requirement);
    return this.doing([requirement], async () => {
      await this.packages.change([], [name]);
      tell(`Removed ${name}. Python forgets it at its next start.`, { label: 'Undo', run: () => void this.install([requirement]) });
    });
  }

  setSearch(text: string): void {
    this.search.update((search) => ({ ...search, text, isSearching: text.trim() !== '', ...(text.trim() === '' ? { found: null, failure: null } : {}) }));
    if (this.timer !== null) clearTimeout(this.timer);
    if (text.trim() !== '') this.timer = setTimeout(() => void this.searchNow(text.trim()), 300);
  }

  dismissFailure(): void {
    this.work.update((work) => ({ ...work, failure: null }));
  }

  private async searchNow(text: string): Promise<void> {
    const number = ++this.searchNumber;
    try {
      const found = await this.packages.search(text);
      if (number === this.searchNumber) this.search.update((search) => ({ ...search, isSearching: false, found, failure: null }));
    } catch (error) {
      if (number === this.searchNumber) this.search.update((search) => ({ ...search, isSearching: false, found: [], failure: error instanceof Error ? error.message : String(error) }));
    }
  }

  private async doing(names: readonly string[], work: () => Promise<void>): Promise<boolean> {
    this.work.update(({ busy }) => ({ busy: new Set([...busy, ...names]), progress: null, failure: null }));
    try {
      await work();
      return true;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.work.update((current) => ({ ...current, failure: { text, reasons: error instanceof PackageRefusal ? error.reasons : [] } }));
      return false;
    } finally {
      this.work.update((current) => ({ ...current, progress: null, busy: new Set([...current.busy].filter((name) => !names.includes(name))) }));
    }
  }
}
