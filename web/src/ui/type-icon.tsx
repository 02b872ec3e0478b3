import { siLinux, siNodedotjs, siPython } from 'simple-icons';
import { Box } from 'lucide-react';
import type { components } from '@/protocol';

export type WorkspaceType = components['schemas']['WorkspaceType'];

const brands: Partial<Record<WorkspaceType, string>> = { PYODIDE: siPython.path, NODE: siNodedotjs.path, WEBVM: siLinux.path };

/** The picture of a workspace type. */
export function TypeIcon({ type, size = 18 }: { readonly type: WorkspaceType; readonly size?: number }) {
  const path = brands[type];
  if (path === undefined) return <Box size={size} aria-hidden />;
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="currentColor" aria-hidden>
      <path d={path} />
    </svg>
  );
}

/** The name of a workspace type for people. */
export const typeLabels: Record<WorkspaceType, string> = { PYODIDE: 'Python', NODE: 'Node', WEBVM: 'Linux', FIRECRACKER: 'Sandbox' };
