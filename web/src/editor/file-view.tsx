import { useEffect, useRef, useState } from 'react';
import { endingOf } from '@/base/paths';
import { FileProblem, type WorkspaceFiles } from '@/platform/files';
import { Button } from '@/ui/button';
import { Failure } from '@/ui/states';
import type { EditorPool } from './editor-pool';
import type { ModelStore } from './model-store';
import { BinaryViewer, ImageViewer, imageTypes } from './viewers';

const largestText = 5_000_000;

interface FileViewProps {
  readonly path: string;
  readonly groupId: string;
  readonly isVisible: boolean;
  readonly files: WorkspaceFiles;
  readonly pool: EditorPool;
  readonly models: ModelStore;
  readonly onDownload: (path: string) => void;
}

type Kind = { readonly kind: 'loading' | 'text' | 'image' | 'binary' | 'large' } | { readonly kind: 'failed'; readonly cause: string };

/** A file in a tab: text in the editor, pictures as pictures, the rest with its facts. */
export function FileView({ path, groupId, isVisible, files, pool, models, onDownload }: FileViewProps) {
  const container = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<Kind>({ kind: 'loading' });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let isCurrent = true;
    void kindOf(path, files, models).then((kind) => {
      if (isCurrent) setShown(kind);
    });
    return () => {
      isCurrent = false;
    };
  }, [path, files, models, attempt]);

  useEffect(() => {
    if (shown.kind === 'text' && isVisible && container.current !== null) void pool.mount(groupId, path, container.current);
  }, [shown.kind, isVisible, groupId, path, pool]);

  switch (shown.kind) {
    case 'loading':
      return null;
    case 'text':
      return <div ref={container} className="h-full overflow-hidden bg-surface" />;
    case 'image':
      return <ImageViewer path={path} files={files} />;
    case 'binary':
      return <BinaryViewer path={path} files={files} onDownload={onDownload} />;
    case 'large':
      return (
        <div className="flex h-full flex-col items-center justify-center gap-3 bg-surface text-muted">
          <p>This file is larger than 5 MB and is not opened in the editor.</p>
          <Button onClick={() => onDownload(path)}>Download</Button>
        </div>
      );
    case 'failed':
      return <div className="h-full bg-surface p-4"><Failure title="This file cannot be shown" detail={shown.cause} onRetry={() => setAttempt(attempt + 1)} /></div>;
  }
}

async function kindOf(path: string, files: WorkspaceFiles, models: ModelStore): Promise<Kind> {
  const node = files.get(path);
  if (node?.kind !== 'file') return { kind: 'failed', cause: 'It is not there any more.' };
  if (endingOf(path) in imageTypes && endingOf(path) !== '.svg') return { kind: 'image' };
  if (node.size > largestText) return { kind: 'large' };
  try {
    return (await models.open(path)) === null ? { kind: 'binary' } : { kind: 'text' };
  } catch (error) {
    if (error instanceof FileProblem || error instanceof Error) return { kind: 'failed', cause: error.message };
    throw error;
  }
}
