import { disposable, type Disposable } from '@/base/disposable';
import { token } from '@/base/services';
import type { CommandService } from '@/platform/commands/commands';

/** `Ctrl+Shift+P`, `F5`, `Ctrl+Enter`; Ctrl means Command on a Mac. */
export interface Keybinding {
  readonly keys: string;
  readonly command: string;
}

export interface KeybindingService {
  register(binding: Keybinding): Disposable;
  /** How the keys of a command are written on this machine; undefined if it has none. */
  labelOf(command: string): string | undefined;
}

export const KeybindingService = token<KeybindingService>('keybindings');

const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

export class WindowKeybindings implements KeybindingService, Disposable {
  private bindings: Keybinding[] = [];
  private readonly listen = (event: KeyboardEvent) => this.pressed(event);

  constructor(private readonly commands: CommandService) {
    window.addEventListener('keydown', this.listen, { capture: true });
  }

  register(binding: Keybinding): Disposable {
    this.bindings.push(binding);
    return disposable(() => {
      this.bindings = this.bindings.filter((other) => other !== binding);
    });
  }

  labelOf(command: string): string | undefined {
    const binding = this.bindings.find((candidate) => candidate.command === command);
    return binding === undefined ? undefined : keyLabel(binding.keys);
  }

  dispose(): void {
    window.removeEventListener('keydown', this.listen, { capture: true });
  }

  private pressed(event: KeyboardEvent): void {
    if (document.querySelector('dialog[open]') !== null) return;
    const keys = keysOf(event, isMac);
    const binding = this.bindings.findLast((candidate) => candidate.keys === keys);
    if (binding === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.commands.run(binding.command);
  }
}

/** The keys of an event in the form of a binding. */
export function keysOf(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>, mac: boolean): string {
  const parts: string[] = [];
  if (mac ? event.metaKey : event.ctrlKey) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey) parts.push('Shift');
  const key = event.code === 'Backquote' ? '`' : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return [...parts, key].join('+');
}

export function keyLabel(keys: string, mac = isMac): string {
  if (!mac) return keys;
  return keys.replace('Ctrl+', '⌘').replace('Alt+', '⌥').replace('Shift+', '⇧');
}
