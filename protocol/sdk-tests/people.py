"""What the official SDKs are tried on: rows that come, change and go, events, views, procedures, and calls that fail."""

from cloche import (
    U32, U64, Identity, ProcedureContext, ReducerContext, ReducerError, ViewContext, client_connected, procedure, reducer, table, view,
)


@table(public=True, primary_key="id", auto_inc="id")
class Person:
    id: U32
    name: str


@table(public=True, event=True)
class Shout:
    text: str


@table(public=True, primary_key="identity")
class Visit:
    identity: Identity
    times: U32


@table
class Secret:
    text: str


@client_connected
def came(ctx: ReducerContext):
    known = ctx.db.visit.find_by_identity(ctx.sender)
    if known is None:
        ctx.db.visit.insert(Visit(ctx.sender, 1))
    else:
        known.times += 1
        ctx.db.visit.update(known)


@view
def my_visits(ctx: ViewContext) -> list[Visit]:
    mine = ctx.db.visit.find_by_identity(ctx.sender)
    return [mine] if mine else []


@reducer
def add_person(ctx: ReducerContext, name: str):
    ctx.db.person.insert(Person(name))


@reducer
def rename(ctx: ReducerContext, id: U32, name: str):
    person = ctx.db.person.find_by_id(id)
    if person is None:
        raise ReducerError("nobody has this number")
    person.name = name
    ctx.db.person.update(person)


@reducer
def remove(ctx: ReducerContext, id: U32):
    person = ctx.db.person.find_by_id(id)
    if person is not None:
        ctx.db.person.delete(person)


@reducer
def clear(ctx: ReducerContext):
    for person in ctx.db.person:
        ctx.db.person.delete(person)


@reducer
def shout(ctx: ReducerContext, text: str):
    ctx.db.shout.insert(Shout(text))


@reducer
def fail(ctx: ReducerContext, message: str):
    ctx.db.person.insert(Person("of a call that failed"))
    raise ReducerError(message)


@reducer
def endless(ctx: ReducerContext):
    ctx.db.person.insert(Person("of a call without end"))
    while True:
        pass


@reducer
def no_op(ctx: ReducerContext):
    pass


@procedure
def sum_it(ctx: ProcedureContext, a: U32, b: U32) -> U64:
    return a + b


@procedure
def add_two(ctx: ProcedureContext, name: str) -> U32:
    with ctx.transaction() as tx:
        tx.db.person.insert(Person(f"{name} 1"))
        tx.db.person.insert(Person(f"{name} 2"))
    return 2


@procedure
def break_it(ctx: ProcedureContext) -> U32:
    raise ValueError("broken on purpose")
