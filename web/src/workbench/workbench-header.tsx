import { Braces, Command, Database, Hammer, Play, RotateCcw, Square, Upload } from 'lucide-react';
import { useCallback } from 'react';
import { CommandService } from '@/platform/commands/commands';
import { ModuleInFront } from '@/platform/databases';
import { EditorTabs } from '@/platform/editors';
import { EngineService, type EngineState } from '@/platform/engine';
import { KeybindingService } from '@/platform/keybindings/keybindings';
import { RunArgumentsToken } from '@/platform/run-arguments';
import { WorkerInFront } from '@/platform/workers/worker-in-front';
import { Button, IconButton } from '@/ui/button';
import { Logo } from '@/ui/logo';
import { useSelected, useValue } from '@/ui/use-value';
import { useService, useSession } from './workbench-context';

/** The workspace's name and what is done most. */
export function WorkbenchHeader() {
  const { workspace } = useSession();
  const commands = useService(CommandService);
  const keys = useService(KeybindingService);
  const engine = useService(EngineService);
  const isRunning = useSelected(engine.state, useCallback((state: EngineState) => state.state === 'running', []));
  const titled = (text: string, command: string) => {
    const label = keys.labelOf(command);
    return label === undefined ? text : `${text} (${label})`;
  };
  return (
    <header className="flex h-10 shrink-0 items-center gap-1.5 border-b border-line bg-bg px-2">
      <a href="/" aria-label="All workspaces" title="All workspaces" className="flex size-8 items-center justify-center rounded-control hover:bg-hover"><Logo size={20} /></a>
      <h1 className="min-w-0 truncate font-medium">{workspace.name}</h1>
      <button
        type="button"
        onClick={() => commands.run('quickOpen.show')}
        className="mx-auto hidden h-7 w-72 min-w-0 items-center gap-2 rounded-control border border-line bg-surface px-2.5 text-small text-faint hover:border-line-strong hover:text-muted md:flex"
      >
        <Command size={13} aria-hidden />
        <span className="flex-1 truncate text-left">Go to file or command</span>
        <kbd className="font-sans text-meta">{keys.labelOf('quickOpen.show')}</kbd>
      </button>
      <div className="ml-auto flex items-center gap-1.5 md:ml-0">
        {isRunning ? (
          <Button small look="danger" icon={<Square size={13} aria-hidden />} title={titled('Stop the program; twice within 2 seconds ends Python', 'run.stop')} onClick={() => commands.run('run.stop')}>Stop</Button>
        ) : (
          <Button small look="primary" icon={<Play size={13} aria-hidden />} title={titled('Run', 'run.file')} onClick={() => commands.run('run.file')}>Run</Button>
        )}
        <ArgumentsButton />
        <Button small look="quiet" className="max-lg:hidden" title={titled('Run the selected text, or the line', 'run.selection')} onClick={() => commands.run('run.selection')}>Run selection</Button>
        <IconButton label="Restart engine" onClick={() => commands.run('engine.restart')} className="!size-7"><RotateCcw size={15} /></IconButton>
        <DatabaseButton />
        <WorkerButton />
        <Button small icon={<Upload size={13} aria-hidden />} onClick={() => commands.run('publish.show')}><span className="max-sm:sr-only">Publish</span></Button>
      </div>
    </header>
  );
}

/** Is there when the file in front is the module of a database. */
function DatabaseButton() {
  const commands = useService(CommandService);
  const path = useValue(useService(ModuleInFront));
  if (path === null) return null;
  return <Button small icon={<Database size={13} aria-hidden />} onClick={() => commands.run('publish.database')}><span className="max-sm:sr-only">Publish database</span></Button>;
}

/** Is there when the file in front is a source of a worker, or a worker. */
function WorkerButton() {
  const commands = useService(CommandService);
  const front = useValue(useService(WorkerInFront));
  if (front === null) return null;
  return front.can === 'build'
    ? <Button small icon={<Hammer size={13} aria-hidden />} onClick={() => commands.run('workers.build', front.path)}><span className="max-sm:sr-only">Build worker</span></Button>
    : <Button small icon={<Upload size={13} aria-hidden />} onClick={() => commands.run('workers.publish', front.path)}><span className="max-sm:sr-only">Publish worker</span></Button>;
}

/** Shows whether the file in front is run with arguments, and which. */
function ArgumentsButton() {
  const commands = useService(CommandService);
  const active = useValue(useService(EditorTabs).active);
  const lines = useValue(useService(RunArgumentsToken).lines);
  const line = active === null ? undefined : lines[active];
  return (
    <IconButton label={line === undefined ? 'Program arguments' : `Program arguments: ${line}`} onClick={() => commands.run('run.arguments')} className="relative !size-7">
      <Braces size={15} />
      {line !== undefined && <span aria-hidden className="absolute top-0.5 right-0.5 size-1.5 rounded-full bg-accent" />}
    </IconButton>
  );
}
