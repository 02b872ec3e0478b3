import type { Live, LiveState } from './live.js';
import { colourOf, type Figure } from './garden.js';
import type { GameEvent, Reducers, Tables } from './schema.js';

/** The element of this name in index.html. */
export function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no element #${id}`);
  return found as Kind;
}

function make(tag: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className !== '') made.className = className;
  return made;
}

let hiding: ReturnType<typeof setTimeout> | undefined;

/** Says for a moment what went wrong. */
export function complain(error: unknown): void {
  const alert = element('alert');
  alert.textContent = error instanceof Error ? error.message : String(error);
  alert.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (alert.hidden = true), 2500);
}

/** How the connection is: a word above the garden, and a card over it when there is something to do. */
export function showState(state: LiveState): void {
  const pill = element('state');
  pill.className = `pill ${state.kind}`;
  pill.textContent = { connecting: 'Connecting', live: 'Live', waiting: 'Connection lost, trying again', closed: 'Closed' }[state.kind];
  const notice = element('notice');
  notice.hidden = state.kind !== 'waiting' || !state.missing;
  if (state.kind !== 'waiting' || !state.missing) return;
  pill.textContent = 'No database yet';
  const steps = make('ol', '');
  steps.append(make('li', 'Open main.py in the workspace.'), make('li', 'Press “Publish database”.'), make('li', 'Press “Publish” again, so that this page learns its name.'));
  notice.replaceChildren(make('h2', state.reason), make('p', 'This page begins by itself when it is there.'), steps);
}

/** The leader board, the people, and what happened. */
export class Panels {
  constructor(private readonly live: Live<Tables, Reducers>, private readonly chase: (identity: string) => void) {
    live.tables.leaderboard_entry.onChange(() => this.board());
    live.tables.game_event.onChange(() => this.feed());
  }

  board(): void {
    const own = this.live.tables.player.get(this.live.identity)?.name;
    const entries = this.live.tables.leaderboard_entry.rows().sort((a, b) => a.rank - b.rank);
    element('board').replaceChildren(...entries.map((entry) => {
      const row = make('tr', '', entry.player_name === own ? 'mine' : '');
      row.append(...[entry.rank, entry.player_name, entry.score, entry.achievements === 0 ? '' : '★'.repeat(Math.min(3, entry.achievements))].map((text) => make('td', String(text))));
      return row;
    }));
  }

  /** Who is in the garden, and how far away. */
  people(figures: Iterable<Figure>, self: Figure | undefined): void {
    const list = element('players');
    const wanted = [...figures].filter((figure) => figure !== self).sort((a, b) => a.row.name.localeCompare(b.row.name));
    const lines = new Map([...list.children].map((line) => [(line as HTMLElement).dataset['identity'] ?? '', line as HTMLElement]));
    const shown = wanted.map((figure) => {
      const line = lines.get(figure.row.identity) ?? this.person(figure);
      const far = self === undefined ? '' : `${Math.round(Math.hypot(figure.row.position_x - self.x, figure.row.position_y - self.y))} steps`;
      set(line, '.name', figure.row.name);
      (line.querySelector('button') as HTMLElement).hidden = self === undefined;
      set(line, '.far', figure.row.health <= 0 ? 'asleep' : `${Math.round(figure.row.health)} ♥ ${far}`);
      return line;
    });
    if (shown.length === 0) shown.push(lines.get('') ?? make('li', 'Nobody else yet. Open this page in another browser.', 'nobody'));
    if (shown.length !== list.children.length || shown.some((line, place) => list.children[place] !== line)) list.replaceChildren(...shown);
  }

  private person({ row }: Figure): HTMLElement {
    const line = make('li', '');
    line.dataset['identity'] = row.identity;
    const dot = make('span', '', 'dot');
    dot.style.background = colourOf(row.identity);
    const button = make('button', 'Chase');
    button.setAttribute('aria-label', `Chase ${row.name}`);
    button.addEventListener('click', () => this.chase(row.identity));
    line.append(dot, make('span', '', 'name'), make('span', '', 'far'), button);
    return line;
  }

  feed(): void {
    const newest = this.live.tables.game_event.rows().sort((a, b) => b.id - a.id);
    const lines = newest.map((event) => this.line(event)).filter((text) => text !== null).slice(0, 12);
    element('feed').replaceChildren(...lines.map((text) => make('li', text)));
  }

  private line(event: GameEvent): string | null {
    const data = JSON.parse(event.data) as { readonly name?: string; readonly round?: number; readonly score?: number; readonly kind?: string };
    const who = this.live.tables.player.get(event.player_identity)?.name ?? 'Somebody';
    switch (event.event_type) {
      case 'join': return `${who} came into the garden`;
      case 'defeat': return `${who} sent ${data.name ?? 'somebody'} to sleep`;
      case 'win': return `★ ${who} won round ${data.round ?? ''} with ${data.score ?? 0} points`;
      case 'heal': return `${who} drank a potion`;
      case 'find': return data.kind === 'dew' ? null : `${who} found a potion`;
      case 'attack': return null;
    }
  }
}

function set(line: HTMLElement, selector: string, text: string): void {
  const part = line.querySelector(selector);
  if (part !== null && part.textContent !== text) part.textContent = text;
}
