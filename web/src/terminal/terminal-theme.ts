import type { ITheme } from '@xterm/xterm';
import { tokenColours } from '@/ui/token-colours';

const dark = { black: '#22242c', red: '#f26d78', green: '#3fb98a', yellow: '#e0a743', blue: '#7aa2f7', magenta: '#c792ea', cyan: '#58b6d6', white: '#c9ccd6' };
const light = { black: '#17181c', red: '#c4323f', green: '#12805c', yellow: '#946200', blue: '#2f5fd0', magenta: '#8a3ea8', cyan: '#0b6f8f', white: '#575a66' };
const darkBright = { black: '#797d8b', red: '#ff8f98', green: '#62d3a8', yellow: '#f0c06a', blue: '#9dbbff', magenta: '#dcb0f7', cyan: '#83cde6', white: '#e8e9ed' };
const lightBright = { black: '#666975', red: '#a8202d', green: '#0b6647', yellow: '#7a5000', blue: '#214bb0', magenta: '#722d8c', cyan: '#085a75', white: '#17181c' };

/** The terminal's colours, made from the design tokens. */
export function terminalTheme(effective: 'light' | 'dark'): ITheme {
  const token = tokenColours(['surface', 'fg', 'accent']);
  const bright = effective === 'dark' ? darkBright : lightBright;
  return {
    background: token.surface,
    foreground: token.fg,
    cursor: token.accent,
    cursorAccent: token.surface,
    selectionBackground: `${token.accent}48`,
    ...base(effective),
    brightBlack: bright.black,
    brightRed: bright.red,
    brightGreen: bright.green,
    brightYellow: bright.yellow,
    brightBlue: bright.blue,
    brightMagenta: bright.magenta,
    brightCyan: bright.cyan,
    brightWhite: bright.white,
  };
}

/** How matches of the search stand out; the terminal mixes no alpha into backgrounds of decorations. */
export function matchColours(effective: 'light' | 'dark'): { matchBackground: string; matchOverviewRuler: string; activeMatchBackground: string; activeMatchColorOverviewRuler: string } {
  const [match, active] = effective === 'dark' ? ['#4d3a14', '#8a6414'] : ['#f6e6c4', '#e9bd6a'];
  return { matchBackground: match, activeMatchBackground: active, matchOverviewRuler: base(effective).yellow, activeMatchColorOverviewRuler: base(effective).yellow };
}

function base(effective: 'light' | 'dark'): typeof dark {
  return effective === 'dark' ? dark : light;
}
