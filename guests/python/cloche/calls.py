"""From the numbers and bytes of a call to the author's function and back: one compiled function for each."""

from .codec import Reader, Source, checked_encoder
from .context import HandlerContext, Log, ProcedureContext, ReducerContext, ViewContext
from .errors import ReducerError
from .handle import Db
from .compound import OptionType, QueryType
from .values import ConnectionId, Identity, TimeDuration, Timestamp
from .web import read_request, respond

NOBODY = bytes(16)


class Calls:
    """A module bound to a host: the functions that the host calls, by number."""

    def __init__(self, module, host):
        self.module, self.host = module, host
        self.db, self.log = Db(module, host), Log(host)
        self.reducers = [self._reducer(f) for f in module.reducers]
        self.procedures = [self._procedure(f) for f in module.procedures]
        self.views = [self._view(f) for f in module.views if not f.anonymous]
        self.anonymous_views = [self._view(f) for f in module.views if f.anonymous]
        self.handlers = [self._handler(f) for f in module.handlers]
        self._keep_schedules()

    def _source(self, function, context):
        source = Source()
        source.env.update(CONTEXT=context, call=function.call, DB=self.db, LOG=self.log, HOST=self.host, NOBODY=NOBODY, Identity=Identity,
                          ConnectionId=ConnectionId, Timestamp=Timestamp, Exception=Exception, bad=self._bad_arguments(function))
        return source

    @staticmethod
    def _bad_arguments(function):
        def bad(error):
            return ReducerError(f"invalid arguments for {function.kind} {function.name}: {type(error).__name__}: {error}")
        return bad

    def _head(self, database):
        return ("    ctx = new(CONTEXT)\n    ctx.sender = raw(Identity, s)\n    ctx.connection_id = None if c == NOBODY else raw(ConnectionId, c)\n"
                f"    ctx.timestamp = Timestamp(t)\n    ctx.{database} = DB\n    ctx.log = LOG\n    ctx._host = HOST\n")

    def _arguments(self, function, source):
        """Statements that read the arguments, and the list of their variables."""
        if not function.parameters:
            return "", "ctx"
        reader, names = Reader(source), []
        for _, kind in function.parameters:
            variable = source.name("v")
            kind.read(reader, variable)
            names.append(variable)
        text = "    try:\n        o = 0\n" + reader.body(8) + "    except Exception as error: raise bad(error) from None\n"
        return text, ", ".join(["ctx", *names] if function.takes_row else ["ctx"])

    def _reducer(self, function):
        source = self._source(function, ReducerContext)
        read, arguments = self._arguments(function, source)
        return source.function("reducer", "def reducer(s, c, t, b):\n" + self._head("db") + read + f"    call({arguments})\n")

    def _procedure(self, function):
        source = self._source(function, ProcedureContext)
        source.env["encode"] = checked_encoder(function.result, f"result of {function.name}")
        read, arguments = self._arguments(function, source)
        return source.function("procedure", "def procedure(s, c, t, b):\n" + self._head("_database") + read + f"    return encode(call({arguments}))\n")

    def _view(self, function):
        """A function from the sender's bytes, or None, to the header and the rows."""
        kind, call, path = function.result, function.call, f"result of {function.name}"
        encode = checked_encoder(kind.inner if isinstance(kind, OptionType) else kind, path)

        def view(sender):
            ctx = ViewContext()
            ctx.sender, ctx.connection_id, ctx.timestamp = sender and bytes.__new__(Identity, sender), None, None
            ctx.db, ctx.log, ctx._host = self.db, self.log, self.host
            rows = call(ctx)
            if isinstance(kind, QueryType):
                return b"\1" + encode(rows)
            if isinstance(kind, OptionType):
                return b"\0\0\0\0\0" if rows is None else b"\0\1\0\0\0" + encode(rows)
            return b"\0" + encode(rows)
        return view

    def _handler(self, function):
        """A function from the time and the bytes of head and body to a ``Response``."""
        call = function.call

        def handler(timestamp, head, body):
            ctx = HandlerContext()
            ctx.connection_id, ctx.timestamp, ctx._database, ctx.log, ctx._host = None, Timestamp(timestamp), self.db, self.log, self.host
            return respond(call(ctx, read_request(head, body)))
        return handler

    def _keep_schedules(self):
        """Makes the rows that keep ``@scheduled(interval_ms=...)`` going, before the first reducer of an instance runs.

        So code is the truth also after an update: a changed interval replaces the row. What runs once is set going by
        the making of the database only.
        """
        planned = [(t, f) for t, f in self.module.schedules if t.generated]
        if not planned:
            return
        own = list(self.reducers)
        first = next((i for i, f in enumerate(self.module.reducers) if f.lifecycle == "init"), None)

        def keep(number):
            def run(s, c, t, b):
                for table, function in planned:
                    handle, schedule = self.db.get_table(table.name), function.schedule
                    rows = handle.scan()
                    if schedule.every and [row.scheduled_at for row in rows] != [schedule.every]:
                        handle.delete()
                        handle.insert(table.cls(TimeDuration(schedule.every)))
                    elif schedule.after and number == first and not rows:
                        handle.insert(table.cls(Timestamp(t + schedule.after)))
                own[number](s, c, t, b)
                # only now, because a call that fails undoes the rows as well
                self.reducers[:] = own
            return run
        self.reducers[:] = [keep(number) for number in range(len(own))]
