import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { clsx } from 'clsx';
import { useState } from 'react';
import { api, ApiProblem, data, explain } from '@/platform/api';
import { projectsQuery, systemQuery } from '@/platform/session';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Select } from '@/ui/field';
import { Failure, Loading } from '@/ui/states';
import { TypeIcon, type WorkspaceType } from '@/ui/type-icon';
import { type Template, templatesQuery, workspacePath } from './queries';

const EMPTY: Template = { id: '', name: 'Empty', description: 'One folder, nothing in it.', type: 'PYODIDE', pythonPackages: [] };

/** The one launcher for all workspace types. */
export function NewWorkspaceDialog({ onClose }: { readonly onClose: () => void }) {
  const system = useQuery(systemQuery);
  const templates = useQuery(templatesQuery);
  const projects = useQuery(projectsQuery);
  const [type, setType] = useState<WorkspaceType>('PYODIDE');
  const [template, setTemplate] = useState('hello');
  const [name, setName] = useState<string | null>(null);
  const [project, setProject] = useState<string | null>(null);
  const queries = useQueryClient();
  const navigate = useNavigate();

  const usable = projects.data?.projects.filter((candidate) => candidate.role !== 'viewer') ?? [];
  const projectId = project ?? usable[0]?.id;
  const choices = [...(templates.data?.templates.filter((candidate) => candidate.type === type) ?? []), { ...EMPTY, type }];
  const chosen = choices.find((choice) => choice.id === template) ?? EMPTY;
  const finalName = name ?? (chosen.id === '' ? 'Untitled' : chosen.name);

  const create = useMutation({
    mutationFn: () =>
      data(api.POST('/api/workspaces', {
        body: { name: finalName.trim(), type, ...(projectId !== undefined && { projectId }), ...(chosen.id !== '' && { template: chosen.id, description: chosen.description }) },
      })),
    onSuccess: async ({ workspace }) => {
      await queries.invalidateQueries({ queryKey: ['workspaces'] });
      await navigate({ to: workspacePath(workspace) });
    },
  });
  const failed = system.error ?? templates.error ?? projects.error;
  const nameError = create.error instanceof ApiProblem ? create.error.field('name') : undefined;

  return (
    <Dialog
      title="New workspace"
      width="wide"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="new-workspace" busy={create.isPending} disabled={finalName.trim() === '' || projectId === undefined}>Create workspace</Button>
        </>
      }
    >
      <form
        id="new-workspace"
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        {failed && <Failure title="The launcher could not be loaded" detail={explain(failed)} />}
        {create.error && nameError === undefined && <Failure title="The workspace was not created" detail={explain(create.error)} />}
        <fieldset>
          <legend className="mb-1.5 text-small font-medium text-muted">Type</legend>
          <div className="grid gap-2 sm:grid-cols-2">
            {system.data?.workspaceTypes.map((option) => (
              <Choice key={option.type} group="type" value={option.type} checked={type === option.type} disabled={!option.available} onChoose={() => setType(option.type)}
                icon={<TypeIcon type={option.type} />} title={option.label} text={option.available ? option.description : (option.explanation ?? option.description)} />
            ))}
          </div>
          {!system.data && !failed && <Loading what="the types" />}
        </fieldset>
        <fieldset>
          <legend className="mb-1.5 text-small font-medium text-muted">Start from</legend>
          <div className="grid gap-2 sm:grid-cols-3">
            {choices.map((option) => (
              <Choice key={option.id} group="template" value={option.id} checked={chosen.id === option.id} onChoose={() => setTemplate(option.id)} title={option.name} text={option.description} />
            ))}
          </div>
        </fieldset>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" value={finalName} maxLength={100} error={nameError} onChange={(event) => setName(event.target.value)} />
          {usable.length > 1 && (
            <Select label="Project" value={projectId ?? ''} onChange={setProject} options={usable.map((option) => ({ value: option.id, label: option.name }))} />
          )}
        </div>
      </form>
    </Dialog>
  );
}

interface ChoiceProps {
  readonly group: string;
  readonly value: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChoose: () => void;
  readonly icon?: React.ReactNode;
  readonly title: string;
  readonly text: string;
}

function Choice({ group, value, checked, disabled = false, onChoose, icon, title, text }: ChoiceProps) {
  return (
    <label
      className={clsx(
        'flex gap-3 rounded-card border p-3 transition-colors duration-100 has-focus-visible:outline-2 has-focus-visible:outline-accent',
        checked ? 'border-accent bg-accent-soft' : 'border-line-strong',
        disabled ? 'opacity-60' : 'cursor-pointer hover:bg-hover',
      )}
    >
      <input type="radio" name={group} value={value} checked={checked} disabled={disabled} onChange={onChoose} aria-label={title} className="sr-only" />
      {icon !== undefined && <span className={clsx('mt-0.5', checked ? 'text-accent' : 'text-muted')}>{icon}</span>}
      <span className="min-w-0">
        <span className="block font-medium">{title}</span>
        <span className="block text-small text-muted">{text}</span>
      </span>
    </label>
  );
}
