import type { components } from '@/protocol';

type Place = Pick<components['schemas']['WorkerNode'], 'id' | 'name' | 'kind'>;

/** A place in words: a node by its name, unless it is gone. */
export function placeName(id: string, nodes: readonly Place[]): string {
  if (id === 'here') return 'this tab';
  if (id === 'local' || id === 'server') return 'the server';
  if (id === 'divided') return 'divided';
  // whoever fetches tasks by GET /task/next
  if (id.startsWith('person:')) return 'a program';
  return nodes.find((node) => node.id === id)?.name ?? `${id.slice(0, 6)}…`;
}

/** The place that had a task last, or several where it was divided; null if none had it. */
export function lastPlace({ lastOn }: Pick<components['schemas']['Task'], 'lastOn'>, nodes: readonly Place[]): string | null {
  if (lastOn === undefined) return null;
  const ids = [...new Set(lastOn.id.split(','))];
  const hasGone = ids.some((id) => /^[0-9a-z]{16}$/.test(id) && !nodes.some((node) => node.id === id));
  return hasGone && lastOn.name !== undefined ? lastOn.name : ids.map((id) => placeName(id, nodes)).join(', ');
}

/** Calls that run there; a place is given some more, so that it has the next one at hand. */
export function runningAt({ busy, slots }: { readonly busy: number; readonly slots: number }): number {
  return Math.min(busy, slots);
}

/** Where something ran: `in this tab`, `on rack-7`. */
export function ranWhere(id: string, nodes: readonly Place[]): string {
  const isTab = id === 'here' || nodes.find((node) => node.id === id)?.kind === 'tab';
  return `${isTab ? 'in' : 'on'} ${placeName(id, nodes)}`;
}

/** Milliseconds in a unit that reads well. */
export function formatMs(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return formatLong(ms);
}

/** Minutes and more, as «5 min», «3 h», «2 days». */
function formatLong(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(ms / 3_600_000);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** Inputs of one class of size: each class reaches to twice its least. */
export function sizeClass(least: number): string {
  if (least === 0) return 'none';
  if (least === 1) return '1 B';
  const [unit, word] = least < 1024 ? [1, 'B'] : least < 1024 ** 2 ? [1024, 'KiB'] : [1024 ** 2, 'MiB'];
  return `${least / unit}–${(2 * least) / unit} ${word}`;
}

/** What a waiting task waits for, if not for a place; null for one that is due. */
export function waitsFor({ state, where, readyAt, attempts }: Pick<components['schemas']['Task'], 'state' | 'where' | 'readyAt' | 'attempts'>, now: number): string | null {
  if (state !== 'waiting') return null;
  const left = Date.parse(readyAt) - now;
  if (left > 1000) return `${attempts > 0 ? 'again' : 'due'} in ${formatMs(left)}`;
  return where === 'pull' ? 'for a program to fetch it' : null;
}

/** The beginning of a digest, enough to tell versions apart. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

/** Whether the search words all occur. */
export function matches(worker: Pick<components['schemas']['Worker'], 'name' | 'description' | 'digest'>, search: string): boolean {
  const text = [worker.name, worker.description, worker.digest].join(' ').toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** Functions that only split and join calls of another one are called by the server. */
export function isForPeople({ partOf }: components['schemas']['WorkerFunction']): boolean {
  return partOf === undefined;
}

/** Why a worker never runs in a tab; null if it does. */
export function whyNotInTabs({ tabs, wants, settings }: Pick<components['schemas']['Worker'], 'tabs' | 'wants' | 'settings'>): string | null {
  if (tabs) return null;
  if (wants.paths.length > 0) return 'It wants folders, and tabs have none: it runs on the server and on nodes that were started with its file.';
  if (Object.values(settings.config ?? {}).some(({ secret }) => secret === true)) return 'It has a secret, which leaves the server for nobody: it runs on the server and on nodes that were started with its file.';
  return 'It asks hosts, and tabs have no network: it runs on the server and on nodes that allow these hosts.';
}
