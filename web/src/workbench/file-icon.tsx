import { Braces, Database, File, FileArchive, FileCode2, FileCog, FileImage, FileSpreadsheet, FileText, Folder, FolderOpen, type LucideIcon } from 'lucide-react';
import { siCss, siHtml5, siJavascript, siMarkdown, siPython, siTypescript } from 'simple-icons';
import { endingOf } from '@/base/paths';

const brands: Readonly<Record<string, { readonly path: string; readonly colour: string }>> = {
  '.py': { path: siPython.path, colour: 'text-accent' },
  '.pyi': { path: siPython.path, colour: 'text-muted' },
  '.js': { path: siJavascript.path, colour: 'text-warn' },
  '.mjs': { path: siJavascript.path, colour: 'text-warn' },
  '.ts': { path: siTypescript.path, colour: 'text-accent' },
  '.tsx': { path: siTypescript.path, colour: 'text-accent' },
  '.html': { path: siHtml5.path, colour: 'text-err' },
  '.css': { path: siCss.path, colour: 'text-accent' },
  '.md': { path: siMarkdown.path, colour: 'text-muted' },
};

const kinds: readonly (readonly [RegExp, LucideIcon])[] = [
  [/\.(png|jpe?g|gif|webp|bmp|ico|svg|avif)$/, FileImage],
  [/\.(csv|tsv|xlsx?|parquet)$/, FileSpreadsheet],
  [/\.(json|jsonl|ndjson)$/, Braces],
  [/\.(toml|ini|cfg|ya?ml|env|lock)$/, FileCog],
  [/\.(zip|gz|tar|whl|bz2|xz)$/, FileArchive],
  [/\.(db|sqlite3?)$/, Database],
  [/\.(txt|log|rst)$/, FileText],
  [/\.(c|h|cpp|rs|go|java|rb|sh|sql|xml|jsx|vue|php|r|jl)$/, FileCode2],
];

/** The picture before a file's name. */
export function FileIcon({ name, size = 14 }: { readonly name: string; readonly size?: number }) {
  const brand = brands[endingOf(name)];
  if (brand !== undefined) {
    return (
      <svg width={size} height={size} viewBox="0 0 24 24" fill="currentColor" aria-hidden className={`shrink-0 ${brand.colour}`}>
        <path d={brand.path} />
      </svg>
    );
  }
  const Icon = kinds.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1] ?? File;
  return <Icon size={size} aria-hidden className="shrink-0 text-faint" />;
}

export function FolderIcon({ isOpen, size = 14 }: { readonly isOpen: boolean; readonly size?: number }) {
  const Icon = isOpen ? FolderOpen : Folder;
  return <Icon size={size} aria-hidden className="shrink-0 text-muted" />;
}
