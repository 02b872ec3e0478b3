import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { ListTodo } from 'lucide-react';
import { useState } from 'react';
import { api, explain } from '@/platform/api';
import { tellFailure } from '@/platform/notifications';
import { Button } from '@/ui/button';
import { CallCharts } from '@/ui/call-charts';
import { EmptyState, Failure, Loading, StatusDot } from '@/ui/states';
import { Ago } from '@/ui/time';
import { tasksQuery, type Statistics, type Task, type TaskState } from './queries';
import { formatMs, lastPlace, waitsFor } from './words';

const STATES: readonly { readonly state: TaskState; readonly label: string; readonly tone: 'accent' | 'ok' | 'err' | 'faint' | 'warn' }[] = [
  { state: 'waiting', label: 'Waiting', tone: 'warn' },
  { state: 'running', label: 'Running', tone: 'accent' },
  { state: 'done', label: 'Done', tone: 'ok' },
  { state: 'dead', label: 'Failed for good', tone: 'err' },
  { state: 'cancelled', label: 'Cancelled', tone: 'faint' },
];

/** How many calls and how long they take, and the tasks of the queue. */
export function QueueTab({ statistics }: { readonly statistics: Statistics }) {
  const [state, setState] = useState<TaskState | null>(null);
  const { queue } = statistics;
  return (
    <>
      <div className="grid gap-4 lg:grid-cols-2">
        <CallCharts seconds={statistics.seconds.map(({ p95: tail, ...second }) => ({ ...second, tail }))} to={Math.floor(Date.parse(statistics.at) / 1000) - 1} percentile={95} format={formatMs} />
      </div>
      <div role="group" aria-label="States" className="flex flex-wrap gap-2">
        {STATES.map((one) => (
          <button key={one.state} type="button" aria-pressed={state === one.state} onClick={() => setState(state === one.state ? null : one.state)}
            className={clsx('flex min-w-24 flex-1 flex-col rounded-card border px-3 py-2 text-left', state === one.state ? 'border-accent bg-accent-soft' : 'border-line bg-surface hover:bg-hover')}>
            <span className="flex items-center gap-1.5 text-small text-muted"><StatusDot tone={one.tone} />{one.label}</span>
            <span className="text-section font-semibold">{queue[one.state].toLocaleString()}</span>
          </button>
        ))}
      </div>
      {queue.waiting > 0 && queue.oldestWaitingMs !== undefined && <p className="text-small text-muted">The one that waits longest has waited {formatMs(queue.oldestWaitingMs)}.</p>}
      <Tasks state={state} statistics={statistics} />
    </>
  );
}

function Tasks({ state, statistics }: { readonly state: TaskState | null; readonly statistics: Statistics }) {
  const { data: list, error, refetch } = useQuery(tasksQuery(state));
  if (error && !list) return <Failure title="The tasks could not be loaded" detail={explain(error)} onRetry={() => void refetch()} />;
  if (!list) return <Loading what="the tasks" />;
  if (list.tasks.length === 0) {
    return (
      <EmptyState icon={<ListTodo size={20} />} title={state === null ? 'No task yet' : 'No task in this state'}>
        A task waits in the queue until a place has done it, also when the server or a node ends in between: <code className="font-mono text-small">POST /task</code>, or <code className="font-mono text-small">./cloche worker call --queue</code>.
      </EmptyState>
    );
  }
  return (
    <div className="overflow-x-auto rounded-card border border-line bg-surface">
      <table className="w-full text-left">
        <thead className="text-small text-muted">
          <tr>
            <th className="px-3 py-2 font-medium sm:px-4">Task</th>
            <th className="px-3 font-medium sm:px-4">State</th>
            <th className="hidden px-4 font-medium md:table-cell">Place</th>
            <th className="hidden px-4 text-right font-medium md:table-cell">Tries</th>
            <th className="hidden px-4 font-medium sm:table-cell">Made</th>
            <th className="hidden px-4 sm:table-cell"><span className="sr-only">Actions</span></th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t border-line">
          {list.tasks.map((task) => <TaskRow key={task.id} task={task} statistics={statistics} />)}
        </tbody>
      </table>
    </div>
  );
}

function TaskRow({ task, statistics }: { readonly task: Task; readonly statistics: Statistics }) {
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: async (what: 'cancel' | 'retry') => {
      const at = { params: { path: { id: task.id } } };
      await (what === 'cancel' ? api.DELETE('/task/{id}', at) : api.POST('/task/{id}/retry', at));
    },
    onError: (error) => tellFailure('That could not be done', error),
    onSettled: () => queries.invalidateQueries({ queryKey: ['tasks'] }),
  });
  const shown = STATES.find((one) => one.state === task.state);
  const place = lastPlace(task, statistics.nodes);
  const lastError = task.state === 'done' ? undefined : task.errors.at(-1);
  const waits = waitsFor(task, Date.parse(statistics.at));
  const isOpen = task.state === 'waiting' || task.state === 'running';
  const action = task.state === 'done' ? null : <Button small busy={act.isPending} onClick={() => act.mutate(isOpen ? 'cancel' : 'retry')}>{isOpen ? 'Cancel' : 'Try again'}</Button>;
  return (
    <tr>
      <td className="max-w-64 px-3 py-2 sm:px-4">
        <span className="block truncate font-medium">{task.worker} · {task.function}</span>
        <span className="block truncate font-mono text-meta text-faint" title={task.key}>{task.id}{task.key !== undefined && ` · ${task.key}`}</span>
        {place !== null && <span className="block truncate text-small text-muted md:hidden">{place}</span>}
        {lastError !== undefined && <span className="block text-small text-err">{lastError.message}</span>}
      </td>
      <td className="px-3 py-2 sm:px-4">
        <span className="inline-flex items-center gap-1.5 whitespace-nowrap"><StatusDot tone={shown?.tone ?? 'faint'} />{shown?.label ?? task.state}</span>
        {waits !== null && <span className="block text-small text-muted">{waits}</span>}
        {action !== null && <span className="mt-1 block sm:hidden">{action}</span>}
      </td>
      <td className="hidden px-4 text-muted md:table-cell">{place ?? '–'}{task.result !== undefined && <span className="block text-small">{formatMs(task.result.ranMs)}</span>}</td>
      <td className="hidden px-4 text-right md:table-cell">{task.attempts} of {task.mostAttempts}{task.losses > 0 && <span className="block text-small text-muted">{task.losses} lost</span>}</td>
      <td className="hidden px-4 whitespace-nowrap text-muted sm:table-cell"><Ago time={task.createdAt} /></td>
      <td className="hidden px-4 text-right sm:table-cell">{action}</td>
    </tr>
  );
}
