import { createStore } from 'zustand/vanilla';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'cloche.theme';
const darkSystem = globalThis.matchMedia?.('(prefers-color-scheme: dark)');

function stored(): ThemeChoice {
  const value = globalThis.localStorage?.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

function effective(choice: ThemeChoice): 'light' | 'dark' {
  if (choice !== 'system') return choice;
  return darkSystem?.matches === true ? 'dark' : 'light';
}

/** The chosen and the effective theme. `/theme-boot.js` sets the first one before anything is drawn. */
export const theme = createStore<{ choice: ThemeChoice; effective: 'light' | 'dark' }>(() => ({ choice: stored(), effective: effective(stored()) }));

/** Chooses a theme, for this browser. */
export function chooseTheme(choice: ThemeChoice): void {
  if (choice === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  theme.setState({ choice, effective: effective(choice) });
}

theme.subscribe((state) => {
  document.documentElement.dataset['theme'] = state.effective;
});
darkSystem?.addEventListener('change', () => theme.setState((state) => ({ effective: effective(state.choice) })));
