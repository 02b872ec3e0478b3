"""A chat: who is there, and what was said. The module of a live database: "Publish database" sends it to the server."""

from cloche import Identity, ReducerContext, ReducerError, Timestamp, auto_inc, client_connected, client_disconnected, reducer, table

LONGEST_TEXT = 1000
LONGEST_NAME = 30
KEPT = 500


@table(public=True, primary_key="id")
class Message:
    id: int = auto_inc()
    sender: Identity
    sent: Timestamp
    text: str


@table(public=True, primary_key="identity")
class User:
    identity: Identity
    name: str | None
    online: bool


def checked(what: str, text: str, longest: int) -> str:
    """The text, if it is one."""
    text = text.strip()
    if not text:
        raise ReducerError(f"{what} must not be blank")
    if len(text) > longest:
        raise ReducerError(f"{what} has {longest} characters at most")
    return text


@reducer
def send_message(ctx: ReducerContext, text: str):
    message = ctx.db.message.insert(Message(ctx.sender, ctx.timestamp, checked("a message", text, LONGEST_TEXT)))
    ctx.db.message.delete(id__lte=message.id - KEPT)


@reducer
def set_name(ctx: ReducerContext, name: str):
    user = ctx.db.user.find_by_identity(ctx.sender)
    if user is None:
        raise ReducerError("no such user")
    user.name = checked("a name", name, LONGEST_NAME)
    ctx.db.user.update(user)


@client_connected
def came(ctx: ReducerContext):
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
