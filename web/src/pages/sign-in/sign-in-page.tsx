import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { api, data, explain } from '@/platform/api';
import { sessionQuery } from '@/platform/session';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Logo } from '@/ui/logo';
import { Failure, Loading } from '@/ui/states';

/** The code of a one-time link, from the address's fragment, which no server ever sees. */
function codeOfLink(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('code');
}

/** Where to go after signing in: only to a path of this origin. */
function target(search: unknown): string {
  const to = typeof search === 'object' && search !== null && 'to' in search ? search.to : undefined;
  return typeof to === 'string' && /^\/(?![/\\])/.test(to) ? to : '/';
}

/** Sign in by a one-time link or by name and password. */
export function SignInPage() {
  const [code] = useState(codeOfLink);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(code !== null);
  const search: unknown = useSearch({ strict: false });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const used = useRef(false);

  const enter = useCallback(
    async (answer: Promise<{ data?: unknown }>) => {
      setBusy(true);
      setFailure(null);
      try {
        queries.setQueryData(sessionQuery.queryKey, (await data(answer)) as never);
        await navigate({ to: target(search), replace: true });
      } catch (error) {
        setFailure(explain(error));
        setBusy(false);
      }
    },
    [navigate, queries, search],
  );

  useEffect(() => {
    if (code === null || used.current) return;
    used.current = true;
    history.replaceState(null, '', '/sign-in');
    void enter(api.POST('/api/session/link', { body: { code } }));
  }, [code, enter]);

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void enter(api.POST('/api/session', { body: { name: String(form.get('name')), password: String(form.get('password')) } }));
  };

  return (
    <main className="flex min-h-full items-center justify-center p-6">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex flex-col items-center gap-3 text-center">
          <Logo size={40} />
          <h1 className="text-page font-semibold tracking-[-0.02em]">Sign in to Cloche</h1>
        </div>
        {busy && code !== null ? (
          <Loading what="your account" />
        ) : (
          <form onSubmit={onSubmit} className="flex flex-col gap-4 rounded-card border border-line bg-surface p-5">
            {failure !== null && <Failure title="Not signed in" detail={failure} />}
            <Field label="Name" name="name" autoComplete="username" required autoFocus />
            <Field label="Password" name="password" type="password" autoComplete="current-password" required />
            <Button type="submit" look="primary" busy={busy}>Sign in</Button>
          </form>
        )}
        <p className="mt-4 text-center text-small text-faint">
          No password yet? On the server, <code className="font-mono text-muted">./cloche sign-in</code> prints a one-time link.
        </p>
      </div>
    </main>
  );
}
