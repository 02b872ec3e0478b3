from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime
import enum
import json
import sys
import typing
import urllib.error
import urllib.parse
import urllib.request


class Refused(Exception):
    """The database refused; ``status`` is 530 where the module itself did, else what HTTP says."""

    def __init__(self, status: int, text: str):
        super().__init__(text)
        self.status = status


class Identity(str):
    """Somebody: 64 hexadecimal digits."""


class ConnectionId(int):
    """One connection of somebody."""


class Uuid(int):
    """The number of a UUID."""


class TimeDuration(int):
    """Microseconds."""


class Timestamp(int):
    """Microseconds since 1970, UTC."""

    def to_datetime(self) -> datetime.datetime:
        return datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(microseconds=self)


@dataclasses.dataclass(frozen=True)
class Ok:
    """The good end of a result."""
    value: typing.Any


@dataclasses.dataclass(frozen=True)
class Err:
    """The bad end of a result."""
    value: typing.Any


class _Type(typing.NamedTuple):
    write: typing.Callable[[typing.Any], typing.Any]
    read: typing.Callable[[typing.Any], typing.Any]


def _expected(what: str, value: object) -> TypeError:
    return TypeError(f"expected {what}, got {value!r}")


def _int(bits: int, signed: bool, cls: type = int) -> _Type:
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)

    def write(value):
        if not isinstance(value, int) or isinstance(value, bool):
            raise _expected("an int", value)
        if not low <= value <= high:
            raise ValueError(f"{value} is not between {low} and {high}")
        return int(value) if bits <= 128 else hex(value)

    return _Type(write, lambda value: cls(value, 16) if isinstance(value, str) else cls(value))


def _instance(cls: type, name: str) -> _Type:
    def write(value):
        if not isinstance(value, cls):
            raise _expected(name, value)
        return value

    return _Type(write, cls)


def _write_float(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _expected("a float", value)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{value} cannot be sent as JSON")
    return float(value)


def _write_bytes(value):
    if not isinstance(value, (bytes, bytearray)):
        raise _expected("bytes", value)
    return value.hex()


def _array(element: _Type) -> _Type:
    def write(value):
        if not isinstance(value, (list, tuple)):
            raise _expected("a list", value)
        return [element.write(one) for one in value]

    return _Type(write, lambda value: [element.read(one) for one in value])


def _choice(value, names: typing.Sequence[str]):
    """Place and payload of a sum in either form of JSON."""
    if isinstance(value, dict):
        (name, payload), = value.items()
        return names.index(name), payload
    return value[0], value[1]


def _option(some: _Type) -> _Type:
    def read(value):
        place, payload = _choice(value, ("some", "none"))
        return some.read(payload) if place == 0 else None

    return _Type(lambda value: {"none": []} if value is None else {"some": some.write(value)}, read)


def _result(ok: _Type, err: _Type) -> _Type:
    def write(value):
        if isinstance(value, Ok):
            return {"ok": ok.write(value.value)}
        if isinstance(value, Err):
            return {"err": err.write(value.value)}
        raise _expected("Ok or Err", value)

    def read(value):
        place, payload = _choice(value, ("ok", "err"))
        return Ok(ok.read(payload)) if place == 0 else Err(err.read(payload))

    return _Type(write, read)


def _special(name: str, inner: _Type) -> _Type:
    """A product with one element that stands for a value of its own."""
    return _Type(lambda value: {name: inner.write(value)}, lambda value: inner.read(value[name] if isinstance(value, dict) else value[0]))


def _product(cls: type, *fields: tuple[str, str, _Type]) -> _Type:
    """``fields`` are triples of name in Python, name in the database and type."""
    def write(value):
        if not isinstance(value, cls):
            raise _expected(cls.__name__, value)
        return {name: kind.write(getattr(value, attribute)) for attribute, name, kind in fields}

    def read(value):
        parts = [value[name] for _, name, _ in fields] if isinstance(value, dict) else value
        return cls(*(kind.read(part) for part, (_, _, kind) in zip(parts, fields)))

    return _Type(write, read)


def _sum(cls: type, *variants: tuple[str, _Type]) -> _Type:
    names, kinds = [name for name, _ in variants], dict(variants)

    def write(value):
        if not isinstance(value, cls) or value.tag not in kinds:
            raise _expected(f"{cls.__name__} with a tag of {', '.join(names)}", value)
        return {value.tag: kinds[value.tag].write(value.value)}

    def read(value):
        place, payload = _choice(value, names)
        return cls(names[place], variants[place][1].read(payload))

    return _Type(write, read)


def _enum(cls: type[enum.Enum], *names: str) -> _Type:
    members = list(cls)

    def write(value):
        if not isinstance(value, cls):
            raise _expected(cls.__name__, value)
        return {names[members.index(value)]: []}

    return _Type(write, lambda value: members[_choice(value, names)[0]])


def _later(kind: typing.Callable[[], _Type]) -> _Type:
    return _Type(lambda value: kind().write(value), lambda value: kind().read(value))


def _write_identity(value):
    digits = str(value).removeprefix("0x")
    if len(digits) != 64:
        raise _expected("an identity of 64 hexadecimal digits", value)
    return "0x" + digits


_U8, _U16, _U32, _U64, _U128, _U256 = (_int(bits, False) for bits in (8, 16, 32, 64, 128, 256))
_I8, _I16, _I32, _I64, _I128, _I256 = (_int(bits, True) for bits in (8, 16, 32, 64, 128, 256))
_F32 = _F64 = _Type(_write_float, lambda value: float("nan") if value is None else float(value))
_STRING, _BOOL = _instance(str, "a str"), _instance(bool, "a bool")
_BYTES = _Type(_write_bytes, lambda value: bytes.fromhex(value) if isinstance(value, str) else bytes(value))
_UNIT = _Type(lambda value: [], lambda value: None)
_IDENTITY = _special("__identity__", _Type(_write_identity, lambda value: Identity(value.removeprefix("0x"))))
_CONNECTION_ID = _special("__connection_id__", _int(128, False, ConnectionId))
_UUID = _special("__uuid__", _int(128, False, Uuid))
_TIMESTAMP = _special("__timestamp_micros_since_unix_epoch__", _int(64, True, Timestamp))
_TIME_DURATION = _special("__time_duration_micros__", _int(64, True, TimeDuration))
_SCHEDULE_AT = _Type(
    lambda value: {"Interval": _TIME_DURATION.write(value)} if isinstance(value, TimeDuration) else {"Time": _TIMESTAMP.write(value)},
    lambda value: (_TIME_DURATION, _TIMESTAMP)[_choice(value, ("Interval", "Time"))[0]].read(_choice(value, ("Interval", "Time"))[1]))

_Row = typing.TypeVar("_Row")


_PROTOCOL = "v1.json.spacetimedb"
_LARGEST = 64 * 1024 * 1024


def _fetch(method: str, url: str, headers: dict[str, str], body: bytes):
    """Status, text and the token that somebody new is given; in the tab the browser asks, and the worker waits."""
    if sys.platform == "emscripten":
        from js import XMLHttpRequest

        request = XMLHttpRequest.new()
        request.open(method, url, False)
        for name, value in headers.items():
            request.setRequestHeader(name, value)
        request.send(body.decode())
        return request.status, request.responseText, request.getResponseHeader("spacetime-identity-token")
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method), timeout=60) as answer:
            return answer.status, answer.read().decode(), answer.headers.get("spacetime-identity-token")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(errors="replace"), None


@contextlib.asynccontextmanager
async def _socket(url: str):
    """How to send a text over a WebSocket, and how to wait for the next one; None when it is over."""
    if sys.platform == "emscripten":
        from js import WebSocket
        from pyodide.ffi import create_proxy

        socket, heard, opened = WebSocket.new(url, _PROTOCOL), asyncio.Queue(), asyncio.Event()

        def closed(_event):
            heard.put_nowait(None)
            opened.set()

        proxies = [create_proxy(one) for one in (lambda _event: opened.set(), lambda event: heard.put_nowait(event.data), closed)]
        socket.onopen, socket.onmessage, socket.onclose = proxies
        try:
            await opened.wait()
            if socket.readyState != 1:
                raise ConnectionError("the database cannot be reached, or refused the connection")
            yield socket.send, heard.get
        finally:
            socket.onopen = socket.onmessage = socket.onclose = None
            socket.close(1000)
            for proxy in proxies:
                proxy.destroy()
        return
    try:
        from websockets.asyncio.client import connect
        from websockets.exceptions import ConnectionClosed, InvalidHandshake
    except ImportError:
        raise ImportError("watching rows needs the package websockets, 14 or later: pip install websockets") from None
    try:
        opened = await connect(url, subprotocols=[_PROTOCOL], max_size=_LARGEST, compression=None)
    except (OSError, InvalidHandshake) as error:
        raise ConnectionError(f"the database cannot be reached, or refused the connection: {error}") from None
    async with opened:
        async def send(text):
            with contextlib.suppress(ConnectionClosed):
                await opened.send(text)

        async def receive():
            try:
                return await opened.recv()
            except ConnectionClosed:
                return None

        yield send, receive


def _rows_of(update, table: str, which: str) -> list:
    return [json.loads(row) for one in update["tables"] if one["table_name"] == table for part in one["updates"] for row in part[which]]


class _Connection:
    def __init__(self, url: str, database: str, token: str | None = None):
        if sys.platform == "emscripten":
            from js import location

            # a page may reach its own address only, and finds the databases of its server there
            url = location.origin
        self._server = url.rstrip("/")
        self._base = f"{self._server}/v1/database/{urllib.parse.quote(database, safe='')}"
        self.token = token
        """Speaks for the caller; the first answer brings one if none was given."""

    def _ask(self, path: str, body: bytes, kind: str) -> str:
        headers = {"Content-Type": kind}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        status, text, token = _fetch("POST", f"{self._base}/{path}", headers, body)
        if token and not self.token:
            self.token = token
        if status != 200:
            raise Refused(status, text)
        return text

    def _call(self, name: str, types: typing.Sequence[tuple[str, _Type]], arguments: typing.Sequence, result: _Type | None = None):
        written = []
        for (parameter, kind), argument in zip(types, arguments):
            try:
                written.append(kind.write(argument))
            except (TypeError, ValueError) as error:
                raise type(error)(f"{name}, {parameter}: {error}") from None
        text = self._ask(f"call/{urllib.parse.quote(name, safe='')}", json.dumps(written).encode(), "application/json")
        return None if result is None else result.read(json.loads(text))

    async def _watch(self, query: str, table: str):
        """The rows of a query on one table as JSON, then what each transaction deletes and inserts."""
        url = f"{self._base}/subscribe"
        if self.token:
            status, text, _ = _fetch("POST", f"{self._server}/v1/identity/websocket-token", {"Authorization": f"Bearer {self.token}"}, b"")
            if status != 200:
                raise Refused(status, text)
            url += "?token=" + urllib.parse.quote(json.loads(text)["token"], safe="")
        async with _socket("ws" + url.removeprefix("http")) as (send, receive):
            sent = send(json.dumps({"SubscribeMulti": {"request_id": 1, "query_id": {"id": 1}, "query_strings": [query]}}))
            if sent is not None:
                await sent
            while (text := await receive()) is not None:
                (kind, body), = json.loads(text).items()
                if kind == "IdentityToken" and not self.token:
                    self.token = body["token"]
                elif kind == "SubscribeMultiApplied":
                    yield [], _rows_of(body["update"], table, "inserts")
                elif kind == "SubscriptionError":
                    raise Refused(400, body["error"])
                elif kind in ("TransactionUpdate", "TransactionUpdateLight"):
                    update = body["update"] if kind == "TransactionUpdateLight" else body["status"].get("Committed")
                    deletes, inserts = (_rows_of(update, table, which) for which in ("deletes", "inserts")) if update else ([], [])
                    if deletes or inserts:
                        yield deletes, inserts
            raise ConnectionError("the connection to the database ended")

    def sql(self, statement: str) -> list:
        """Runs one statement; rows come as lists, as the server's JSON has them."""
        return json.loads(self._ask("sql", statement.encode(), "text/plain"))[0]["rows"]


@dataclasses.dataclass(frozen=True)
class Change(typing.Generic[_Row]):
    """What one transaction did to the rows that are watched; a row that was updated is in both lists."""
    deleted: list[_Row]
    inserted: list[_Row]


class _Events(typing.Generic[_Row]):
    """Rows that are told and not kept."""

    def __init__(self, connection: _Connection, name: str, row: _Type):
        self._connection, self._name, self._row = connection, name, row

    async def watch(self, where: str = "") -> typing.AsyncIterator[Change[_Row]]:
        """First all rows, or those that meet a condition in SQL, then each change, over a connection of its own.

        Raises Refused if the database does not allow it, ConnectionError when the connection ends: watch again then.
        """
        condition = f" WHERE {where}" if where else ""
        async with contextlib.aclosing(self._connection._watch(f'SELECT * FROM "{self._name}"{condition}', self._name)) as changes:
            async for deleted, inserted in changes:
                yield Change([self._row.read(row) for row in deleted], [self._row.read(row) for row in inserted])


class _Table(_Events[_Row]):
    """The rows of a table that the caller may see."""

    def rows(self, where: str = "") -> list[_Row]:
        """All rows, or those that meet a condition in SQL, such as ``id = 5``."""
        condition = f" WHERE {where}" if where else ""
        return [self._row.read(row) for row in self._connection.sql(f'SELECT * FROM "{self._name}"{condition}')]

    def count(self, where: str = "") -> int:
        condition = f" WHERE {where}" if where else ""
        return self._connection.sql(f'SELECT COUNT(*) AS n FROM "{self._name}"{condition}')[0][0]
