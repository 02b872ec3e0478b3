import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { api, ApiProblem, data, explain } from '@/platform/api';
import { tell, tellFailure } from '@/platform/notifications';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Failure, Loading } from '@/ui/states';
import { SecretText } from './secret-text';
import { Section } from './section';

/** The accounts of this server. */
export function PeopleSection({ me }: { readonly me: string }) {
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const { data: list, error } = useQuery({ queryKey: ['people'], queryFn: () => data(api.GET('/api/people')) });
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: string) => api.DELETE('/api/people/{id}', { params: { path: { id } } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['people'] });
      tell('The account is removed.');
    },
    onError: (failure) => tellFailure('Could not remove the account', failure),
  });
  const newLink = useMutation({
    mutationFn: (id: string) => data(api.POST('/api/people/{id}/link', { params: { path: { id } } })),
    onSuccess: (answer) => setLink(answer.link),
    onError: (failure) => tellFailure('Could not make a sign-in link', failure),
  });
  return (
    <Section title="People" text="Accounts of this server. A new one signs in by a one-time link and then sets a password." actions={<Button icon={<UserPlus size={15} />} onClick={() => setInviting(true)}>New account</Button>}>
      {error && <Failure title="The accounts could not be loaded" detail={explain(error)} />}
      {!list && !error && <Loading what="the accounts" />}
      {list && (
        <ul className="divide-y divide-line rounded-card border border-line bg-surface">
          {list.people.map((person) => (
            <li key={person.id} className="flex flex-wrap items-center gap-3 px-4 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">{person.displayName}{person.serverOwner && <span className="ml-2 rounded-row bg-accent-soft px-1.5 py-0.5 text-meta text-accent">server owner</span>}</p>
                <p className="font-mono text-meta text-muted">{person.name}</p>
              </div>
              <Button small busy={newLink.isPending && newLink.variables === person.id} onClick={() => newLink.mutate(person.id)}>Sign-in link</Button>
              {person.id !== me && <Button small look="danger" onClick={() => remove.mutate(person.id)}>Remove</Button>}
            </li>
          ))}
        </ul>
      )}
      {inviting && <NewPersonDialog onClose={() => setInviting(false)} />}
      {link !== null && (
        <Dialog title="One-time sign-in link" description="Valid for 24 hours and for one use. Give it to this person only." onClose={() => setLink(null)} actions={<Button look="primary" onClick={() => setLink(null)}>Done</Button>}>
          <SecretText label="Link" text={link} />
        </Dialog>
      )}
    </Section>
  );
}

function NewPersonDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () => data(api.POST('/api/people', { body: { name, ...(displayName.trim() !== '' && { displayName: displayName.trim() }) } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['people'] }),
  });
  if (create.data) {
    return (
      <Dialog title={`Account “${create.data.person.name}” made`} description="Its one-time sign-in link is valid for 24 hours." onClose={onClose} actions={<Button look="primary" onClick={onClose}>Done</Button>}>
        <SecretText label="Link" text={create.data.link} />
      </Dialog>
    );
  }
  const nameError = create.error ? (create.error instanceof ApiProblem ? (create.error.field('name') ?? explain(create.error)) : explain(create.error)) : undefined;
  return (
    <Dialog
      title="New account"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={create.isPending} disabled={name === ''} onClick={() => create.mutate()}>Create account</Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label="Name to sign in with" value={name} maxLength={40} autoFocus hint="Small letters, digits, dot, dash, underscore." error={nameError} onChange={(event) => setName(event.target.value.toLowerCase())} />
        <Field label="Display name" value={displayName} maxLength={100} onChange={(event) => setDisplayName(event.target.value)} />
      </div>
    </Dialog>
  );
}
