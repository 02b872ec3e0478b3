"""A game for several players in a garden: they join, walk, gather dew, fight and heal; the best of a round wins it.

This file is the module of a live database. "Publish database" sends it to the server; the pages in public/ subscribe to its
tables and call its reducers. Every reducer is one transaction: it happens as a whole or not at all.
"""

import json
from dataclasses import dataclass
from math import hypot

from cloche import ReducerContext, ReducerError, TimeDuration, auto_inc, client_connected, client_disconnected, init, reducer, scheduled, table, view

WORLD = 100.0  # the garden reaches from -WORLD to WORLD
REACH = 14.0  # how far an attack reaches
GRASP = 7.0  # how near one has to be to pick something up
SPEED = 60.0  # the farthest that somebody gets in a second
MOST_DAMAGE = 20
COOLDOWN = TimeDuration.of(milliseconds=300)
DOWN = TimeDuration.of(seconds=3)
ROUND = TimeDuration.of(minutes=2)
AWAY_AFTER = TimeDuration.of(minutes=5)
FINDS = {"dew": 14, "health_potion": 3}  # how many of each lie in the garden
ENTRIES = 10
EVENTS_KEPT = 50


@table(public=True, primary_key="id")
class GameState:
    id: int = 1
    round_number: int = 0
    active_players: int = 0
    game_started: bool = False
    last_updated: int = 0
    round_ends: int = 0


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
    wins: int = 0
    last_attack: int = 0
    down_until: int = 0


@table(public=True, primary_key="id")
class Find:
    """Something that lies in the garden."""

    id: int = auto_inc()
    kind: str
    position_x: float
    position_y: float


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
    state = GameState(round_number=1, game_started=True, last_updated=ctx.timestamp, round_ends=ctx.timestamp + ROUND)
    ctx.db.get_table(GameState).insert(state)
    for kind, count in FINDS.items():
        for _ in range(count):
            drop(ctx, kind)


def game(ctx: ReducerContext) -> GameState:
    """How the game goes: the table has one row."""
    return ctx.db.get_table(GameState).scan()[0]


def me(ctx: ReducerContext) -> Player:
    """The caller's player; calls of people who have not joined are refused."""
    player = ctx.db.get_table(Player).find_by_identity(str(ctx.sender))
    if player is None:
        raise ReducerError("join the game first")
    return player


def awake(ctx: ReducerContext) -> Player:
    player = me(ctx)
    if player.health <= 0:
        raise ReducerError("you are asleep for a moment")
    return player


def record(ctx: ReducerContext, who: str, event_type: str, **data):
    events = ctx.db.get_table(GameEvent)
    event = events.insert(GameEvent(who, event_type, json.dumps(data), ctx.timestamp))
    if event.id % 10 == 0:
        events.delete(id__lte=event.id - EVENTS_KEPT)


def save(ctx: ReducerContext, player: Player):
    """Stores a player who has just acted."""
    player.last_seen = ctx.timestamp
    player.active = True
    player.level = 1 + player.score // 100
    ctx.db.get_table(Player).update(player)


def drop(ctx: ReducerContext, kind: str):
    ctx.db.get_table(Find).insert(Find(kind, *somewhere(ctx, WORLD - 8)))


def somewhere(ctx: ReducerContext, size: float) -> tuple[float, float]:
    return round(ctx.random.uniform(-size, size), 1), round(ctx.random.uniform(-size, size), 1)


def count_active(ctx: ReducerContext):
    state = game(ctx)
    state.active_players = ctx.db.get_table(Player).count(active=True)
    state.last_updated = ctx.timestamp
    ctx.db.get_table(GameState).update(state)


@reducer
def join_game(ctx: ReducerContext, player_name: str):
    player_name = player_name.strip()
    if not player_name:
        raise ReducerError("a player needs a name")
    if len(player_name) > 20:
        raise ReducerError("a name has 20 characters at most")
    players = ctx.db.get_table(Player)
    if players.find_by_identity(str(ctx.sender)):
        ctx.log(f"{player_name} is in the game already")
        return
    x, y = somewhere(ctx, WORLD / 2)
    players.insert(Player(identity=str(ctx.sender), name=player_name, position_x=x, position_y=y, last_seen=ctx.timestamp, inventory=["health_potion"]))
    count_active(ctx)
    update_leaderboard(ctx)
    record(ctx, str(ctx.sender), "join", name=player_name)
    ctx.log(f"{player_name} joined")


@reducer
def move_player(ctx: ReducerContext, x: float, y: float):
    if not (-WORLD <= x <= WORLD and -WORLD <= y <= WORLD):
        raise ReducerError(f"the world ends at {WORLD}")
    player = awake(ctx)
    dx, dy = x - player.position_x, y - player.position_y
    # nobody is faster than the game allows, whatever his page says
    farthest = SPEED * min(1.0, (ctx.timestamp - player.last_seen) / 1_000_000) + 5
    part = min(1.0, farthest / max(hypot(dx, dy), 0.001))
    player.position_x += dx * part
    player.position_y += dy * part
    pick_up(ctx, player)
    save(ctx, player)


def pick_up(ctx: ReducerContext, player: Player):
    finds = ctx.db.get_table(Find)
    for find in finds.scan():
        if hypot(find.position_x - player.position_x, find.position_y - player.position_y) > GRASP:
            continue
        finds.delete(find)
        if find.kind == "dew":
            player.score += 10
            ctx.db.get_table(Player).update(player)
            update_leaderboard(ctx)
        else:
            player.inventory.append(find.kind)
        record(ctx, player.identity, "find", kind=find.kind)


@reducer
def attack_player(ctx: ReducerContext, target_identity: str, damage: int):
    attacker = awake(ctx)
    players = ctx.db.get_table(Player)
    target = players.find_by_identity(target_identity)
    if target is None or target.health <= 0 or target.identity == attacker.identity:
        raise ReducerError("there is nobody to attack")
    if not 0 < damage <= MOST_DAMAGE:
        raise ReducerError(f"damage is a number from 1 to {MOST_DAMAGE}")
    if hypot(attacker.position_x - target.position_x, attacker.position_y - target.position_y) > REACH:
        raise ReducerError("the target is too far away")
    if ctx.timestamp - attacker.last_attack < COOLDOWN:
        raise ReducerError("not so fast")
    dealt = min(damage, target.health)
    target.health -= dealt
    attacker.score += int(dealt)
    attacker.last_attack = ctx.timestamp
    record(ctx, attacker.identity, "attack", target=target_identity, damage=dealt)
    if target.health <= 0:
        attacker.score += 50
        target.down_until = ctx.timestamp + DOWN
        record(ctx, attacker.identity, "defeat", target=target_identity, name=target.name)
        ctx.log(f"{attacker.name} defeated {target.name}")
    players.update(target)
    save(ctx, attacker)
    update_leaderboard(ctx)


@reducer
def heal_player(ctx: ReducerContext, amount: int):
    player = awake(ctx)
    if "health_potion" not in player.inventory:
        raise ReducerError("no health potion left")
    if not 0 < amount <= 50:
        raise ReducerError("amount is a number from 1 to 50")
    if player.health >= 100:
        raise ReducerError("you are well already")
    player.inventory.remove("health_potion")
    before = player.health
    player.health = min(100.0, before + amount)
    save(ctx, player)
    record(ctx, player.identity, "heal", amount=player.health - before)


@reducer
def update_leaderboard(ctx: ReducerContext):
    """Writes only the ranks that have changed, so only these are sent."""
    players = [player for player in ctx.db.get_table(Player).scan() if player.active or player.score > 0]
    best = sorted(players, key=lambda player: (-player.score, player.name))[:ENTRIES]
    board = ctx.db.get_table(LeaderboardEntry)
    for rank, player in enumerate(best, 1):
        entry = LeaderboardEntry(rank, player.name, player.score, player.wins)
        before = board.find_by_rank(rank)
        if before is None:
            board.insert(entry)
        elif (before.player_name, before.score, before.achievements) != (entry.player_name, entry.score, entry.achievements):
            board.update(entry)
    board.delete(rank__gt=len(best))


@scheduled(interval_ms=500)
def game_tick(ctx: ReducerContext):
    """Wakes players up, lets new things grow, ends rounds. Nothing happens in an empty garden."""
    players = ctx.db.get_table(Player)
    for player in players.filter(health=0.0, down_until__lte=ctx.timestamp):
        player.health = 100.0
        player.position_x, player.position_y = somewhere(ctx, WORLD - 10)
        players.update(player)
    if players.count(active=True) == 0:
        return
    for kind, most in FINDS.items():
        if ctx.db.get_table(Find).count(kind=kind) < most and ctx.random.random() < 0.3:
            drop(ctx, kind)
    state = game(ctx)
    if ctx.timestamp >= state.round_ends:
        end_round(ctx, state)


def end_round(ctx: ReducerContext, state: GameState):
    players = ctx.db.get_table(Player)
    winner = max(players.scan(), key=lambda player: player.score)
    if winner.score > 0:
        record(ctx, winner.identity, "win", name=winner.name, score=winner.score, round=state.round_number)
    for player in players.scan():
        player.wins += winner.score > 0 and player.identity == winner.identity
        player.score, player.level = 0, 1
        players.update(player)
    state.round_number += 1
    state.round_ends = ctx.timestamp + ROUND
    ctx.db.get_table(GameState).update(state)
    update_leaderboard(ctx)


@scheduled(interval_ms=30_000)
def look_for_absent(ctx: ReducerContext):
    """Marks players who have been away for long."""
    for player in ctx.db.get_table(Player).filter(active=True, last_seen__lt=ctx.timestamp - AWAY_AFTER):
        show(ctx, player, False)


@client_connected
def came(ctx: ReducerContext):
    show(ctx, ctx.db.get_table(Player).find_by_identity(str(ctx.sender)), True)


@client_disconnected
def left(ctx: ReducerContext):
    show(ctx, ctx.db.get_table(Player).find_by_identity(str(ctx.sender)), False)


def show(ctx: ReducerContext, player: Player | None, active: bool):
    if player is None or player.active == active:
        return
    player.active = active
    if active:
        player.last_seen = ctx.timestamp
    ctx.db.get_table(Player).update(player)
    count_active(ctx)
    update_leaderboard(ctx)


@view
def game_status(ctx) -> GameStatus | None:
    """One row: how the game goes."""
    state = ctx.db.get_table(GameState).find_by_id(1)
    return state and GameStatus(state.round_number, state.active_players, ctx.db.get_table(GameEvent).count())
