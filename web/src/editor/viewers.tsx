import { useEffect, useState } from 'react';
import { formatSize } from '@/base/bytes';
import { endingOf, nameOf } from '@/base/paths';
import type { WorkspaceFiles } from '@/platform/files';
import { Button } from '@/ui/button';

export const imageTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.bmp': 'image/bmp',
  '.ico': 'image/x-icon',
  '.avif': 'image/avif',
  '.svg': 'image/svg+xml',
};

interface ViewerProps {
  readonly path: string;
  readonly files: WorkspaceFiles;
}

/** The bytes of a file; anew whenever it changes. */
function useBytes(path: string, files: WorkspaceFiles): Uint8Array | null {
  const [bytes, setBytes] = useState<Uint8Array | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const read = () => {
      files.readBytes(path).then((read) => {
        if (isCurrent) setBytes(read);
      }, () => undefined);
    };
    read();
    const watching = files.onChange((event) => {
      if (event.kind === 'write' && event.path === path) read();
    });
    return () => {
      isCurrent = false;
      watching.dispose();
    };
  }, [path, files]);
  return bytes;
}

/** A picture with its size; a click switches between fitting and full size. */
export function ImageViewer({ path, files }: ViewerProps) {
  const bytes = useBytes(path, files);
  const [url, setUrl] = useState<string | null>(null);
  const [isFull, setFull] = useState(false);
  const [pixels, setPixels] = useState('');
  useEffect(() => {
    if (bytes === null) return undefined;
    const made = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: imageTypes[endingOf(path)] ?? 'application/octet-stream' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, path]);
  return (
    <div className="flex h-full flex-col bg-surface">
      <div className="min-h-0 flex-1 overflow-auto p-4">
        {url !== null && (
          <button type="button" className={isFull ? 'block' : 'flex h-full w-full items-center justify-center'} aria-label={isFull ? 'Fit into the window' : 'Show in full size'} onClick={() => setFull(!isFull)}>
            <img
              src={url}
              alt={nameOf(path)}
              className={isFull ? 'max-w-none' : 'max-h-full max-w-full object-contain'}
              onLoad={(event) => setPixels(`${event.currentTarget.naturalWidth} × ${event.currentTarget.naturalHeight}`)}
            />
          </button>
        )}
      </div>
      <p className="border-t border-line px-3 py-1 text-meta text-muted">{pixels} {bytes !== null && formatSize(bytes.length)}</p>
    </div>
  );
}

const shownBytes = 4096;

/** The beginning of a file that is no text, in hexadecimal. */
export function BinaryViewer({ path, files, onDownload }: ViewerProps & { readonly onDownload: (path: string) => void }) {
  const bytes = useBytes(path, files);
  if (bytes === null) return null;
  return (
    <div className="flex h-full flex-col bg-surface">
      <div className="flex items-center gap-3 border-b border-line px-4 py-2">
        <p className="flex-1 text-muted">{nameOf(path)} is no text ({formatSize(bytes.length)}).</p>
        <Button small onClick={() => onDownload(path)}>Download</Button>
      </div>
      <pre className="min-h-0 flex-1 overflow-auto p-4 font-mono text-meta text-muted" aria-label={`Bytes of ${nameOf(path)}`}>{hexDump(bytes.subarray(0, shownBytes))}</pre>
    </div>
  );
}

function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}
