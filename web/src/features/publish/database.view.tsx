import { Check } from 'lucide-react';
import { databaseNameProblem } from '@/platform/databases';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { PlanText } from '@/ui/plan-text';
import { Failure } from '@/ui/states';
import { useValue } from '@/ui/use-value';
import type { DatabaseModel } from './database-model';

/** The dialog that makes a live database of a Python file. */
export function createDatabaseDialog(model: DatabaseModel) {
  return function DatabaseDialog() {
    const { path, name, plan, failure, isBusy, outcome } = useValue(model.state);
    if (path === null) return null;
    const problem = databaseNameProblem(name);
    const address = `/databases/${encodeURIComponent(name)}`;
    return (
      <Dialog
        title="Publish database"
        description={`${path} and what it imports beside it become the module of a live database.`}
        onClose={() => model.close()}
        actions={
          <>
            <Button onClick={() => model.close()}>{outcome === null ? 'Cancel' : 'Done'}</Button>
            <Button look="primary" type="submit" form="publish-database" busy={isBusy} disabled={problem !== null || plan?.kind === 'manual'}>
              {plan === null ? 'Publish' : plan.kind === 'automatic' && plan.breaksClients ? 'Publish and disconnect clients' : 'Publish this'}
            </Button>
          </>
        }
      >
        <form
          id="publish-database"
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void model.publish();
          }}
        >
          {failure !== null && <Failure title="The module was not published" detail={failure} />}
          {outcome !== null && (
            <div role="status" className="flex items-center gap-3 rounded-card border border-line-strong bg-ok-soft px-4 py-3">
              <Check size={16} aria-hidden className="text-ok" />
              <p className="min-w-0 flex-1">{outcome === 'created' ? `“${name}” is made.` : `“${name}” runs the new module.`}</p>
              <a href={address} target="_blank" rel="noreferrer" className="shrink-0 font-medium text-accent hover:underline">Open database</a>
            </div>
          )}
          <Field label="Name of the database" value={name} mono autoFocus error={problem ?? undefined} hint="Clients use it in the address. A name that is there already gets the new module." onChange={(event) => model.setName(event.target.value)} />
          {plan !== null && <PlanText plan={plan} />}
        </form>
      </Dialog>
    );
  };
}
