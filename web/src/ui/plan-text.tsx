/** What publishing a module would do to a database. */
export type PublishPlan =
  | { readonly kind: 'automatic'; readonly steps: string; readonly breaksClients: boolean }
  | { readonly kind: 'manual'; readonly reason: string };

/** What publishing would do, before it is done. */
export function PlanText({ plan }: { readonly plan: PublishPlan }) {
  if (plan.kind === 'manual') {
    return (
      <div role="alert" className="rounded-card border border-line-strong bg-err-soft px-4 py-3">
        <p className="font-medium">This module does not fit the tables that are there</p>
        <p className="whitespace-pre-wrap text-muted">{plan.reason}</p>
        <p className="mt-1 text-muted">Nothing was changed. <code className="font-mono text-small">./cloche db publish … --clear</code> deletes all rows and begins anew.</p>
      </div>
    );
  }
  return (
    <section aria-label="Plan" className="overflow-hidden rounded-card border border-line-strong">
      <h3 className="border-b border-line px-3 py-1.5 text-small font-medium text-muted">What becomes of the tables</h3>
      <pre className="max-h-60 overflow-auto p-3 font-mono text-small whitespace-pre-wrap">{plan.steps === '' ? 'Nothing changes.' : plan.steps}</pre>
      {plan.breaksClients && <p className="border-t border-line bg-warn-soft px-3 py-2 text-small">Clients that know the old module are disconnected; they need new bindings.</p>}
    </section>
  );
}
