import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { explain } from '@/platform/api';
import { Failure, Loading } from '@/ui/states';
import { openWorkspace } from './open-workspace';
import { Workbench } from './workbench';
import { SessionContext } from './workbench-context';
import type { WorkspaceSession } from './workspace-session';

/**
 * Brings all the code of the page: it is imported statically by this module, so that whoever imports the module has it.
 * The fonts are asked for here too, because terminals and editors measure them.
 */
export async function loadWorkspacePage(): Promise<void> {
  await document.fonts.load("13px 'JetBrains Mono Variable'").catch(() => undefined);
}

/** The page of a route that names the workspace in its path. */
export function WorkspaceRoute() {
  const { id } = useParams({ strict: false });
  return id === undefined ? null : <WorkspacePage key={id} workspaceId={id} />;
}

type State = { readonly state: 'opening' } | { readonly state: 'open'; readonly session: WorkspaceSession } | { readonly state: 'failed'; readonly cause: string };

/** The IDE with one workspace. */
export function WorkspacePage({ workspaceId }: { readonly workspaceId: string }) {
  const [state, setState] = useState<State>({ state: 'opening' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    let session: WorkspaceSession | null = null;
    openWorkspace(workspaceId).then(
      (opened) => {
        session = opened;
        if (!isCurrent) opened.dispose();
        else {
          document.title = `${opened.workspace.name} - Cloche`;
          setState({ state: 'open', session: opened });
        }
      },
      (error: unknown) => {
        if (isCurrent) setState({ state: 'failed', cause: explain(error) });
      },
    );
    return () => {
      isCurrent = false;
      session?.dispose();
      document.title = 'Cloche';
    };
  }, [workspaceId, attempt]);

  if (state.state === 'opening') return <Loading what="the workspace" />;
  if (state.state === 'failed') {
    return (
      <main className="mx-auto max-w-xl p-8">
        <Failure title="This workspace cannot be opened" detail={state.cause} onRetry={() => setAttempt(attempt + 1)} />
        <p className="mt-4"><a href="/" className="text-accent hover:underline">All workspaces</a></p>
      </main>
    );
  }
  return (
    <SessionContext value={state.session}>
      <Workbench />
    </SessionContext>
  );
}
