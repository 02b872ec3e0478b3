/** What main.py declares, for the pages: change both together. */
export interface GameState {
  readonly id: number;
  readonly round_number: number;
  readonly active_players: number;
  readonly game_started: boolean;
  readonly last_updated: number;
  /** Microseconds since 1970. */
  readonly round_ends: number;
}

export interface Player {
  readonly identity: string;
  readonly name: string;
  readonly score: number;
  readonly level: number;
  readonly health: number;
  readonly position_x: number;
  readonly position_y: number;
  readonly active: boolean;
  readonly last_seen: number;
  readonly inventory: readonly string[];
  readonly wins: number;
  readonly last_attack: number;
  readonly down_until: number;
}

export interface Find {
  readonly id: number;
  readonly kind: 'dew' | 'health_potion';
  readonly position_x: number;
  readonly position_y: number;
}

export interface GameEvent {
  readonly id: number;
  readonly player_identity: string;
  readonly event_type: 'join' | 'find' | 'attack' | 'defeat' | 'heal' | 'win';
  /** JSON. */
  readonly data: string;
  readonly timestamp: number;
}

export interface LeaderboardEntry {
  readonly rank: number;
  readonly player_name: string;
  readonly score: number;
  readonly achievements: number;
}

export interface Tables {
  readonly game_state: GameState;
  readonly player: Player;
  readonly find: Find;
  readonly game_event: GameEvent;
  readonly leaderboard_entry: LeaderboardEntry;
}

export interface Reducers {
  readonly join_game: [player_name: string];
  readonly move_player: [x: number, y: number];
  readonly attack_player: [target_identity: string, damage: number];
  readonly heal_player: [amount: number];
}

export const WORLD = 100;
export const REACH = 14;
export const DAMAGE = 12;
export const HEALING = 50;
