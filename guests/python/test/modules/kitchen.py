"""Everything a module can declare, for tests."""

import enum
from dataclasses import dataclass

import cloche
from cloche import (
    I32, U8, U32, U64, HandlerContext, Identity, ProcedureContext, Query, ReducerContext, ReducerError, Request, ScheduleAt, TaggedEnum, TimeDuration,
    Timestamp, ViewContext, auto_inc, client_connected, http_handler, init, procedure, reducer, scheduled, table, view,
)


class Colour(enum.Enum):
    RED = 1
    GREEN = 2


@dataclass
class Point:
    x: float
    y: float


class Shape(TaggedEnum):
    Circle: float
    Corner: Point
    Nothing: None


@table(public=True, primary_key="id", auto_inc="id", unique=["email"], indexes=["age", ("city", "age"), cloche.hash("colour")])
class Person:
    id: U32
    email: str
    city: str
    age: U8
    colour: Colour = Colour.RED
    tags: list[str] = []
    shape: Shape = Shape.Nothing()
    note: str | None = None


@table(indexes=[cloche.direct("slot")])
class Cell:
    slot: U32
    value: I32


@table(public=True, event=True)
class Shot:
    where: Point
    by: Identity


@table(primary_key="id")
class Reminder:
    id: U64 = auto_inc()
    due: ScheduleAt
    text: str


@init
def begin(ctx: ReducerContext):
    ctx.db.cell.insert(Cell(1, -1))


@client_connected
def come_in(ctx: ReducerContext):
    if ctx.claims and ctx.claims.get("banned"):
        raise ReducerError("you are banned")


@reducer
def add(ctx: ReducerContext, email: str, city: str, age: U8):
    person = ctx.db.person.insert(Person(email, city, age))
    ctx.log(f"person {person.id}")


@reducer
def grow(ctx: ReducerContext, email: str, age: I32):
    person = ctx.db.person.find_by_email(email)
    person.age = age
    ctx.db.person.update(person)


@reducer
def shoot(ctx: ReducerContext, x: float, y: float):
    ctx.db.shot.insert(Shot(Point(x, y), ctx.sender))


@reducer
def remind(ctx: ReducerContext, text: str, millis: U32):
    ctx.db.reminder.insert(Reminder(ctx.timestamp + TimeDuration.of(milliseconds=millis), text))


@reducer
def boom(ctx: ReducerContext):
    ctx.db.cell.insert(Cell(99, 0))
    print("before", 7)
    return {}["x"]


@reducer
def draw(ctx: ReducerContext):
    ctx.log(f"drew {ctx.random.randrange(1_000_000)}")


@scheduled(Reminder)
def ring(ctx: ReducerContext, reminder: Reminder):
    ctx.log.warning(f"ring: {reminder.text}")


@view
def my_shots(ctx: ViewContext) -> list[Person]:
    return ctx.db.person.filter(city="Bern")


@view(anonymous=True)
def oldest(ctx: ViewContext) -> Person | None:
    people = ctx.db.person.filter(age__gte=0)
    return people[-1] if people else None


@view(anonymous=True)
def adults(ctx: ViewContext) -> Query[Person]:
    return Query("SELECT * FROM person WHERE age >= 18")


@procedure
def total_age(ctx: ProcedureContext, extra: U32) -> U64:
    with ctx.transaction() as tx:
        tx.db.cell.insert(Cell(extra, 0))
        return extra + sum(person.age for person in tx.db.person)


@procedure
def fetch(ctx: ProcedureContext, url: str) -> str:
    answer = ctx.http("GET", url, headers={"accept": "text/plain"}, timeout=2.5)
    return f"{answer.status} {answer.header('X-Kind')} {answer.text()}"


@http_handler("/cells", methods=["POST"])
def add_cell(ctx: HandlerContext, request: Request):
    with ctx.transaction() as tx:
        tx.db.cell.insert(Cell(request.json()["x"], int(request.query.get("y", "0"))))
        return {"cells": tx.db.cell.scan(), "sender": tx.sender == ctx.identity}, 201, {"x-kind": request.header("X-Kind", "none")}


@http_handler("/form", methods="*")
@http_handler("")
def said(ctx: HandlerContext, request: Request):
    if "refuse" in request.query:
        raise ReducerError("not this one")
    if "fail" in request.query:
        return {1, 2}
    return f"{request.method} {request.path}?{request.query_string} {request.form}"


@http_handler("/nothing", methods=["PUT", "DELETE"])
def nothing(ctx: HandlerContext, request: Request):
    ctx.http.post("http://example.test/", json={"a": 1}, timeout=1)
