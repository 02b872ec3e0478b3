import { formatSize } from '@/base/bytes';
import { importedNames, isStandardModule } from '@/base/python-imports';
import type { EngineService } from '@/platform/engine';
import type { WorkspaceFiles } from '@/platform/files';
import { normalName, PackageRefusal, type PackageService } from '@/platform/packages/package-service';
import type { ImportInstaller } from '@/platform/run-status';
import type { SettingsService } from '@/platform/settings/settings';

/** Makes `import NAME` just work: installs the packages of known names that the workspace does not have yet. */
export class PackageImportInstaller implements ImportInstaller {
  /** Names that were asked about, with what the server said. */
  private readonly known = new Map<string, string | null>();

  constructor(
    private readonly files: WorkspaceFiles,
    private readonly packages: PackageService,
    private readonly engine: EngineService,
    private readonly settings: SettingsService,
  ) {}

  async prepare(sources: readonly string[], note: (text: string) => void): Promise<boolean> {
    if (!this.settings.store.getState().installMissing) return true;
    const names = await this.foreignNames(sources);
    const state = await this.packages.load();
    if (state.failure !== null) return true;
    const installed = new Set(state.wheels.map((wheel) => normalName(wheel.name)));
    const missing = [...new Set([...(await this.providersOf(names)).values()])].filter((name) => !installed.has(normalName(name)));
    if (missing.length === 0) return true;
    note(`Installing ${missing.join(', ')} …`);
    try {
      const wheels = await this.packages.change(missing, []);
      await this.engine.install(wheels);
      note(`Installed ${wheels.map((wheel) => `${wheel.name} ${wheel.version}`).join(', ')} (${formatSize(wheels.reduce((sum, wheel) => sum + wheel.size, 0))})`);
    } catch (error) {
      const reasons = error instanceof PackageRefusal ? error.reasons.map((reason) => `${reason.message} ${reason.help ?? ''}`.trim()) : [];
      note(`Not installed: ${error instanceof Error ? error.message : String(error)}`);
      for (const reason of reasons) note(reason);
    }
    return true;
  }

  /** Imported names that are neither Python's own nor files of the workspace, also through the workspace's own modules. */
  private async foreignNames(sources: readonly string[]): Promise<string[]> {
    const foreign = new Set<string>();
    const seen = new Set<string>();
    const queue = [...sources];
    for (let source = queue.pop(); source !== undefined; source = queue.pop()) {
      for (const name of importedNames(source)) {
        if (seen.has(name) || isStandardModule(name)) continue;
        seen.add(name);
        const own = [`${name}.py`, `${name}/__init__.py`].find((path) => this.files.get(path)?.kind === 'file');
        if (own !== undefined) queue.push((await this.files.readText(own).catch(() => null)) ?? '');
        else if (this.files.get(name)?.kind !== 'folder') foreign.add(name);
      }
    }
    return [...foreign];
  }

  private async providersOf(names: readonly string[]): Promise<Map<string, string>> {
    const unknown = names.filter((name) => !this.known.has(name));
    if (unknown.length > 0) {
      const answer = await this.packages.forImports(unknown).catch((): Record<string, string> => ({}));
      for (const name of unknown) this.known.set(name, answer[name] ?? null);
    }
    const result = new Map<string, string>();
    for (const name of names) {
      const provider = this.known.get(name);
      if (provider != null) result.set(name, provider);
    }
    return result;
  }
}
