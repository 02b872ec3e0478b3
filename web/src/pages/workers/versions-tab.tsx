import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { formatSize } from '@/base/bytes';
import { api, data } from '@/platform/api';
import { tell, tellFailure } from '@/platform/notifications';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { StatusDot } from '@/ui/states';
import { Ago } from '@/ui/time';
import type { WorkerAnswer } from './queries';
import { shortDigest } from './words';

/** What was published, newest first; calls can be sent back to an older one. */
export function VersionsTab({ answer, mayChange }: { readonly answer: WorkerAnswer; readonly mayChange: boolean }) {
  const { worker, versions } = answer;
  const queries = useQueryClient();
  const use = useMutation({
    mutationFn: (digest: string) => data(api.POST('/api/workers/{worker}/rollback', { params: { path: { worker: worker.name } }, body: { digest } })),
    onSuccess: async (_, digest) => {
      await queries.invalidateQueries({ queryKey: ['workers'] });
      tell(`Calls go to ${shortDigest(digest)} now.`);
    },
    onError: (error) => tellFailure('The version was not changed', error),
  });
  return (
    <>
      <div className="overflow-x-auto rounded-card border border-line bg-surface">
        <table className="w-full text-left">
          <thead className="text-small text-muted">
            <tr>
              <th className="px-3 py-2 font-medium sm:px-4">Digest (SHA-256)</th>
              <th className="hidden px-4 text-right font-medium sm:table-cell">Size</th>
              <th className="hidden px-4 font-medium md:table-cell">Published by</th>
              <th className="px-3 font-medium sm:px-4">Published</th>
              <th className="px-3 sm:px-4"><span className="sr-only">Actions</span></th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line border-t border-line">
            {versions.map((version) => (
              <tr key={version.digest}>
                <td className="px-3 py-2.5 sm:px-4">
                  <span className="font-mono text-small" title={version.digest}>{shortDigest(version.digest)}<span className="hidden lg:inline">{version.digest.slice(12, 32)}…</span></span>
                  {version.current && <span className="flex items-center gap-1.5 text-small text-muted"><StatusDot tone="ok" /> in use</span>}
                </td>
                <td className="hidden px-4 text-right whitespace-nowrap sm:table-cell">{formatSize(version.bytes)}</td>
                <td className="hidden px-4 text-muted md:table-cell">{version.publishedBy}</td>
                <td className="px-3 whitespace-nowrap text-muted sm:px-4"><Ago time={version.publishedAt} /></td>
                <td className="px-3 text-right whitespace-nowrap sm:px-4">
                  <a href={`/api/workers/${worker.name}/versions/${version.digest}`} download={`${worker.name}.${version.form}`} className="mr-3 rounded-control text-small text-accent underline">Download</a>
                  {mayChange && !version.current && <Button small busy={use.isPending} onClick={() => use.mutate(version.digest)}>Use this</Button>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {mayChange && <Deletion name={worker.name} />}
    </>
  );
}

function Deletion({ name }: { readonly name: string }) {
  const [isAsking, setAsking] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: async () => {
      await api.DELETE('/api/workers/{worker}', { params: { path: { worker: name } } });
    },
    onSuccess: async () => {
      await navigate({ to: '/workers' });
      await queries.invalidateQueries({ queryKey: ['workers'] });
      tell(`“${name}” is deleted.`);
    },
    onError: (error) => tellFailure('The worker was not deleted', error),
  });
  return (
    <div className="mt-4">
      <Button look="danger" onClick={() => setAsking(true)}>Delete the worker</Button>
      {isAsking && (
        <Dialog title={`Delete “${name}”?`} description="Its versions, its tasks and their results go with it. This cannot be undone." onClose={() => setAsking(false)}
          actions={<><Button onClick={() => setAsking(false)}>Keep it</Button><Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>Delete it</Button></>}>
          {null}
        </Dialog>
      )}
    </div>
  );
}
