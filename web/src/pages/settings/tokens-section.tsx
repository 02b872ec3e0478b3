import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import type { components } from '@/protocol';
import { api, ApiProblem, data, explain } from '@/platform/api';
import { tell, tellFailure } from '@/platform/notifications';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Select } from '@/ui/field';
import { EmptyState, Failure } from '@/ui/states';
import { Ago } from '@/ui/time';
import { SecretText } from './secret-text';
import { Section } from './section';

type Scope = components['schemas']['Scope'];

const scopes: readonly { readonly scope: Scope; readonly text: string }[] = [
  { scope: 'read', text: 'See projects, workspaces, files and apps' },
  { scope: 'write', text: 'Change workspaces and files' },
  { scope: 'publish', text: 'Publish, roll back and remove apps' },
  { scope: 'admin', text: 'Manage people, members, tokens' },
  { scope: 'work', text: 'Run calls and tasks of workers, for nodes' },
];

/** The person's tokens for programs. */
export function TokensSection() {
  const [creating, setCreating] = useState(false);
  const { data: list, error } = useQuery({ queryKey: ['tokens'], queryFn: () => data(api.GET('/api/tokens')) });
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => api.DELETE('/api/tokens/{id}', { params: { path: { id } } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['tokens'] });
      tell('The token is revoked.');
    },
    onError: (failure) => tellFailure('Could not revoke the token', failure),
  });
  return (
    <Section title="Personal tokens" text="For scripts and the command line. A token acts as you, within its scopes." actions={<Button icon={<Plus size={15} />} onClick={() => setCreating(true)}>New token</Button>}>
      {error && <Failure title="The tokens could not be loaded" detail={explain(error)} />}
      {list?.tokens.length === 0 && <EmptyState icon={<KeyRound size={20} />} title="No tokens">Make one to use the API or the cloche command from elsewhere.</EmptyState>}
      {list && list.tokens.length > 0 && (
        <ul className="divide-y divide-line rounded-card border border-line bg-surface">
          {list.tokens.map((token) => (
            <li key={token.id} className="flex flex-wrap items-center gap-3 px-4 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">{token.name}</p>
                <p className="text-small text-muted">
                  {token.scopes.join(', ')} · {token.usedAt === undefined ? 'never used' : <>used <Ago time={token.usedAt} /></>}
                  {token.expiresAt !== undefined && <> · until {new Date(token.expiresAt).toLocaleDateString()}</>}
                </p>
              </div>
              <Button small look="danger" onClick={() => revoke.mutate(token.id)}>Revoke</Button>
            </li>
          ))}
        </ul>
      )}
      {creating && <NewTokenDialog onClose={() => setCreating(false)} />}
    </Section>
  );
}

function NewTokenDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['read', 'write']);
  const [days, setDays] = useState('90');
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () => data(api.POST('/api/tokens', { body: { name: name.trim(), scopes: [...chosen], ...(days !== '' && { days: Number(days) }) } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
  if (create.data) {
    return (
      <Dialog title="Token created" description="Copy it now: it is not shown again." onClose={onClose} actions={<Button look="primary" onClick={onClose}>Done</Button>}>
        <SecretText label="Token" text={create.data.secret} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title="New token"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={create.isPending} disabled={name.trim() === '' || chosen.length === 0} onClick={() => create.mutate()}>Create token</Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label="Name" value={name} maxLength={100} placeholder="What it is for" autoFocus error={create.error ? (create.error instanceof ApiProblem ? (create.error.field('name') ?? explain(create.error)) : explain(create.error)) : undefined} onChange={(event) => setName(event.target.value)} />
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1 text-small font-medium text-muted">Scopes</legend>
          {scopes.map(({ scope, text }) => (
            <label key={scope} className="flex items-center gap-2">
              <input type="checkbox" className="accent-accent-strong" checked={chosen.includes(scope)} onChange={(event) => setChosen(event.target.checked ? [...chosen, scope] : chosen.filter((other) => other !== scope))} />
              <code className="w-16 font-mono text-meta">{scope}</code> <span className="text-muted">{text}</span>
            </label>
          ))}
        </fieldset>
        <Select label="Valid for" value={days} onChange={setDays} options={[{ value: '7', label: '7 days' }, { value: '90', label: '90 days' }, { value: '365', label: '1 year' }, { value: '', label: 'No end' }]} />
      </div>
    </Dialog>
  );
}
