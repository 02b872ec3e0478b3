"""A small game for several players: they join, walk, fight and heal; the clock clears up and keeps a leaderboard."""

import json
from dataclasses import dataclass

from cloche import ReducerContext, ReducerError, TimeDuration, auto_inc, init, reducer, scheduled, table, view

WORLD = 100.0
REACH = 10.0
ENTRIES = 10
AWAY_AFTER = TimeDuration.of(minutes=5)


@table(public=True, primary_key="id")
class GameState:
    id: int = 1
    round_number: int = 0
    active_players: int = 0
    game_started: bool = False
    last_updated: int = 0


@table(public=True, primary_key="identity", indexes=["name", "score"])
class Player:
    identity: str
    name: str
    score: int = 0
    level: int = 1
    health: float = 100.0
    position_x: float = 0.0
    position_y: float = 0.0
    active: bool = True
    last_seen: int = 0
    inventory: list[str] = []


@table(public=True, primary_key="id", indexes=["player_identity", "event_type", "timestamp"])
class GameEvent:
    id: int = auto_inc()
    player_identity: str
    event_type: str
    data: str
    timestamp: int


@table(public=True, primary_key="rank", indexes=["player_name"])
class LeaderboardEntry:
    rank: int
    player_name: str
    score: int
    achievements: int = 0


@dataclass
class GameStatus:
    round_number: int
    active_players: int
    recent_events: int


@init
def start(ctx: ReducerContext):
    ctx.db.get_table(GameState).insert(GameState(round_number=1, game_started=True, last_updated=ctx.timestamp))


def game(ctx: ReducerContext) -> GameState:
    """How the game goes: the table has one row."""
    return ctx.db.get_table(GameState).scan()[0]


def me(ctx: ReducerContext) -> Player:
    """The caller's player; calls of people who have not joined are refused."""
    player = ctx.db.get_table(Player).find_by_identity(str(ctx.sender))
    if player is None:
        raise ReducerError("join the game first")
    return player


def record(ctx: ReducerContext, event_type: str, **data):
    ctx.db.get_table(GameEvent).insert(GameEvent(str(ctx.sender), event_type, json.dumps(data), ctx.timestamp))


def save(ctx: ReducerContext, player: Player):
    """Stores a player who has just acted."""
    player.last_seen = ctx.timestamp
    player.active = True
    ctx.db.get_table(Player).update(player)


def count_active(ctx: ReducerContext):
    state = game(ctx)
    state.active_players = ctx.db.get_table(Player).count(active=True)
    state.last_updated = ctx.timestamp
    ctx.db.get_table(GameState).update(state)


@reducer
def join_game(ctx: ReducerContext, player_name: str):
    if not player_name.strip():
        raise ReducerError("a player needs a name")
    players = ctx.db.get_table(Player)
    if players.find_by_identity(str(ctx.sender)):
        ctx.log(f"{player_name} is in the game already")
        return
    players.insert(Player(identity=str(ctx.sender), name=player_name, last_seen=ctx.timestamp, inventory=["starter_sword", "health_potion"]))
    count_active(ctx)
    record(ctx, "join", player_name=player_name)
    ctx.log(f"{player_name} joined")


@reducer
def move_player(ctx: ReducerContext, x: float, y: float):
    if not (-WORLD <= x <= WORLD and -WORLD <= y <= WORLD):
        raise ReducerError(f"the world ends at {WORLD}")
    player = me(ctx)
    player.position_x, player.position_y = x, y
    save(ctx, player)
    record(ctx, "move", x=x, y=y)


@reducer
def attack_player(ctx: ReducerContext, target_identity: str, damage: int):
    attacker = me(ctx)
    target = ctx.db.get_table(Player).find_by_identity(target_identity)
    if target is None or target.health <= 0 or target.identity == attacker.identity:
        raise ReducerError("there is nobody to attack")
    if damage <= 0:
        raise ReducerError("damage is a number above 0")
    if (attacker.position_x - target.position_x) ** 2 + (attacker.position_y - target.position_y) ** 2 > REACH**2:
        raise ReducerError("the target is too far away")
    dealt = min(damage, int(target.health))
    target.health -= dealt
    attacker.score += dealt
    if target.health <= 0:
        attacker.score += 50
        ctx.log(f"{attacker.name} defeated {target.name}")
    ctx.db.get_table(Player).update(target)
    save(ctx, attacker)
    record(ctx, "attack", target=target_identity, damage=dealt)


@reducer
def heal_player(ctx: ReducerContext, amount: int):
    player = me(ctx)
    if "health_potion" not in player.inventory:
        raise ReducerError("no health potion left")
    if amount <= 0:
        raise ReducerError("amount is a number above 0")
    player.inventory.remove("health_potion")
    before = player.health
    player.health = min(100.0, before + amount)
    save(ctx, player)
    record(ctx, "heal", amount=player.health - before)


@reducer
def update_leaderboard(ctx: ReducerContext):
    best = sorted(ctx.db.get_table(Player).scan(), key=lambda player: player.score, reverse=True)[:ENTRIES]
    board = ctx.db.get_table(LeaderboardEntry)
    board.delete()
    for rank, player in enumerate(best, 1):
        board.insert(LeaderboardEntry(rank, player.name, player.score))


@scheduled(interval_ms=30_000)
def game_tick(ctx: ReducerContext):
    """Marks players who have been away for long."""
    players = ctx.db.get_table(Player)
    for player in players.filter(active=True, last_seen__lt=ctx.timestamp - AWAY_AFTER):
        player.active = False
        players.update(player)
    count_active(ctx)


@scheduled(interval_ms=120_000)
def leaderboard_update(ctx: ReducerContext):
    update_leaderboard(ctx)


@scheduled(delay_ms=10_000, repeating=False)
def game_start_announcement(ctx: ReducerContext):
    ctx.log("The game is open: join_game, move_player, attack_player, heal_player")


@view
def game_status(ctx) -> GameStatus | None:
    """One row: how the game goes."""
    state = ctx.db.get_table(GameState).find_by_id(1)
    return state and GameStatus(state.round_number, state.active_players, ctx.db.get_table(GameEvent).count())
