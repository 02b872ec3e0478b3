import { Command as CommandIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { fuzzyRank } from '@/base/fuzzy';
import { nameOf, parentOf } from '@/base/paths';
import { ValueStore } from '@/base/store';
import { CommandService } from '@/platform/commands/commands';
import { EditorTabs } from '@/platform/editors';
import { WorkspaceFiles } from '@/platform/files';
import { KeybindingService } from '@/platform/keybindings/keybindings';
import { useValue } from '@/ui/use-value';
import { FileIcon } from '@/workbench/file-icon';
import { Matched, Palette, PaletteItem } from '@/workbench/palette';
import { useService, useSession } from '@/workbench/workbench-context';

/** What the palette begins with, while it is open: nothing for files, `>` for commands, `:` for a line. */
export const quickOpen = new ValueStore<{ readonly text: string } | null>(null);

export function QuickOpen() {
  const shown = useValue(quickOpen);
  return shown === null ? null : <OpenPalette key={shown.text} initial={shown.text} />;
}

function OpenPalette({ initial }: { readonly initial: string }) {
  const [text, setText] = useState(initial);
  const close = () => quickOpen.set(null);
  const isCommand = text.startsWith('>');
  const isLine = text.startsWith(':');
  const label = isCommand ? 'Commands' : isLine ? 'Go to line' : 'Files';
  return (
    <Palette label={label} placeholder="File name, > for commands, : for a line" value={text} onValue={setText} onClose={close}>
      {isCommand ? <Commands query={text.slice(1)} onDone={close} /> : isLine ? <Line text={text.slice(1)} onDone={close} /> : <Files query={text} onDone={close} />}
    </Palette>
  );
}

interface ListProps {
  readonly query: string;
  readonly onDone: () => void;
}

function Files({ query, onDone }: ListProps) {
  const files = useService(WorkspaceFiles);
  const { tabs } = useSession();
  const version = useValue(files.treeVersion);
  const paths = useMemo(() => {
    const recent = tabs.recentPaths.filter((path) => files.get(path)?.kind === 'file');
    const seen = new Set(recent);
    const rest = [...files.files()].map((node) => node.path).filter((path) => !seen.has(path));
    return [...recent, ...rest.sort()];
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the version stands for the tree
  }, [files, tabs, version]);
  const found = useMemo(() => fuzzyRank(query, paths, (path) => path, 60), [query, paths]);
  return found.map(({ item: path, match }) => {
    const folder = parentOf(path);
    const offset = folder === '' ? 0 : folder.length + 1;
    return (
      <PaletteItem
        key={path}
        value={path}
        onSelect={() => {
          onDone();
          tabs.show(path);
        }}
      >
        <FileIcon name={nameOf(path)} />
        <Matched text={nameOf(path)} positions={match.positions} offset={offset} />
        <span className="min-w-0 flex-1 truncate text-small text-muted"><Matched text={folder} positions={match.positions} /></span>
      </PaletteItem>
    );
  });
}

function Commands({ query, onDone }: ListProps) {
  const commands = useService(CommandService);
  const keys = useService(KeybindingService);
  const all = useValue(commands.all).filter((command) => command.title !== undefined && command.isEnabled?.() !== false);
  const titleOf = (command: (typeof all)[number]) => `${command.category === undefined ? '' : `${command.category}: `}${command.title}`;
  const found = fuzzyRank(query, [...all].sort((a, b) => titleOf(a).localeCompare(titleOf(b))), titleOf, 100);
  return found.map(({ item, match }) => (
    <PaletteItem
      key={item.id}
      value={item.id}
      onSelect={() => {
        onDone();
        // the palette gives the focus back first
        setTimeout(() => commands.run(item.id));
      }}
    >
      <CommandIcon size={13} aria-hidden className="text-faint" />
      <span className="flex-1 truncate"><Matched text={titleOf(item)} positions={match.positions} /></span>
      <kbd className="font-sans text-meta text-faint">{keys.labelOf(item.id)}</kbd>
    </PaletteItem>
  ));
}

function Line({ text, onDone }: { readonly text: string; readonly onDone: () => void }) {
  const tabs = useService(EditorTabs);
  const active = useValue(tabs.active);
  const line = Number.parseInt(text, 10);
  if (active === null || !Number.isFinite(line) || line < 1) return <p className="px-3 py-2 text-muted">{active === null ? 'No file is open.' : 'Type the number of a line.'}</p>;
  return (
    <PaletteItem
      value="line"
      onSelect={() => {
        onDone();
        setTimeout(() => tabs.show(active, { place: { line, column: 1 } }));
      }}
    >
      Go to line {line} of {nameOf(active)}
    </PaletteItem>
  );
}
