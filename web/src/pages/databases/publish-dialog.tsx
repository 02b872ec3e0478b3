import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { explain } from '@/platform/api';
import { DatabaseClient, databaseNameProblem, type Plan } from '@/platform/databases';
import { tell } from '@/platform/notifications';
import { projectsQuery } from '@/platform/session';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Select } from '@/ui/field';
import { PlanText } from '@/ui/plan-text';
import { Failure } from '@/ui/states';

interface PublishDialogProps {
  /** The database that gets the module; asked for if left out. */
  readonly name?: string;
  readonly onClose: () => void;
}

/** Publishes a module from a file of this computer; what it would do to an existing database is shown first. */
export function PublishDialog({ name: fixed, onClose }: PublishDialogProps) {
  const [name, setName] = useState<string | null>(fixed ?? null);
  const [file, setFile] = useState<File | null>(null);
  const [project, setProject] = useState<string | null>(null);
  const [plan, setPlan] = useState<Plan | null>(null);
  const projects = useQuery(projectsQuery);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const usable = projects.data?.projects.filter(({ role }) => role !== 'viewer') ?? [];
  const projectId = project ?? usable[0]?.id;
  const finalName = name ?? (file === null ? '' : file.name.replace(/\.\w+$/, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, ''));
  const nameError = finalName === '' ? null : databaseNameProblem(finalName);

  const publish = useMutation({
    mutationFn: async (): Promise<'planned' | 'created' | 'updated'> => {
      if (file === null) return 'planned';
      const client = new DatabaseClient(finalName);
      if (plan === null && (await client.exists())) {
        setPlan(await client.plan(file));
        return 'planned';
      }
      if (plan?.kind === 'automatic') return client.publish(file, { token: plan.token, breaksClients: plan.breaksClients });
      return client.publish(file, projectId === undefined ? {} : { project: projectId });
    },
    onSuccess: async (outcome) => {
      if (outcome === 'planned') return;
      await queries.invalidateQueries({ queryKey: ['databases'] });
      tell(outcome === 'created' ? `“${finalName}” is made.` : `“${finalName}” runs the new module.`);
      onClose();
      await navigate({ to: '/databases/$name', params: { name: finalName } });
    },
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setPlan(null);
    publish.reset();
  };
  const isReady = file !== null && finalName !== '' && nameError === null && plan?.kind !== 'manual';
  return (
    <Dialog
      title={fixed === undefined ? 'Publish a module' : `Publish to “${fixed}”`}
      description="A Python file with tables and reducers, or a WebAssembly module of the public ABI."
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={publish.isPending} disabled={!isReady} onClick={() => publish.mutate()}>{plan === null ? 'Publish' : plan.kind === 'automatic' && plan.breaksClients ? 'Publish and disconnect clients' : 'Publish this'}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {publish.error && <Failure title="The module was not published" detail={explain(publish.error)} />}
        <label className="flex flex-col gap-1">
          <span className="text-small font-medium text-muted">Module</span>
          <input type="file" accept=".py,.wasm" onChange={(event) => choose(event.target.files?.[0] ?? null)}
            className="rounded-control border border-line-strong bg-surface p-1.5 text-small file:mr-3 file:rounded-row file:border-0 file:bg-hover file:px-2.5 file:py-1 file:text-fg" />
        </label>
        {fixed === undefined && <Field label="Name of the database" mono value={finalName} error={nameError ?? undefined} hint="Clients use it in the address. A name that is there already gets the new module."
          onChange={(event) => { setName(event.target.value); setPlan(null); publish.reset(); }} />}
        {fixed === undefined && usable.length > 1 && <Select label="Project" value={projectId ?? ''} onChange={setProject} options={usable.map(({ id, name: label }) => ({ value: id, label }))} />}
        {plan !== null && <PlanText plan={plan} />}
      </div>
    </Dialog>
  );
}
