"""A module with a column of every type, for comparing what is made of it."""

from dataclasses import dataclass
from enum import Enum

from cloche import (F32, I16, I128, U8, U32, U64, U256, ConnectionId, Identity, ReducerContext, ReducerError, ScheduleAt, TaggedEnum, TimeDuration,
                    Timestamp, Uuid, hash, procedure, reducer, table, view)


class Colour(Enum):
    RED = 0
    GREEN = 1


class Shape(TaggedEnum):
    Circle: float
    Nothing: None
    Many: "list[Shape]"


@dataclass
class Point:
    x: F32
    y: F32


@dataclass
class Tree:
    value: U32
    children: "list[Tree]"


@table(public=True, primary_key="id", auto_inc="id", unique=["nick"], indexes=["colour_name", ("created_at", "nick"), hash("data")])
class Thing:
    id: U64
    created_at: Timestamp
    nick: str
    colour_name: str
    name: str | None
    who: Identity
    conn: ConnectionId
    dur: TimeDuration
    at: ScheduleAt
    uu: Uuid
    data: bytes
    big: U256
    neg: I128
    lists: list[list[I16]]
    colour: Colour
    shape: Shape
    point: Point
    tree: Tree
    flag: bool
    f: float


@table(public=True, event=True)
class HasHappened:
    text: str


@table
class Secret:
    x: int


@reducer
def send_message(ctx: ReducerContext, text: str, shape: Shape, maybe: U8 | None):
    ctx.log(f"{text} {shape!r} {maybe!r}")
    ctx.db.has_happened.insert(HasHappened(text))


@reducer
def add(ctx: ReducerContext, nick: str, who: Identity):
    ctx.db.thing.insert(Thing(
        ctx.timestamp, nick, "red", None, who, ConnectionId("07" * 16), TimeDuration(5), Timestamp(7), Uuid(int=9), b"\x01\xff", 2 ** 255,
        -(2 ** 100), [[1, -2], []], Colour.GREEN, Shape.Many([Shape.Circle(1.5), Shape.Nothing()]), Point(1.0, 2.0), Tree(1, [Tree(2, [])]), True, 0.5))


@reducer
def fail(ctx: ReducerContext):
    raise ReducerError("not today")


@procedure
def sum_it(ctx, a: U32, p: Point) -> U64:
    return a + int(p.x)


@procedure
def things(ctx) -> list[Thing]:
    with ctx.transaction() as tx:
        return list(tx.db.thing)


@procedure
def nothing(ctx) -> None:
    pass


@view
def greens(ctx) -> list[Thing]:
    return list(ctx.db.thing)
