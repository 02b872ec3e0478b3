import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { ApiProblem } from '@/platform/api';
import { sessionQuery } from '@/platform/session';
import { NotFoundPage, RouteFailure } from '@/pages/fallbacks';
import { PageFrame } from '@/pages/page-frame';
import { Loading } from '@/ui/states';

interface Context {
  readonly queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFoundPage, errorComponent: RouteFailure });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string } => (typeof search['to'] === 'string' ? { to: search['to'] } : {}),
  component: lazyRouteComponent(() => import('@/pages/sign-in/sign-in-page'), 'SignInPage'),
});

/** All that needs a signed-in person. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData(sessionQuery);
    } catch (error) {
      if (error instanceof ApiProblem && (error.status === 401 || error.status === 403)) {
        throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
      }
      throw error;
    }
  },
  component: Outlet,
});

const framed = createRoute({ getParentRoute: () => signedIn, id: 'framed', component: PageFrame });

const dashboard = createRoute({
  getParentRoute: () => framed,
  path: '/',
  component: lazyRouteComponent(() => import('@/pages/dashboard/dashboard-page'), 'DashboardPage'),
});
const apps = createRoute({
  getParentRoute: () => framed,
  path: '/apps',
  component: lazyRouteComponent(() => import('@/pages/apps/apps-page'), 'AppsPage'),
});
const databases = createRoute({
  getParentRoute: () => framed,
  path: '/databases',
  component: lazyRouteComponent(() => import('@/pages/databases/databases-page'), 'DatabasesPage'),
});
const database = createRoute({
  getParentRoute: () => framed,
  path: '/databases/$name',
  validateSearch: (search: Record<string, unknown>): { tab?: string; table?: string } => ({
    ...(typeof search['tab'] === 'string' && { tab: search['tab'] }),
    ...(typeof search['table'] === 'string' && { table: search['table'] }),
  }),
  component: lazyRouteComponent(() => import('@/pages/databases/database-page'), 'DatabaseRoute'),
});
const workers = createRoute({
  getParentRoute: () => framed,
  path: '/workers',
  validateSearch: (search: Record<string, unknown>): { tab?: string } => (typeof search['tab'] === 'string' ? { tab: search['tab'] } : {}),
  component: lazyRouteComponent(() => import('@/pages/workers/workers-page'), 'WorkersPage'),
});
const worker = createRoute({
  getParentRoute: () => framed,
  path: '/workers/$name',
  validateSearch: (search: Record<string, unknown>): { tab?: string } => (typeof search['tab'] === 'string' ? { tab: search['tab'] } : {}),
  component: lazyRouteComponent(() => import('@/pages/workers/worker-page'), 'WorkerRoute'),
});
const settings = createRoute({
  getParentRoute: () => framed,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/pages/settings/settings-page'), 'SettingsPage'),
});

// The workspace page loads its code here and draws without Suspense: each fallback would cost 300 ms.
const loadWorkspace = async () => (await import('@/workbench/workspace-page')).loadWorkspacePage();
const pyodideWorkspace = createRoute({
  getParentRoute: () => signedIn,
  path: '/workspace/pyodide/$id',
  loader: loadWorkspace,
  component: lazyRouteComponent(() => import('@/workbench/workspace-page'), 'WorkspaceRoute'),
});
const workspace = createRoute({
  getParentRoute: () => signedIn,
  path: '/workspace/$id',
  loader: loadWorkspace,
  component: lazyRouteComponent(() => import('@/workbench/workspace-page'), 'WorkspaceRoute'),
});

/** The routes of all screens. */
export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([signIn, signedIn.addChildren([framed.addChildren([dashboard, apps, databases, database, workers, worker, settings]), pyodideWorkspace, workspace])]),
    context: { queries },
    defaultPreload: 'intent',
    defaultPendingComponent: () => <Loading what="the page" />,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
