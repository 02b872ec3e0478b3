import { formatSize } from '@/base/bytes';
import type { EngineState } from '@/platform/engine';
import type { SaveState } from '@/platform/files';
import type { BootPhase } from '@/protocol';

export type Tone = 'ok' | 'warn' | 'err' | 'accent' | 'faint';

export interface Words {
  readonly text: string;
  readonly tone: Tone;
  readonly detail: string;
}

const phases: Record<BootPhase, string> = { engine: 'loading the engine', snapshot: 'loading the snapshot', packages: 'loading packages', files: 'copying files', ready: 'ready' };

/** What the engine does, for the status bar. */
export function engineWords(state: EngineState): Words {
  switch (state.state) {
    case 'connecting':
      return { text: 'Starting', tone: 'warn', detail: 'The engine page is being opened.' };
    case 'booting': {
      const size = state.total > 0 ? ` ${formatSize(state.done)} of ${formatSize(state.total)}` : '';
      return { text: 'Starting', tone: 'warn', detail: `Python: ${phases[state.phase]}${size}` };
    }
    case 'idle':
      return { text: 'Ready', tone: 'ok', detail: 'Python is ready to run.' };
    case 'running':
      return { text: 'Running', tone: 'accent', detail: 'A program is running.' };
    case 'stopped':
      return { text: 'Stopped', tone: 'faint', detail: 'Python was ended. Run starts it anew.' };
    case 'failed':
      return { text: 'Failed', tone: 'err', detail: `${state.message} ${state.help}` };
    case 'blocked':
      return { text: state.reason === 'other-tab' ? 'In another tab' : 'Not available', tone: 'err', detail: `${state.message} ${state.help}` };
  }
}

/** How far saving is, for the status bar. */
export function saveWords(state: SaveState): Words {
  switch (state.state) {
    case 'saved':
      return { text: 'Saved', tone: 'ok', detail: 'The server has everything.' };
    case 'unsaved':
      return { text: 'Not saved yet', tone: 'warn', detail: `${counted(state.changes)} will be saved in a moment. Ctrl+S saves now.` };
    case 'saving':
      return { text: 'Saving…', tone: 'accent', detail: `${counted(state.changes)} on the way to the server.` };
    case 'offline':
      return {
        text: `Offline - ${counted(state.changes)} ${state.kept ? 'kept in this browser' : 'only in this tab'}`,
        tone: state.kept ? 'warn' : 'err',
        detail: `${state.cause} ${state.kept ? 'Nothing is lost: it is saved as soon as the server answers.' : 'Do not close this tab: the browser could not keep the changes.'}`,
      };
    case 'refused':
      return { text: `${state.path} is not saved`, tone: 'err', detail: state.cause };
  }
}

function counted(changes: number): string {
  return changes === 1 ? '1 change' : `${changes} changes`;
}
