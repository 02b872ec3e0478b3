// Boots Pyodide from the snapshot that fits the workspace's packages, and says which of them are inside already.
import type { Wheel } from '@/protocol';
import { bootPyodide, type BootedRuntime } from './boot';
import { chooseSnapshot, parseSnapshotIndex, type IncludedPackage, type SnapshotManifest } from './snapshot-format';

export interface BootChoice {
  /** Absolute, with a slash at its end. */
  readonly runtimeUrl: string;
  readonly wheels: readonly Wheel[];
  readonly snapshot: 'auto' | 'off';
  readonly environment: Readonly<Record<string, string>>;
  readonly onProgress: (done: number, total: number) => void;
  readonly onFatal: (error: unknown) => void;
}

export interface ChosenBoot {
  readonly runtime: BootedRuntime;
  readonly snapshot: string | null;
  /** Why there is no snapshot. */
  readonly reason: string | null;
}

/** The folder of the snapshots, below the runtime's. */
function snapshotsUrl(runtimeUrl: string): string {
  return new URL('snapshots/', runtimeUrl).href;
}

/** Finds the snapshot; `undefined` with a reason when the session starts plainly. */
export async function findSnapshot(choice: Pick<BootChoice, 'runtimeUrl' | 'wheels' | 'snapshot'>): Promise<{ manifest?: SnapshotManifest; reason: string | null }> {
  if (choice.snapshot === 'off') {
    return { reason: 'asked to start without one' };
  }
  try {
    // The index keeps its name when the snapshots change; their files do not.
    const response = await fetch(new URL('snapshots.json', snapshotsUrl(choice.runtimeUrl)), { cache: 'no-cache' });
    if (!response.ok) {
      return { reason: `no snapshots: the server answered ${response.status}` };
    }
    const wanted = new Map(choice.wheels.map(({ name, version }) => [normalise(name), version] as const));
    const manifest = chooseSnapshot(parseSnapshotIndex(await response.json()), wanted);
    return manifest === undefined ? { reason: 'no snapshot has the versions of the packages' } : { manifest, reason: null };
  } catch (failure) {
    return { reason: `no snapshots: ${failure instanceof Error ? failure.message : String(failure)}` };
  }
}

export async function bootChosen(choice: BootChoice, found: Awaited<ReturnType<typeof findSnapshot>>): Promise<ChosenBoot> {
  const { manifest } = found;
  const runtime = await bootPyodide({
    runtimeUrl: choice.runtimeUrl,
    environment: choice.environment,
    onProgress: choice.onProgress,
    onFatal: choice.onFatal,
    ...(manifest === undefined ? {} : { snapshot: { manifest, baseUrl: snapshotsUrl(choice.runtimeUrl) } }),
  });
  return {
    runtime,
    snapshot: runtime.boot === 'snapshot' ? (manifest?.name ?? null) : null,
    reason: runtime.reason ?? found.reason,
  };
}

/** The wheels that the snapshot does not bring. */
export function wheelsBeside(wheels: readonly Wheel[], included: readonly IncludedPackage[]): readonly Wheel[] {
  const there = new Set(included.map(({ name, version }) => `${normalise(name)} ${version}`));
  return wheels.filter(({ name, version }) => !there.has(`${normalise(name)} ${version}`));
}

function normalise(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}
