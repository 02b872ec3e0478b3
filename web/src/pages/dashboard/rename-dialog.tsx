import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ApiProblem, explain } from '@/platform/api';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import type { Workspace } from './queries';

/** Changes the name and description of a workspace. */
export function RenameDialog({ workspace, onClose }: { readonly workspace: Workspace; readonly onClose: () => void }) {
  const [name, setName] = useState(workspace.name);
  const [description, setDescription] = useState(workspace.description);
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => api.PATCH('/api/workspaces/{id}', { params: { path: { id: workspace.id } }, body: { name, description } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['workspaces'] });
      onClose();
    },
  });
  const nameError = save.error instanceof ApiProblem ? (save.error.field('name') ?? explain(save.error)) : undefined;
  return (
    <Dialog
      title="Rename workspace"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="rename" busy={save.isPending} disabled={name.trim() === ''}>Save</Button>
        </>
      }
    >
      <form
        id="rename"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Field label="Name" value={name} maxLength={100} autoFocus error={nameError} onChange={(event) => setName(event.target.value)} />
        <Field label="Description" value={description} maxLength={500} onChange={(event) => setDescription(event.target.value)} />
      </form>
    </Dialog>
  );
}
