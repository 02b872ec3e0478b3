"""A chat: who is there, and what was said."""

from cloche import Identity, ReducerContext, ReducerError, Timestamp, client_connected, client_disconnected, init, reducer, table


@table(public=True)
class Message:
    sender: Identity
    sent: Timestamp
    text: str


@table(public=True, primary_key="identity")
class User:
    identity: Identity
    name: str | None
    online: bool


def said(what: str, text: str) -> str:
    """The text, if there is any."""
    if not text.strip():
        raise ReducerError(f"{what} must not be blank")
    return text


@reducer
def send_message(ctx: ReducerContext, text: str):
    ctx.db.message.insert(Message(ctx.sender, ctx.timestamp, said("text", text)))


@reducer
def set_name(ctx: ReducerContext, name: str):
    user = ctx.db.user.find_by_identity(ctx.sender)
    if user is None:
        raise ReducerError("no such user")
    ctx.log(f"{user.name} is now called {name}")
    user.name = said("name", name)
    ctx.db.user.update(user)


@init
def start(ctx: ReducerContext):
    ctx.log("chat starts")
    ctx.db.message.insert(Message(ctx.sender, ctx.timestamp, "welcome"))


@client_connected
def joined(ctx: ReducerContext):
    show(ctx, True)


@client_disconnected
def left(ctx: ReducerContext):
    show(ctx, False)


def show(ctx: ReducerContext, online: bool):
    user = ctx.db.user.find_by_identity(ctx.sender)
    if user is None:
        ctx.db.user.insert(User(ctx.sender, None, online))
    else:
        user.online = online
        ctx.db.user.update(user)
