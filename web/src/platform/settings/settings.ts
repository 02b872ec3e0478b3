import { token } from '@/base/services';
import { ValueStore, type ReadableStore } from '@/base/store';

/** What a person can set about the IDE; kept in this browser. The theme has its own place in platform/theme. */
export interface Settings {
  readonly fontSize: number;
  readonly tabSize: number;
  readonly wordWrap: boolean;
  readonly minimap: boolean;
  readonly lineNumbers: boolean;
  readonly renderWhitespace: boolean;
  readonly vim: boolean;
  readonly formatOnSave: boolean;
  readonly saveIdleSeconds: number;
  readonly saveAtMostSeconds: number;
  readonly terminalFontSize: number;
  readonly installMissing: boolean;
  readonly typeChecking: 'off' | 'basic' | 'standard' | 'strict';
}

export const defaultSettings: Settings = {
  fontSize: 13,
  tabSize: 4,
  wordWrap: false,
  minimap: false,
  lineNumbers: true,
  renderWhitespace: false,
  vim: false,
  formatOnSave: false,
  saveIdleSeconds: 1,
  saveAtMostSeconds: 5,
  terminalFontSize: 12.5,
  installMissing: true,
  typeChecking: 'basic',
};

export interface SettingsService {
  readonly store: ReadableStore<Settings>;
  set<K extends keyof Settings>(key: K, value: Settings[K]): void;
  reset(): void;
}

export const SettingsService = token<SettingsService>('settings');

const storageKey = 'cloche.settings';
const typeCheckingLevels = new Set(['off', 'basic', 'standard', 'strict']);

export class LocalSettings implements SettingsService {
  readonly store: ValueStore<Settings>;

  constructor(private readonly storage: Storage) {
    this.store = new ValueStore(readSettings(storage.getItem(storageKey)));
    window.addEventListener('storage', (event) => {
      if (event.key === storageKey) this.store.set(readSettings(event.newValue));
    });
  }

  set<K extends keyof Settings>(key: K, value: Settings[K]): void {
    this.store.update((settings) => ({ ...settings, [key]: value }));
    this.storage.setItem(storageKey, JSON.stringify(this.store.getState()));
  }

  reset(): void {
    this.store.set(defaultSettings);
    this.storage.removeItem(storageKey);
  }
}

/** Takes what has the right type and lies within limits; the rest gets its default. */
export function readSettings(text: string | null): Settings {
  let stored: Record<string, unknown> = {};
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value === 'object' && value !== null) stored = value as Record<string, unknown>;
  } catch {
    // damaged settings are no reason not to start
  }
  const settings: Record<string, unknown> = { ...defaultSettings };
  for (const [key, value] of Object.entries(defaultSettings)) {
    if (typeof stored[key] === typeof value) settings[key] = stored[key];
  }
  const read = settings as unknown as Settings;
  return {
    ...read,
    fontSize: within(read.fontSize, 8, 32),
    tabSize: within(read.tabSize, 1, 8),
    terminalFontSize: within(read.terminalFontSize, 8, 32),
    saveIdleSeconds: within(read.saveIdleSeconds, 0.2, 60),
    saveAtMostSeconds: within(read.saveAtMostSeconds, 1, 300),
    typeChecking: typeCheckingLevels.has(read.typeChecking) ? read.typeChecking : defaultSettings.typeChecking,
  };
}

function within(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : least;
}
