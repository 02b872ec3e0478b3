import { useState } from 'react';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import type { DatabaseAnswer } from './queries';

/** A moment in the form of the input for one: local time, to the second. */
function local(time: Date): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** Downloads the database as it is, or as it was at a time that is still kept. */
export function BackupDialog({ name, history, onClose }: { readonly name: string; readonly history: DatabaseAnswer['history']; readonly onClose: () => void }) {
  const [time, setTime] = useState('');
  const [now] = useState(() => new Date());
  const from = new Date(history.from);
  const chosen = time === '' ? null : new Date(time);
  const problem = chosen !== null && chosen < from ? `The history begins at ${from.toLocaleString()}.` : chosen !== null && chosen > now ? 'That is in the future.' : undefined;
  const query = chosen === null ? '' : `?at=${encodeURIComponent(chosen.toISOString())}`;
  return (
    <Dialog
      title={`Back up “${name}”`}
      description="Module and rows as one file, of which ./cloche db restore makes a new database. This one goes on."
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={problem !== undefined} onClick={() => { window.location.assign(`/api/databases/${encodeURIComponent(name)}/backup${query}`); onClose(); }}>Download</Button>
        </>
      }
    >
      <Field label="As it was at (empty: now)" type="datetime-local" step={1} min={local(from)} max={local(now)} value={time} error={problem}
        hint={`Kept since ${from.toLocaleString()}, transactions ${history.first.toLocaleString()} to ${history.last.toLocaleString()}.`} onChange={(event) => setTime(event.target.value)} />
    </Dialog>
  );
}
