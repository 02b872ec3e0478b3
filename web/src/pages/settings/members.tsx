import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '@/protocol';
import { api, data, explain } from '@/platform/api';
import { tellFailure } from '@/platform/notifications';
import { Button } from '@/ui/button';
import { Select } from '@/ui/field';
import { Failure, Loading } from '@/ui/states';

type Project = components['schemas']['Project'];
type Role = components['schemas']['Role'];

const roles: readonly { readonly value: Role; readonly label: string }[] = [
  { value: 'viewer', label: 'Viewer' },
  { value: 'member', label: 'Member' },
  { value: 'admin', label: 'Admin' },
  { value: 'owner', label: 'Owner' },
];

/** The members of a project; admins change roles, add and remove. */
export function Members({ project, me }: { readonly project: Project; readonly me: string }) {
  const manages = project.role === 'admin' || project.role === 'owner';
  const queries = useQueryClient();
  const { data: detail, error } = useQuery({ queryKey: ['projects', project.id], queryFn: () => data(api.GET('/api/projects/{id}', { params: { path: { id: project.id } } })) });
  const reload = () => queries.invalidateQueries({ queryKey: ['projects'] });
  const failed = (failure: unknown) => tellFailure('Could not change the members', failure);
  const set = useMutation({
    mutationFn: ({ person, role }: { person: string; role: Role }) => api.PUT('/api/projects/{id}/members/{person}', { params: { path: { id: project.id, person } }, body: { role } }),
    onSuccess: reload,
    onError: failed,
  });
  const remove = useMutation({
    mutationFn: (person: string) => api.DELETE('/api/projects/{id}/members/{person}', { params: { path: { id: project.id, person } } }),
    onSuccess: reload,
    onError: failed,
  });
  if (error) return <Failure title="The members could not be loaded" detail={explain(error)} />;
  if (!detail) return <Loading what="the members" />;
  return (
    <ul className="divide-y divide-line">
      {detail.members.map(({ person, role }) => (
        <li key={person.id} className="flex items-center gap-3 px-4 py-2">
          <span className="min-w-0 flex-1 truncate">{person.displayName}{person.id === me && <span className="text-faint"> (you)</span>}</span>
          <Select hideLabel label={`Role of ${person.displayName}`} value={role} disabled={!manages} options={roles} onChange={(value) => set.mutate({ person: person.id, role: value as Role })} />
          {manages && <Button small look="quiet" onClick={() => remove.mutate(person.id)}>Remove</Button>}
        </li>
      ))}
      {manages && <AddMember members={detail.members.map(({ person }) => person.id)} onAdd={(person) => set.mutate({ person, role: 'member' })} />}
    </ul>
  );
}

function AddMember({ members, onAdd }: { readonly members: readonly string[]; readonly onAdd: (person: string) => void }) {
  const { data: list } = useQuery({ queryKey: ['people'], queryFn: () => data(api.GET('/api/people')) });
  const [person, setPerson] = useState('');
  const others = list?.people.filter((candidate) => !members.includes(candidate.id)) ?? [];
  if (others.length === 0) return null;
  return (
    <li className="flex items-end gap-3 px-4 py-2">
      <div className="flex-1">
        <Select hideLabel label="Person to add" value={person} onChange={setPerson} options={[{ value: '', label: 'Add a person…' }, ...others.map((candidate) => ({ value: candidate.id, label: candidate.displayName }))]} />
      </div>
      <Button small disabled={person === ''} onClick={() => { onAdd(person); setPerson(''); }}>Add</Button>
    </li>
  );
}
