/** Paths are relative to the workspace's root, with `/` between names and none at either end; the root is ''. */

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The ending with its dot in lower case; '' for none and for names that only begin with a dot. */
export function endingOf(path: string): string {
  const name = nameOf(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot).toLowerCase();
}

export function isBelow(path: string, folder: string): boolean {
  return folder === '' ? path !== '' : path.startsWith(`${folder}/`);
}

/** Where `path` is after `from` was moved to `to`; null if the move does not touch it. */
export function movedPath(path: string, from: string, to: string): string | null {
  if (path === from) return to;
  return isBelow(path, from) ? to + path.slice(from.length) : null;
}

export function ancestorsOf(path: string): string[] {
  const result: string[] = [];
  for (let at = parentOf(path); at !== ''; at = parentOf(at)) result.unshift(at);
  return result;
}

const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Why a name for a file or folder is refused, in words; null if it is good. The server checks again. */
export function nameProblem(name: string): string | null {
  if (name === '') return 'Give it a name.';
  if (name === '.' || name === '..') return 'This name has a special meaning.';
  // eslint-disable-next-line no-control-regex -- control characters are just what must not be in a name
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'Control characters cannot be in a name.';
  if (/[\\/:*?"<>|]/.test(name)) return 'These characters cannot be in a name: \\ / : * ? " < > |';
  if (/[ .]$/.test(name) || name.startsWith(' ')) return 'A name cannot begin with a space, or end with a space or a dot.';
  if (reserved.test(name)) return 'Windows reserves this name.';
  if (new TextEncoder().encode(name).length > 255) return 'This name is too long.';
  return null;
}

/** As `nameProblem` for each part of a path. */
export function pathProblem(path: string): string | null {
  if (path.length > 1024) return 'This path is too long.';
  for (const name of path.split('/')) {
    const problem = nameProblem(name);
    if (problem !== null) return problem;
  }
  return null;
}

/** `name (conflict 2026-11-21 09.30.05).ext` beside the file. */
export function conflictPath(path: string, at: Date): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  const time = `${pad(at.getHours())}.${pad(at.getMinutes())}.${pad(at.getSeconds())}`;
  return suffixed(path, ` (conflict ${day} ${time})`);
}

/** The first of `path`, `path 2`, `path 3` … that is free. */
export function freePath(path: string, isTaken: (path: string) => boolean): string {
  if (!isTaken(path)) return path;
  for (let number = 2; ; number++) {
    const candidate = suffixed(path, ` ${number}`);
    if (!isTaken(candidate)) return candidate;
  }
}

function suffixed(path: string, suffix: string): string {
  const name = nameOf(path);
  const dot = name.lastIndexOf('.');
  const at = dot <= 0 ? name.length : dot;
  return joinPath(parentOf(path), name.slice(0, at) + suffix + name.slice(at));
}

/** Folders first, then by name as people count: `a2` before `a10`. */
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
