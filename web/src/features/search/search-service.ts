import { decodeText } from '@/base/bytes';
import { compareNames } from '@/base/paths';
import type { WorkspaceFiles } from '@/platform/files';

export interface SearchQuery {
  readonly text: string;
  readonly isCaseSensitive: boolean;
  readonly isWholeWord: boolean;
  readonly isRegex: boolean;
}

export interface SearchHit {
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  /** The line, cut around the hit. */
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

export interface SearchResult {
  readonly files: readonly { readonly path: string; readonly hits: readonly SearchHit[] }[];
  readonly hits: number;
  /** There are more than were kept. */
  readonly isCut: boolean;
  /** The expression cannot be read. */
  readonly problem: string | null;
}

const mostHits = 2000;
const largest = 2_000_000;
const around = 60;

export const noResult: SearchResult = { files: [], hits: 0, isCut: false, problem: null };

/** Finds a text in all text files of the working copy. */
export async function searchFiles(files: WorkspaceFiles, query: SearchQuery): Promise<SearchResult> {
  if (query.text === '') return noResult;
  let pattern: RegExp;
  try {
    pattern = patternOf(query);
  } catch (error) {
    return { ...noResult, problem: error instanceof Error ? error.message : String(error) };
  }
  const contents = await files.readAll();
  const found: { path: string; hits: SearchHit[] }[] = [];
  let total = 0;
  for (const path of [...contents.keys()].sort(compareNames)) {
    const bytes = contents.get(path);
    const text = bytes === undefined || bytes.length > largest ? null : decodeText(bytes);
    if (text === null) continue;
    const hits = hitsIn(text, pattern, mostHits - total);
    if (hits.length > 0) found.push({ path, hits });
    total += hits.length;
    if (total >= mostHits) break;
  }
  return { files: found, hits: total, isCut: total >= mostHits, problem: null };
}

export function patternOf({ text, isCaseSensitive, isWholeWord, isRegex }: SearchQuery): RegExp {
  const source = isRegex ? text : text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(isWholeWord ? `\\b(?:${source})\\b` : source, isCaseSensitive ? 'gu' : 'giu');
}

function hitsIn(text: string, pattern: RegExp, most: number): SearchHit[] {
  const hits: SearchHit[] = [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    for (const match of line.matchAll(pattern)) {
      if (match[0] === '') continue;
      const end = match.index + match[0].length;
      const start = Math.max(0, match.index - around);
      hits.push({
        line: index + 1,
        column: match.index + 1,
        endColumn: end + 1,
        before: `${start > 0 ? '…' : ''}${line.slice(start, match.index).trimStart()}`,
        match: match[0].slice(0, 200),
        after: line.slice(end, end + around * 2),
      });
      if (hits.length >= most) return hits;
    }
  }
  return hits;
}
