import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { ApiProblem, explain } from '@/platform/api';
import { Failure, Loading } from '@/ui/states';

interface NamedPageProps<T> {
  /** The name in the path. */
  readonly name: string;
  /** What has it: `worker`. */
  readonly what: string;
  /** The way back to the list. */
  readonly list: { readonly to: '/databases' | '/workers'; readonly label: string };
  readonly query: { readonly data: T | undefined; readonly error: Error | null; readonly refetch: () => unknown };
  readonly children: (answer: T) => ReactNode;
}

/** The page of one thing that has a name: the way back, and what there is to see once it is loaded. */
export function NamedPage<T>({ name, what, list, query: { data, error, refetch }, children }: NamedPageProps<T>) {
  useEffect(() => {
    document.title = `${name} - Cloche`;
    return () => {
      document.title = 'Cloche';
    };
  }, [name]);
  return (
    <main className="mx-auto w-full max-w-[1120px] flex-1 px-4 py-6 sm:px-8">
      <Link to={list.to} className="mb-2 inline-flex items-center gap-1 text-small text-muted hover:text-fg"><ArrowLeft size={13} /> {list.label}</Link>
      {error && !data && <Failure title={error instanceof ApiProblem && error.status === 404 ? `There is no such ${what}` : `The ${what} could not be loaded`} detail={explain(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Loading what={`the ${what}`} />}
      {data && children(data)}
    </main>
  );
}
