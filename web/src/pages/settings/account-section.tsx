import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '@/protocol';
import { api, ApiProblem, explain } from '@/platform/api';
import { tell } from '@/platform/notifications';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Section } from './section';

type Session = components['schemas']['Session'];

function fieldError(error: unknown, field: string, fallback = false): string | undefined {
  if (!(error instanceof ApiProblem)) return error && fallback ? explain(error) : undefined;
  return error.field(field) ?? (fallback && !error.problem.errors?.length ? explain(error) : undefined);
}

/** Names and password of the signed-in person. */
export function AccountSection({ session }: { readonly session: Session }) {
  return (
    <Section title="Account" text={session.hasPassword === true ? 'You sign in with your name and password.' : 'Set a password, so that you can sign in again without a link from the server.'}>
      <div className="grid gap-6 rounded-card border border-line bg-surface p-4 sm:grid-cols-2">
        <Names person={session.person} />
        <Password hasPassword={session.hasPassword === true} />
      </div>
    </Section>
  );
}

function Names({ person }: { readonly person: Session['person'] }) {
  const [name, setName] = useState(person.name);
  const [displayName, setDisplayName] = useState(person.displayName);
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => api.PATCH('/api/me', { body: { name, displayName } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['session'] });
      tell('Your names are saved.');
    },
  });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Field label="Display name" value={displayName} maxLength={100} error={fieldError(save.error, 'displayName')} onChange={(event) => setDisplayName(event.target.value)} />
      <Field label="Name to sign in with" value={name} maxLength={40} autoComplete="username" error={fieldError(save.error, 'name', true)} onChange={(event) => setName(event.target.value)} />
      <div><Button type="submit" busy={save.isPending} disabled={name === person.name && displayName === person.displayName}>Save names</Button></div>
    </form>
  );
}

function Password({ hasPassword }: { readonly hasPassword: boolean }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => api.PUT('/api/me/password', { body: { password, ...(hasPassword && { current }) } }),
    onSuccess: async () => {
      setCurrent('');
      setPassword('');
      await queries.invalidateQueries({ queryKey: ['session'] });
      tell('Your password is set. Other sessions of yours have ended.');
    },
  });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {hasPassword && <Field label="Current password" type="password" autoComplete="current-password" value={current} error={fieldError(save.error, 'current')} onChange={(event) => setCurrent(event.target.value)} />}
      <Field label="New password" type="password" autoComplete="new-password" value={password} hint="At least 10 characters." error={fieldError(save.error, 'password', true)} onChange={(event) => setPassword(event.target.value)} />
      <div><Button type="submit" busy={save.isPending} disabled={password.length < 10}>{hasPassword ? 'Change password' : 'Set password'}</Button></div>
    </form>
  );
}
