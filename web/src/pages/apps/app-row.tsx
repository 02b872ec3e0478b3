import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ChevronDown, ExternalLink } from 'lucide-react';
import { clsx } from 'clsx';
import { useState } from 'react';
import { formatSize } from '@/base/bytes';
import type { components } from '@/protocol';
import { api, data, explain } from '@/platform/api';
import { tell, tellFailure } from '@/platform/notifications';
import { Button, IconButton } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Failure, Loading, StatusDot } from '@/ui/states';
import { Ago } from '@/ui/time';

type App = components['schemas']['App'];

const kinds = { static: 'Static files', wsgi: 'Python web app (WSGI)', asgi: 'Python web app (ASGI)' } as const;

/** A published app: where it is, what it runs, its deployments. */
export function AppRow({ app }: { readonly app: App }) {
  const [open, setOpen] = useState(false);
  const [removing, setRemoving] = useState(false);
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/apps/{name}', { params: { path: { name: app.name } } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['apps'] });
      tell(`“${app.name}” is no longer published.`);
    },
    onError: (error) => tellFailure('Could not unpublish the app', error),
  });
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1">
          <h2 className="flex items-center gap-2 text-card font-semibold">{app.name}</h2>
          <p className="flex items-center gap-1.5 text-small text-muted">
            <StatusDot tone="ok" /> Published · {kinds[app.deployment.kind]} · runs in {app.deployment.placement === 'browser' ? "each visitor's tab" : 'a sandbox'} · updated <Ago time={app.deployment.createdAt} />
          </p>
          <a href={app.url} target="_blank" rel="noreferrer" className="font-mono text-meta text-accent hover:underline">{app.url}</a>
        </div>
        <a href={app.url} target="_blank" rel="noreferrer" className="inline-flex h-7 items-center gap-1.5 rounded-control border border-line-strong bg-raised px-2.5 text-small font-medium hover:bg-hover">
          <ExternalLink size={13} /> Open
        </a>
        <Button small look="danger" onClick={() => setRemoving(true)}>Unpublish</Button>
        <IconButton small label={`Deployments of ${app.name}`} aria-expanded={open} onClick={() => setOpen(!open)}>
          <ChevronDown size={15} className={clsx('transition-transform duration-100', open && 'rotate-180')} />
        </IconButton>
      </div>
      {open && <Deployments name={app.name} />}
      {removing && (
        <Dialog
          title={`Unpublish “${app.name}”?`}
          description="Its URL stops working at once. The workspace stays as it is."
          onClose={() => setRemoving(false)}
          actions={
            <>
              <Button onClick={() => setRemoving(false)}>Cancel</Button>
              <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>Unpublish</Button>
            </>
          }
        >
          <p className="text-muted">Deployments are removed with it and cannot be brought back.</p>
        </Dialog>
      )}
    </li>
  );
}

function Deployments({ name }: { readonly name: string }) {
  const path = { params: { path: { name } } };
  const { data: answer, error } = useQuery({ queryKey: ['apps', name], queryFn: () => data(api.GET('/api/apps/{name}', path)) });
  const queries = useQueryClient();
  const rollback = useMutation({
    mutationFn: (deployment: string) => api.POST('/api/apps/{name}/rollback', { ...path, body: { deployment } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['apps'] });
      tell(`“${name}” runs another deployment now.`);
    },
    onError: (failure) => tellFailure('Could not roll back', failure),
  });
  if (error) return <Failure title="The deployments could not be loaded" detail={explain(error)} />;
  if (!answer) return <Loading what="the deployments" />;
  return (
    <table className="mt-3 w-full text-left text-small">
      <thead className="text-muted">
        <tr><th className="py-1 font-medium">Deployment</th><th className="font-medium">Revision</th><th className="font-medium">Files</th><th className="font-medium">Published</th><th><span className="sr-only">Actions</span></th></tr>
      </thead>
      <tbody className="divide-y divide-line border-t border-line">
        {answer.deployments.map((deployment) => {
          const live = deployment.id === answer.app.deployment.id;
          return (
            <tr key={deployment.id}>
              <td className="py-1.5 font-mono text-meta">{deployment.id}</td>
              <td>{deployment.revision}</td>
              <td>{deployment.files ?? 0} ({formatSize(deployment.size ?? 0)})</td>
              <td><Ago time={deployment.createdAt} /></td>
              <td className="text-right">
                {live
                  ? <span className="inline-flex items-center gap-1.5 text-ok"><StatusDot tone="ok" /> Live</span>
                  : <Button small busy={rollback.isPending && rollback.variables === deployment.id} onClick={() => rollback.mutate(deployment.id)}>Roll back to this</Button>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
