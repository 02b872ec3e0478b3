import { Link, useRouter } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { explain } from '@/platform/api';
import { EmptyState, Failure } from '@/ui/states';

/** No screen has this address. */
export function NotFoundPage() {
  return (
    <main className="mx-auto max-w-xl p-8">
      <EmptyState icon={<Compass size={20} />} title="There is nothing at this address" action={<Link to="/" className="font-medium text-accent hover:underline">Go to the workspaces</Link>}>
        The link may be old, or the thing was deleted.
      </EmptyState>
    </main>
  );
}

/** A screen could not be loaded. */
export function RouteFailure({ error }: { readonly error: unknown }) {
  const router = useRouter();
  return (
    <main className="mx-auto max-w-xl p-8">
      <Failure title="This page could not be shown" detail={explain(error)} onRetry={() => void router.invalidate()} />
    </main>
  );
}
