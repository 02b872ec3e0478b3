"""Runs a module's functions in an ordinary Python, for tests with pytest or unittest.

    from cloche.testing import Database, identity

    def test_join():
        db = Database("game.py")
        ann = db.connect(identity("ann"))
        ann.call("join_game", "Ann")
        assert [player.name for player in db.rows("player")] == ["Ann"]

A call that raises changes nothing, as in a database, and the test gets the exception itself.
"""

import contextlib
import hashlib
import importlib.util
import itertools
import pathlib
import sys
import types

from .calls import Calls
from .codec import checked_encoder, decode_all
from .definition import definition
from .errors import ReducerError, nearest
from .http import HttpResponse
from .memory_host import MemoryHost
from .model import declarations, module_of
from .compound import ListType, OptionType, QueryType
from .values import ConnectionId, Identity, TimeDuration, Timestamp
from .web import Request, Response, write_request, write_response

START = Timestamp(1_767_225_600_000_000)  # 2026-01-01
NOBODY = bytes(16)
MOST_RUNS = 100_000


def identity(name):
    """The same identity for the same name."""
    return Identity(hashlib.sha256(name.encode()).digest())


def _load(source):
    if isinstance(source, types.ModuleType):
        return source
    path = pathlib.Path(source).resolve()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or not path.is_file():
        raise FileNotFoundError(f"there is no module {source}")
    module = importlib.util.module_from_spec(spec)
    # what an earlier file of this name declared is not part of this one
    declarations[:] = [d for d in declarations if d.place.module != path.stem]
    sys.modules[path.stem] = module
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


def _names(module):
    """The modules that declare something and that this one uses, itself first."""
    declaring, names, queue = {d.place.module for d in declarations}, set(), [module.__name__]
    while queue:
        name = queue.pop()
        if name in names or name not in sys.modules:
            continue
        names.add(name)
        for value in vars(sys.modules[name]).values():
            other = value.__name__ if isinstance(value, types.ModuleType) else getattr(value, "__module__", None)
            if isinstance(other, str) and other in declaring:
                queue.append(other)
    return names


class Client:
    """One connection: calls with its identity."""

    def __init__(self, database, who, connection):
        self.database, self.identity, self.connection_id = database, who, connection

    def call(self, name, *arguments):
        return self.database.call(name, *arguments, sender=self.identity, connection_id=self.connection_id)

    def view(self, name):
        return self.database.view(name, sender=self.identity)

    def disconnect(self):
        self.database._lifecycle("client_disconnected", self.identity, self.connection_id)


class Database:
    """A module with tables in memory. ``source`` is the path of its file, or the imported module."""

    def __init__(self, source, now=START):
        self.python = _load(source)
        self.module = module_of(_names(self.python))
        self.definition = definition(self.module)
        self.identity = identity(f"database {self.python.__name__}")
        self.host = MemoryHost(self.module, self.identity, Timestamp(now))
        self._calls = Calls(self.module, self.host)
        self._connections = itertools.count(1)
        self._started = {}
        self._lifecycle("init", self.identity, None)

    @property
    def now(self):
        return self.host.now

    @property
    def logs(self):
        """Pairs of level and text, in order."""
        return [(level, text) for level, text, _, _ in self.host.logs]

    @contextlib.contextmanager
    def transaction(self):
        """The tables, to prepare or look at a state: ``with db.transaction() as tables: tables.player.insert(...)``."""
        self.host.begin()
        try:
            yield self._calls.db
        except BaseException:
            self.host.rollback()
            raise
        self.host.commit()

    def rows(self, table):
        """All rows of a table, given by name or class."""
        with self.transaction() as tables:
            return tables.get_table(table).scan()

    def events(self, table):
        """All rows ever inserted into an event table."""
        return next(list(s.events) for s in self.host.tables if table in (s.table.name, s.table.cls))

    def connect(self, who=None, claims=None):
        """A new client; ``claims`` is what its token would say."""
        number = next(self._connections)
        connection = ConnectionId(number.to_bytes(16, "little"))
        if claims is not None:
            import json

            self.host.claims[bytes(connection)] = json.dumps(claims).encode()
        client = Client(self, who or identity(f"client {number}"), connection)
        self._lifecycle("client_connected", client.identity, connection)
        return client

    def call(self, name, *arguments, sender=None, connection_id=None):
        """Calls a reducer, or a procedure and returns its result."""
        for kind, functions, calls in [("reducer", self.module.reducers, self._calls.reducers), ("procedure", self.module.procedures, self._calls.procedures)]:
            for number, function in enumerate(functions):
                if function.name == name:
                    data = self._arguments(function, arguments)
                    result = self._run(kind, calls, number, sender or identity("nobody"), connection_id, data)
                    return decode_all(function.result, result) if kind == "procedure" else None
        known = [f.name for f in (*self.module.reducers, *self.module.procedures)]
        raise LookupError(f"there is no reducer or procedure {name!r}. {nearest(name, known)}")

    def _arguments(self, function, given):
        if len(given) != len(function.parameters):
            raise TypeError(f"{function.name}: takes {len(function.parameters)} arguments, got {len(given)}")
        return b"".join(checked_encoder(kind, f"{function.name}({name})")(value) for (name, kind), value in zip(function.parameters, given))

    def _run(self, kind, calls, number, sender, connection, data):
        arguments = (bytes(sender), bytes(connection or NOBODY), int(self.now), data)
        if kind == "procedure":
            return calls[number](*arguments)
        self.host.begin()
        try:
            calls[number](*arguments)
        except BaseException:
            self.host.rollback()
            raise
        self.host.commit()
        return None

    def _lifecycle(self, name, sender, connection):
        for number, function in enumerate(self.module.reducers):
            if function.lifecycle == name:
                self._run("reducer", self._calls.reducers, number, sender, connection, b"")

    def request(self, method, path, body=b"", *, json=None, headers=None):
        """Sends an HTTP request to the module's handlers, and returns the ``HttpResponse``; what a handler raises is raised here.

        ``path`` is that of the route, with what stands behind a question mark: ``db.request("POST", "/hook?key=1", json={...})``.
        """
        path, _, query = path.partition("?")
        given = [(str(name).lower(), str(value)) for name, value in (headers or {}).items()]
        if json is not None:
            import json as format

            body = format.dumps(json)
            given.append(("content-type", "application/json"))
        route = [f for r, f in self.module.routes if r.path == path and r.method in (method, None)] \
            or [f for r, f in self.module.routes if r.path == path and method == "HEAD" and r.method == "GET"]
        if not route:
            methods = sorted(str(r.method) for r, _ in self.module.routes if r.path == path)
            return HttpResponse(405, [("allow", ", ".join(methods))], b"") if methods else HttpResponse(404, [], b"")
        request = Request(method, path, query, given, body.encode() if isinstance(body, str) else bytes(body))
        handler = self._calls.handlers[self.module.handlers.index(route[0])]
        try:
            response = handler(int(self.now), write_request(request), request.body)
        except ReducerError as error:
            response = Response(str(error), 400)
        return HttpResponse(response.status, response.headers, response.body)

    def answer(self, body=b"", status=200, headers=None):
        """Puts an answer in place for the next request that a procedure or handler sends to another server."""
        response = Response(body, status, headers)
        self.host.answers.append((write_response(response), response.body))

    def view(self, name, sender=None):
        """The rows of a view, or the text of its query."""
        for views, calls in [([v for v in self.module.views if not v.anonymous], self._calls.views), ([v for v in self.module.views if v.anonymous], self._calls.anonymous_views)]:
            for number, function in enumerate(views):
                if function.name == name:
                    self.host.begin(read_only=True)
                    try:
                        data = calls[number](None if function.anonymous else bytes(sender or identity("nobody")))
                    finally:
                        self.host.rollback()
                    kind = function.result
                    if isinstance(kind, QueryType):
                        return decode_all(kind, data[1:])
                    return decode_all(ListType(kind.inner) if isinstance(kind, OptionType) else kind, data[1:])
        raise LookupError(f"there is no view {name!r}. {nearest(name, [v.name for v in self.module.views])}")

    def advance(self, **span):
        """Lets time pass, as ``advance(seconds=30)``, and runs what falls due, in order of time."""
        end = self.now + TimeDuration.of(**span)
        for _ in range(MOST_RUNS):
            due = self._next_due()
            if due is None or due[0] > end:
                self.host.now = end
                return
            self.host.now = max(self.host.now, due[0])
            self._run_due(*due[1:])
        raise RuntimeError(f"more than {MOST_RUNS} scheduled runs")

    def _next_due(self):
        """Time, table, function and row of what is due first."""
        found, seen = [], {}
        for table, function in self.module.schedules:
            column = table.names[table.schedule_column()]
            for row in self.rows(table.name):
                key = (table.name, getattr(row, table.primary_key))
                at = getattr(row, column)
                begun = seen[key] = self._started.get(key, self.now)
                found.append((begun + at if isinstance(at, TimeDuration) else at, table, function, row))
        self._started = seen
        return min(found, key=lambda item: item[0], default=None)

    def _run_due(self, table, function, row):
        key, again = getattr(row, table.primary_key), isinstance(getattr(row, table.names[table.schedule_column()]), TimeDuration)
        try:
            number = self.module.reducers.index(function)
            self._run("reducer", self._calls.reducers, number, self.identity, None, table.row.encoder(row))
        except Exception as error:
            # as in a database: nobody waits for the answer
            self.host.log(0, "cloche", "", 0, f"{type(error).__name__}: {error}")
        if again:
            self._started[(table.name, key)] = self.now
        else:
            with self.transaction() as tables:
                tables.get_table(table.name).delete(**{table.primary_key: key})
