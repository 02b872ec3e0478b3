import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { LogOut, Monitor, Moon, Settings, Sun } from 'lucide-react';
import { useStore } from 'zustand';
import { api } from '@/platform/api';
import { tellFailure } from '@/platform/notifications';
import { sessionQuery } from '@/platform/session';
import { chooseTheme, theme, type ThemeChoice } from '@/platform/theme';
import { Logo } from '@/ui/logo';
import { Menu } from '@/ui/menu';

const sections = [
  { to: '/', label: 'Workspaces' },
  { to: '/apps', label: 'Apps' },
  { to: '/databases', label: 'Databases' },
  { to: '/workers', label: 'Workers' },
  { to: '/settings', label: 'Settings' },
] as const;

/** The frame of all pages but the IDE: header with the sections, and the person's menu. */
export function PageFrame() {
  return (
    <div className="flex min-h-full flex-col">
      <header className="sticky top-0 z-10 border-b border-line bg-surface">
        <div className="mx-auto flex h-14 max-w-[1120px] items-center gap-2 px-4 sm:px-8">
          <Link to="/" className="flex shrink-0 items-center gap-2 rounded-control text-card sm:pr-2 font-semibold tracking-tight"><Logo /> <span className="sr-only sm:not-sr-only">Cloche</span></Link>
          <nav aria-label="Sections" className="flex min-w-0 gap-0.5 overflow-x-auto sm:ml-2">
            {sections.map(({ to, label }) => (
              <Link
                key={to}
                to={to}
                activeOptions={{ exact: to === '/' }}
                className="shrink-0 rounded-control px-1.5 py-1.5 text-muted focus-visible:-outline-offset-2 sm:px-2.5 hover:bg-hover hover:text-fg"
                activeProps={{ className: '!text-fg bg-hover font-medium' }}
              >
                {label}
              </Link>
            ))}
          </nav>
          <div className="grow" />
          <PersonMenu />
        </div>
      </header>
      <Outlet />
    </div>
  );
}

const themes: readonly { readonly choice: ThemeChoice; readonly label: string; readonly icon: typeof Sun }[] = [
  { choice: 'light', label: 'Light theme', icon: Sun },
  { choice: 'dark', label: 'Dark theme', icon: Moon },
  { choice: 'system', label: 'Theme of the system', icon: Monitor },
];

function PersonMenu() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const chosen = useStore(theme, (state) => state.choice);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = async () => {
    try {
      await api.DELETE('/api/session');
      queries.clear();
      await navigate({ to: '/sign-in' });
    } catch (error) {
      tellFailure('Could not sign out', error);
    }
  };
  const { displayName } = session.person;
  return (
    <Menu
      label="Account"
      items={[
        ...themes.filter(({ choice }) => choice !== chosen).map(({ choice, label, icon: Icon }) => ({ label, icon: <Icon size={14} />, onSelect: () => chooseTheme(choice) })),
        null,
        { label: 'Settings', icon: <Settings size={14} />, onSelect: () => void navigate({ to: '/settings' }) },
        { label: 'Sign out', icon: <LogOut size={14} />, onSelect: () => void signOut() },
      ]}
      button={(properties) => (
        <button
          type="button"
          aria-label={`Account of ${displayName}`}
          className="flex size-8 shrink-0 items-center justify-center rounded-full border border-line-strong bg-accent-soft text-small font-semibold text-accent"
          {...properties}
        >
          {displayName.slice(0, 1).toUpperCase()}
        </button>
      )}
    />
  );
}

/** The body of a page: a title, actions beside it, the rest below. */
export function Page({ title, actions, children }: { readonly title: string; readonly actions?: React.ReactNode; readonly children: React.ReactNode }) {
  return (
    <main className="mx-auto w-full max-w-[1120px] flex-1 px-4 py-8 sm:px-8">
      <div className="mb-6 flex flex-wrap items-center gap-3">
        <h1 className="flex-1 text-page font-semibold tracking-[-0.02em]">{title}</h1>
        {actions}
      </div>
      {children}
    </main>
  );
}
