import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Archive, ChevronDown, Pencil, Trash2, Upload } from 'lucide-react';
import { useState } from 'react';
import { explain } from '@/platform/api';
import { DatabaseClient, databaseNameProblem } from '@/platform/databases';
import { tell } from '@/platform/notifications';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Menu } from '@/ui/menu';
import { Failure } from '@/ui/states';
import { BackupDialog } from './backup-dialog';
import { PublishDialog } from './publish-dialog';
import type { Database, DatabaseAnswer } from './queries';

type Asked = 'publish' | 'backup' | 'rename' | 'delete' | null;

/** What members of the project may do to the database as a whole. */
export function DatabaseActions({ name, answer }: { readonly name: string; readonly answer: DatabaseAnswer }) {
  const { database, history } = answer;
  const [asked, setAsked] = useState<Asked>(null);
  const close = () => setAsked(null);
  return (
    <div className="flex gap-2">
      <Button icon={<Upload size={14} />} onClick={() => setAsked('publish')}>Publish a new module</Button>
      <Menu
        label="Database"
        items={[
          { label: 'Back up…', icon: <Archive size={14} />, onSelect: () => setAsked('backup') },
          { label: 'Rename…', icon: <Pencil size={14} />, onSelect: () => setAsked('rename') },
          null,
          { label: 'Delete…', icon: <Trash2 size={14} />, danger: true, disabled: database.locked, onSelect: () => setAsked('delete') },
        ]}
        button={(properties) => <Button {...properties}>More <ChevronDown size={13} aria-hidden /></Button>}
      />
      {asked === 'publish' && <PublishDialog name={name} onClose={close} />}
      {asked === 'backup' && <BackupDialog name={name} history={history} onClose={close} />}
      {asked === 'rename' && <RenameDialog name={name} database={database} onClose={close} />}
      {asked === 'delete' && <DeleteDialog name={name} database={database} onClose={close} />}
    </div>
  );
}

interface ActionProps {
  readonly name: string;
  readonly database: Database;
  readonly onClose: () => void;
}

function RenameDialog({ name, database, onClose }: ActionProps) {
  const [next, setNext] = useState(name);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const rename = useMutation({
    mutationFn: () => new DatabaseClient(database.identity).rename([next, ...database.names.filter((other) => other !== name && other !== next)]),
    onSuccess: async () => {
      onClose();
      await navigate({ to: '/databases/$name', params: { name: next }, replace: true });
      await queries.invalidateQueries({ queryKey: ['databases'], exact: true });
      tell(`“${name}” is called “${next}” now.`);
    },
  });
  const problem = databaseNameProblem(next) ?? (rename.error ? explain(rename.error) : undefined);
  return (
    <Dialog
      title={`Rename “${name}”`}
      description="Clients find it by the new name only; those that are connected stay."
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="rename-database" busy={rename.isPending} disabled={databaseNameProblem(next) !== null || next === name}>Rename</Button>
        </>
      }
    >
      <form
        id="rename-database"
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate();
        }}
      >
        <Field label="New name" mono autoFocus value={next} error={problem} onChange={(event) => { setNext(event.target.value); rename.reset(); }} />
      </form>
    </Dialog>
  );
}

function DeleteDialog({ name, database, onClose }: ActionProps) {
  const [typed, setTyped] = useState('');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => new DatabaseClient(database.identity).remove(),
    onSuccess: async () => {
      onClose();
      await navigate({ to: '/databases' });
      queries.removeQueries({ queryKey: ['databases', name] });
      await queries.invalidateQueries({ queryKey: ['databases'] });
      tell(`“${name}” is deleted.`);
    },
  });
  return (
    <Dialog
      title={`Delete “${name}”?`}
      description={`All ${database.rows.toLocaleString()} rows are deleted with it, and clients are disconnected. It cannot be brought back.`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" type="submit" form="delete-database" busy={remove.isPending} disabled={typed !== name}>Delete for good</Button>
        </>
      }
    >
      <form
        id="delete-database"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === name) remove.mutate();
        }}
      >
        {remove.error && <Failure title="The database was not deleted" detail={explain(remove.error)} />}
        <Field label={`Type ${name} to confirm`} mono autoFocus value={typed} onChange={(event) => setTyped(event.target.value)} />
      </form>
    </Dialog>
  );
}
