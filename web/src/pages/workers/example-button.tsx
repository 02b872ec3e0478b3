import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Grid3x3 } from 'lucide-react';
import { explain } from '@/platform/api';
import { tell } from '@/platform/notifications';
import { projectsQuery } from '@/platform/session';
import { MATRIX_EXAMPLE, matrixExample, publishWorker } from '@/platform/workers';
import { Button } from '@/ui/button';
import { Failure } from '@/ui/states';

/** Publishes the matrix product that comes with Cloche; only where the name is free. */
export function ExampleButton({ look = 'plain' }: { readonly look?: 'plain' | 'primary' }) {
  const queries = useQueryClient();
  const project = useQuery(projectsQuery).data?.projects.find(({ role }) => role !== 'viewer');
  const publish = useMutation({
    mutationFn: async () => publishWorker(MATRIX_EXAMPLE, await matrixExample(), project?.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['workers'] });
      tell(`“${MATRIX_EXAMPLE}” is there.`);
    },
  });
  return (
    <>
      <Button look={look} busy={publish.isPending} disabled={project === undefined} icon={<Grid3x3 size={15} />} onClick={() => publish.mutate()}>Publish the matrix example</Button>
      {publish.error && <div className="basis-full text-left"><Failure title="The example was not published" detail={explain(publish.error)} /></div>}
    </>
  );
}
