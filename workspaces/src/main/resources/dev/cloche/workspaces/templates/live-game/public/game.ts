import { databaseOfPage, Live } from './live.js';
import { Garden, type Figure } from './garden.js';
import { complain, element, Panels, showState } from './panels.js';
import { DAMAGE, HEALING, REACH, WORLD, type Player, type Reducers, type Tables } from './schema.js';
import { shortened, Steering } from './steering.js';

const SPEED = 46;
/** Milliseconds between two messages about one's own place. */
const TELL = 80;

const live = new Live<Tables, Reducers>({
  database: await databaseOfPage(),
  tables: { game_state: 'id', player: 'identity', find: 'id', game_event: 'id', leaderboard_entry: 'rank' },
});
const garden = new Garden(element<HTMLCanvasElement>('garden'));
const figures = new Map<string, Figure>();
const panels = new Panels(live, (identity) => (chased = identity));
const steering = new Steering(element<HTMLCanvasElement>('garden'), garden, { attack, heal });
let chased: string | null = null;
let told = { x: 0, y: 0, at: 0 };

const self = (): Figure | undefined => figures.get(live.identity);

// ---- what the server says

live.onState((state) => {
  showState(state);
  showJoin();
});

live.tables.player.onChange(({ inserted, updated, deleted }) => {
  for (const row of inserted) see(row);
  for (const { before, after } of updated) {
    const figure = see(after);
    if (figure === undefined) continue;
    if (after.health < before.health) {
      figure.hurt = 0.2;
      garden.spark(figure.x, figure.y, `-${Math.round(before.health - after.health)}`, 'alert', true);
    } else if (after.health > before.health && before.health > 0) garden.spark(figure.x, figure.y, `+${Math.round(after.health - before.health)}`, 'potion');
    if (after.score - before.score === 10) garden.spark(figure.x, figure.y, '+10', 'dew');
    if (after.inventory.length > before.inventory.length) garden.spark(figure.x, figure.y, 'a potion', 'potion');
  }
  for (const row of deleted) figures.delete(row.identity);
  showJoin();
  showVitals();
  panels.board();
});

/** Takes a row over; players who are away are not shown. */
function see(row: Player): Figure | undefined {
  if (!row.active && row.identity !== live.identity) {
    figures.delete(row.identity);
    return undefined;
  }
  const known = figures.get(row.identity);
  const figure = known ?? { row, x: row.position_x, y: row.position_y, turn: Math.PI / 2, hurt: 0 };
  const woke = known !== undefined && known.row.health <= 0 && row.health > 0;
  figure.row = row;
  // one's own figure goes ahead of the server's answer, unless the server says something else altogether
  if (woke || Math.hypot(figure.x - row.position_x, figure.y - row.position_y) > 30) {
    figure.x = row.position_x;
    figure.y = row.position_y;
  }
  figures.set(row.identity, figure);
  return figure;
}

function showJoin(): void {
  const joined = live.tables.player.get(live.identity) !== undefined;
  element('join').hidden = live.state.kind !== 'live' || joined;
  element('actions').hidden = !joined;
  element('vitals').hidden = !joined;
}

function showVitals(): void {
  const row = live.tables.player.get(live.identity);
  if (row === undefined) return;
  const potions = row.inventory.filter((one) => one === 'health_potion').length;
  element('score').textContent = String(row.score);
  element('level').textContent = String(row.level);
  element('potions').textContent = String(potions);
  element('health').style.width = `${row.health}%`;
  element('health').className = row.health > 35 ? '' : 'low';
  element<HTMLButtonElement>('heal').disabled = potions === 0 || row.health >= 100 || row.health <= 0;
}

// ---- what the player does

element('join').addEventListener('submit', (event) => {
  event.preventDefault();
  live.call('join_game', element<HTMLInputElement>('name').value).then(() => element('garden').focus(), complain);
});
element('attack').addEventListener('click', attack);
element('heal').addEventListener('click', heal);

function target(): Figure | undefined {
  const own = self();
  if (own === undefined || own.row.health <= 0) return undefined;
  const far = (one: Figure) => Math.hypot(one.row.position_x - own.x, one.row.position_y - own.y);
  const near = [...figures.values()].filter((one) => one !== own && one.row.health > 0 && far(one) <= REACH - 1);
  return near.sort((a, b) => far(a) - far(b))[0];
}

let ready = 0;

function attack(): void {
  const found = target();
  if (found === undefined || performance.now() < ready) return;
  ready = performance.now() + 350;
  tell(true);
  live.call('attack_player', found.row.identity, DAMAGE).catch(complain);
}

function heal(): void {
  live.call('heal_player', HEALING).catch(complain);
}

/** Goes a step: where the player steers, or after somebody. */
function walk(own: Figure, seconds: number): void {
  let direction = steering.direction(own);
  if (direction !== null) chased = null;
  const prey = chased === null ? undefined : figures.get(chased);
  if (direction === null && prey !== undefined) {
    const x = prey.row.position_x - own.x;
    const y = prey.row.position_y - own.y;
    if (Math.hypot(x, y) > REACH - 4) direction = shortened(x, y);
  }
  if (direction === null || own.row.health <= 0) return;
  const clamp = (value: number) => Math.max(-WORLD, Math.min(WORLD, value));
  own.x = clamp(own.x + direction.x * SPEED * seconds);
  own.y = clamp(own.y + direction.y * SPEED * seconds);
  own.turn = Math.atan2(direction.y, direction.x);
}

/** Tells the server where one is, not too often. */
function tell(atOnce = false): void {
  const own = self();
  const now = performance.now();
  if (own === undefined || own.row.health <= 0 || live.state.kind !== 'live') return;
  if (Math.hypot(own.x - told.x, own.y - told.y) < 0.05 || (!atOnce && now - told.at < TELL)) return;
  told = { x: own.x, y: own.y, at: now };
  live.call('move_player', own.x, own.y).catch(() => {});
}

// ---- the picture

let last = performance.now();

function frame(now: number): void {
  const seconds = Math.min(0.1, (now - last) / 1000);
  last = now;
  const own = self();
  if (own !== undefined && live.state.kind === 'live') walk(own, seconds);
  tell();
  for (const figure of figures.values()) {
    figure.hurt = Math.max(0, figure.hurt - seconds);
    if (figure === own) continue;
    const x = figure.row.position_x - figure.x;
    const y = figure.row.position_y - figure.y;
    if (Math.hypot(x, y) > 0.5) figure.turn = Math.atan2(y, x);
    const part = 1 - Math.exp(-seconds * 12);
    figure.x += x * part;
    figure.y += y * part;
  }
  const found = target();
  element<HTMLButtonElement>('attack').disabled = found === undefined;
  garden.draw({ figures: figures.values(), finds: live.tables.find.rows(), self: own, target: found, stick: steering.stick }, seconds, now);
  requestAnimationFrame(frame);
}

function everyQuarter(): void {
  panels.people(figures.values(), self());
  const game = live.tables.game_state.get(1);
  element('round').hidden = game === undefined || live.state.kind !== 'live';
  if (game === undefined) return;
  const left = Math.max(0, Math.ceil(game.round_ends / 1_000_000 - Date.now() / 1000));
  element('round').textContent = `Round ${game.round_number} · ${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
}

requestAnimationFrame(frame);
setInterval(everyQuarter, 250);
