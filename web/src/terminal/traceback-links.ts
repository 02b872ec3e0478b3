/** A place of a workspace file that a text names; `start` and `end` are where the words stand. */
export interface PlaceLink {
  readonly path: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

const patterns = [
  // Python: File "main.py", line 3
  /File "(?<path>[^"]+)", line (?<line>\d+)/g,
  // linters and compilers: main.py:3 or main.py:3:5
  /(?<![\w./-])(?<path>[\w./-]+\.\w{1,5}):(?<line>\d+)/g,
];

/** Finds places in a line of output. `resolve` turns a name into a path of the workspace, or null. */
export function findPlaces(text: string, resolve: (name: string) => string | null): PlaceLink[] {
  const found: PlaceLink[] = [];
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const path = resolve(match.groups?.['path'] ?? '');
      const line = Number(match.groups?.['line']);
      const end = match.index + match[0].length;
      if (path === null || found.some((other) => match.index < other.end && end > other.start)) continue;
      found.push({ path, line, start: match.index, end });
    }
  }
  return found;
}

/** What a program calls a file: relative, or absolute below one of the places where the engine mounts the workspace. */
export function workspacePathOf(name: string, isFile: (path: string) => boolean): string | null {
  const candidates = [name.replace(/^\.\//, ''), ...['/workspace/', '/home/pyodide/', '/home/web_user/', '/work/'].map((root) => (name.startsWith(root) ? name.slice(root.length) : ''))];
  return candidates.find((path) => path !== '' && isFile(path)) ?? null;
}
