/** A match of a query in a text; `positions` are the matched characters. Higher scores are better. */
export interface FuzzyMatch {
  readonly score: number;
  readonly positions: readonly number[];
}

const isBoundary = (text: string, at: number): boolean => {
  if (at === 0) return true;
  const before = text[at - 1] ?? '';
  const here = text[at] ?? '';
  return /[\s/\\._\-:]/.test(before) || (/[a-z\d]/.test(before) && /[A-Z]/.test(here));
};

/**
 * Matches the query's characters in order, spaces ignored. Runs of neighbours, beginnings of words and hits in the
 * last part of a path count more; the best alignment is found by dynamic programming (texts up to 400 characters).
 */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | null {
  const needle = query.replace(/\s+/g, '').toLowerCase();
  if (needle === '') return { score: 0, positions: [] };
  if (text.length > 400 || needle.length > text.length) return null;
  const hay = text.toLowerCase();
  if (!isSubsequence(needle, hay)) return null;
  return align(needle, hay, text);
}

function isSubsequence(needle: string, hay: string): boolean {
  let at = 0;
  for (const character of hay) if (character === needle[at] && ++at === needle.length) return true;
  return false;
}

function align(needle: string, hay: string, text: string): FuzzyMatch | null {
  const rows = needle.length;
  const columns = hay.length;
  const lastName = hay.lastIndexOf('/') + 1;
  const none = Number.NEGATIVE_INFINITY;
  // ending[i][j]: best score with needle[i] at hay[j]; from[i][j]: where needle[i - 1] stood then
  const ending: number[][] = [];
  const from: number[][] = [];
  for (let i = 0; i < rows; i++) {
    const scores = new Array<number>(columns).fill(none);
    const origins = new Array<number>(columns).fill(-1);
    const above = ending[i - 1];
    let best = none;
    let bestAt = -1;
    for (let j = i; j < columns; j++) {
      if (above !== undefined && j > 0) {
        const candidate = above[j - 1] ?? none;
        if (candidate - 0.01 * (columns - j) > best) {
          best = candidate - 0.01 * (columns - j);
          bestAt = j - 1;
        }
      }
      if (hay[j] !== needle[i]) continue;
      const own = 1 + (isBoundary(text, j) ? 6 : 0) + (j >= lastName ? 2 : 0) + (j === lastName ? 3 : 0);
      if (above === undefined) {
        scores[j] = own;
        continue;
      }
      const neighbour = (above[j - 1] ?? none) + 8;
      const apart = bestAt >= 0 ? (above[bestAt] ?? none) - Math.min(3, (j - bestAt - 1) * 0.2) : none;
      scores[j] = own + Math.max(neighbour, apart);
      origins[j] = neighbour >= apart ? j - 1 : bestAt;
    }
    ending.push(scores);
    from.push(origins);
  }
  const last = ending[rows - 1] ?? [];
  let end = -1;
  last.forEach((score, j) => {
    if (score !== none && (end < 0 || score > (last[end] ?? none))) end = j;
  });
  if (end < 0) return null;
  const positions: number[] = [];
  for (let i = rows - 1, j = end; i >= 0; i--) {
    positions.unshift(j);
    j = from[i]?.[j] ?? -1;
  }
  return { score: (last[end] ?? 0) - columns * 0.02, positions };
}

/** The best matches of `query` among `items`, best first; with an empty query the first ones as they are. */
export function fuzzyRank<T>(query: string, items: Iterable<T>, textOf: (item: T) => string, most = 100): { item: T; match: FuzzyMatch }[] {
  const found: { item: T; match: FuzzyMatch }[] = [];
  for (const item of items) {
    const match = fuzzyMatch(query, textOf(item));
    if (match !== null) found.push({ item, match });
    if (query.trim() === '' && found.length >= most) break;
  }
  if (query.trim() !== '') found.sort((a, b) => b.match.score - a.match.score);
  return found.slice(0, most);
}
