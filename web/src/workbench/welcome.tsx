import { useService } from './workbench-context';
import { CommandService } from '@/platform/commands/commands';
import { KeybindingService } from '@/platform/keybindings/keybindings';
import { Logo } from '@/ui/logo';

const shown = [
  ['quickOpen.show', 'Open a file'],
  ['palette.show', 'All commands'],
  ['run.file', 'Run'],
  ['terminal.newPython', 'New Python terminal'],
] as const;

/** What the editor area shows when no file is open. */
export function Welcome() {
  const commands = useService(CommandService);
  const keys = useService(KeybindingService);
  return (
    <div className="flex h-full flex-col items-center justify-center gap-5 bg-surface p-4 text-muted">
      <Logo size={44} />
      <ul className="flex max-w-full flex-col gap-1">
        {shown.map(([command, title]) => (
          <li key={command}>
            <button type="button" className="flex w-64 max-w-full justify-between gap-6 rounded-control px-3 py-1 text-left hover:bg-hover hover:text-fg" onClick={() => commands.run(command)}>
              <span>{title}</span>
              <kbd className="shrink-0 font-sans text-faint max-sm:hidden">{keys.labelOf(command)}</kbd>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
