/** The smallest module worth having, for people who have none yet. */
export const EXAMPLE = `from cloche import Identity, ReducerContext, ReducerError, Timestamp, reducer, table


@table(public=True)
class Message:
    sender: Identity
    sent: Timestamp
    text: str


@reducer
def send_message(ctx: ReducerContext, text: str):
    if not text.strip():
        raise ReducerError("text must not be blank")
    ctx.db.message.insert(Message(ctx.sender, ctx.timestamp, text))
`;

export const PUBLISH_COMMAND = './cloche db publish chat chat.py';
