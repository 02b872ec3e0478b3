"""What the benchmarks call, in Python; rust/src/lib.rs is the same in Rust."""

from cloche import I64, U32, U64, Identity, ReducerContext, ReducerError, Timestamp, reducer, table


@table(public=True)
class Message:
    sender: Identity
    sent: Timestamp
    text: str


@table(public=True)
class Pair:
    a: U32
    b: U32


@table(public=True, primary_key="id", auto_inc="id", indexes=["owner"])
class Entry:
    id: U64
    owner: U32


@table(public=True, primary_key="id")
class Account:
    id: U32
    balance: I64


@reducer
def send_message(ctx: ReducerContext, text: str):
    if not text.strip():
        raise ReducerError("text must not be blank")
    ctx.db.message.insert(Message(ctx.sender, ctx.timestamp, text))


@reducer
def add_pair(ctx: ReducerContext, a: U32, b: U32):
    ctx.db.pair.insert(Pair(a, b))


@reducer
def add_entry(ctx: ReducerContext, owner: U32):
    ctx.db.entry.insert(Entry(owner))


@reducer
def transfer(ctx: ReducerContext, source: U32, target: U32, amount: U32):
    if source == target:
        return
    giver = ctx.db.account.find_by_id(source)
    taker = ctx.db.account.find_by_id(target)
    if giver is None or taker is None:
        raise ReducerError("no such account")
    if giver.balance < amount:
        raise ReducerError("not enough money")
    giver.balance -= amount
    taker.balance += amount
    ctx.db.account.update(giver)
    ctx.db.account.update(taker)


@reducer
def fill_messages(ctx: ReducerContext, first: U32, count: U32):
    for i in range(first, first + count):
        ctx.db.message.insert(Message(ctx.sender, Timestamp(i), "aaaaaaaaaa"))


@reducer
def fill_pairs(ctx: ReducerContext, first: U32, count: U32):
    for i in range(first, first + count):
        ctx.db.pair.insert(Pair(i, i * 2_654_435_761 & 0xFFFFFFFF))


@reducer
def fill_entries(ctx: ReducerContext, first: U32, count: U32):
    for i in range(first, first + count):
        ctx.db.entry.insert(Entry((i * 2_654_435_761 & 0xFFFFFFFF) % 1_000_000))


@reducer
def open_accounts(ctx: ReducerContext, first: U32, count: U32):
    for i in range(first, first + count):
        ctx.db.account.insert(Account(i, 1_000_000))
