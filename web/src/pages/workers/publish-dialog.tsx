import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { explain } from '@/platform/api';
import { tell } from '@/platform/notifications';
import { projectsQuery } from '@/platform/session';
import { nameFromFile, publishWorker, workerNameProblem } from '@/platform/workers';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Select } from '@/ui/field';
import { Failure } from '@/ui/states';
import { shortDigest } from './words';

interface PublishDialogProps {
  /** The worker that gets a new version; asked for if left out. */
  readonly name?: string;
  readonly onClose: () => void;
}

/** Publishes a worker from a file of this computer. */
export function PublishDialog({ name: fixed, onClose }: PublishDialogProps) {
  const [name, setName] = useState<string | null>(fixed ?? null);
  const [file, setFile] = useState<File | null>(null);
  const [project, setProject] = useState<string | null>(null);
  const projects = useQuery(projectsQuery);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const usable = projects.data?.projects.filter(({ role }) => role !== 'viewer') ?? [];
  const finalName = name ?? (file === null ? '' : nameFromFile(file.name));
  const nameError = finalName === '' ? null : workerNameProblem(finalName);
  const publish = useMutation({
    mutationFn: async () => {
      if (file === null) throw new Error('Choose a file first.');
      return publishWorker(finalName, file, project ?? usable[0]?.id);
    },
    onSuccess: async ({ isNew, answer }) => {
      await queries.invalidateQueries({ queryKey: ['workers'] });
      tell(isNew ? `“${finalName}” is there.` : `“${finalName}” has a new version, ${shortDigest(answer.worker.digest)}.`);
      onClose();
      await navigate({ to: '/workers/$name', params: { name: finalName } });
    },
  });
  return (
    <Dialog
      title={fixed === undefined ? 'Publish a worker' : `New version of “${fixed}”`}
      description="A WebAssembly module (an Extism plug-in or a WASI command), or a .worker bundle: a zip with worker.json and its modules."
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={publish.isPending} disabled={file === null || finalName === '' || nameError !== null} onClick={() => publish.mutate()}>Publish</Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {publish.error && <Failure title="The worker was not published" detail={explain(publish.error)} />}
        <label className="flex flex-col gap-1">
          <span className="text-small font-medium text-muted">File</span>
          <input type="file" accept=".wasm,.worker,.zip" onChange={(event) => { setFile(event.target.files?.[0] ?? null); publish.reset(); }}
            className="rounded-control border border-line-strong bg-surface p-1.5 text-small file:mr-3 file:rounded-row file:border-0 file:bg-hover file:px-2.5 file:py-1 file:text-fg" />
        </label>
        {fixed === undefined && <Field label="Name of the worker" mono value={finalName} error={nameError ?? undefined} hint="It is called by this name. A worker that has it already gets a new version."
          onChange={(event) => { setName(event.target.value); publish.reset(); }} />}
        {fixed === undefined && usable.length > 1 && <Select label="Project" value={project ?? usable[0]?.id ?? ''} onChange={setProject} options={usable.map(({ id, name: label }) => ({ value: id, label }))} />}
      </div>
    </Dialog>
  );
}
