import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FolderPlus } from 'lucide-react';
import { useState } from 'react';
import type { components } from '@/protocol';
import { api, ApiProblem, explain } from '@/platform/api';
import { tell, tellFailure } from '@/platform/notifications';
import { projectsQuery } from '@/platform/session';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Failure, Loading } from '@/ui/states';
import { Members } from './members';
import { Section } from './section';

type Project = components['schemas']['Project'];

/** The person's projects and their members. */
export function ProjectsSection({ me }: { readonly me: string }) {
  const [creating, setCreating] = useState(false);
  const { data: list, error } = useQuery(projectsQuery);
  return (
    <Section title="Projects" text="A project owns workspaces and apps; its members share them." actions={<Button icon={<FolderPlus size={15} />} onClick={() => setCreating(true)}>New project</Button>}>
      {error && <Failure title="The projects could not be loaded" detail={explain(error)} />}
      {!list && !error && <Loading what="the projects" />}
      <div className="flex flex-col gap-3">
        {list?.projects.map((project) => (
          <ProjectCard key={project.id} project={project} me={me} />
        ))}
      </div>
      {creating && <NewProjectDialog onClose={() => setCreating(false)} />}
    </Section>
  );
}

function ProjectCard({ project, me }: { readonly project: Project; readonly me: string }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/projects/{id}', { params: { path: { id: project.id } } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['projects'] });
      tell(`“${project.name}” is deleted.`);
    },
    onError: (failure) => tellFailure('Could not delete the project', failure),
  });
  return (
    <article className="rounded-card border border-line bg-surface">
      <header className="flex items-center gap-3 border-b border-line px-4 py-2.5">
        <h3 className="min-w-0 flex-1 truncate font-semibold">{project.name} <span className="ml-1 font-mono text-meta font-normal text-faint">{project.slug}</span></h3>
        <span className="text-small text-muted">you are {project.role}</span>
        {project.role === 'owner' && <Button small look="danger" onClick={() => remove.mutate()}>Delete</Button>}
      </header>
      <Members project={project} me={me} />
    </article>
  );
}

function NewProjectDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () => api.POST('/api/projects', { body: { name: name.trim() } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['projects'] });
      onClose();
    },
  });
  const nameError = create.error ? (create.error instanceof ApiProblem ? (create.error.field('name') ?? explain(create.error)) : explain(create.error)) : undefined;
  return (
    <Dialog
      title="New project"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={create.isPending} disabled={name.trim() === ''} onClick={() => create.mutate()}>Create project</Button>
        </>
      }
    >
      <Field label="Name" value={name} maxLength={100} autoFocus error={nameError} onChange={(event) => setName(event.target.value)} />
    </Dialog>
  );
}
