import { Play } from 'lucide-react';
import { useState } from 'react';
import { argumentsProblem } from '@/base/program-arguments';
import type { ValueStore } from '@/base/store';
import { CommandService } from '@/platform/commands/commands';
import { RunArgumentsToken } from '@/platform/run-arguments';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { useValue } from '@/ui/use-value';
import { useService } from '@/workbench/workbench-context';

/** The dialog for a program's arguments; `asked` is the file that it is open for. */
export function createArgumentsDialog(asked: ValueStore<string | null>) {
  return function ArgumentsDialog() {
    const path = useValue(asked);
    return path === null ? null : <OpenDialog key={path} path={path} onClose={() => asked.set(null)} />;
  };
}

function OpenDialog({ path, onClose }: { readonly path: string; readonly onClose: () => void }) {
  const kept = useService(RunArgumentsToken);
  const commands = useService(CommandService);
  const [line, setLine] = useState(kept.of(path));
  const problem = argumentsProblem(line);
  const finish = (isRun: boolean) => {
    if (problem !== null) return;
    kept.set(path, line);
    onClose();
    if (isRun) commands.run('run.file', path);
  };
  return (
    <Dialog
      title={`Arguments for ${path}`}
      description="What the program finds in sys.argv. They are kept for this file and used by every Run."
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button disabled={problem !== null} onClick={() => finish(false)}>Keep</Button>
          <Button look="primary" icon={<Play size={13} aria-hidden />} disabled={problem !== null} onClick={() => finish(true)}>Run with these</Button>
        </>
      }
    >
      <Field
        label="Program arguments"
        value={line}
        mono
        autoFocus
        placeholder={'--count 3 "two words"'}
        hint="Quotes keep words together, as in a shell."
        error={problem ?? undefined}
        onChange={(event) => setLine(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') finish(true);
        }}
      />
    </Dialog>
  );
}
