"""Modules of live databases in Python: tables, reducers, views, procedures."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from types import TracebackType
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar, dataclass_transform, overload
from uuid import UUID as Uuid

Row = TypeVar("Row")
Class = TypeVar("Class", bound=type)
Function = TypeVar("Function", bound=Callable[..., Any])
Level: TypeAlias = Literal["error", "warning", "warn", "info", "debug", "trace"]

# integers and floats of a fixed width; a plain int is I64, a plain float F64
I8: TypeAlias = Annotated[int, "I8"]
U8: TypeAlias = Annotated[int, "U8"]
I16: TypeAlias = Annotated[int, "I16"]
U16: TypeAlias = Annotated[int, "U16"]
I32: TypeAlias = Annotated[int, "I32"]
U32: TypeAlias = Annotated[int, "U32"]
I64: TypeAlias = Annotated[int, "I64"]
U64: TypeAlias = Annotated[int, "U64"]
I128: TypeAlias = Annotated[int, "I128"]
U128: TypeAlias = Annotated[int, "U128"]
I256: TypeAlias = Annotated[int, "I256"]
U256: TypeAlias = Annotated[int, "U256"]
F32: TypeAlias = Annotated[float, "F32"]
F64: TypeAlias = Annotated[float, "F64"]

class Identity(bytes):
    """Who calls: 32 bytes, the lowest first. ``str()`` gives the 64 hexadecimal digits that clients show."""
    def __new__(cls, value: str | bytes) -> Identity: ...

class ConnectionId(Identity):
    """One connection of a client: 16 bytes, the lowest first."""

class TimeDuration(int):
    """A span of time in microseconds."""
    @classmethod
    def of(cls, *, days: float = ..., hours: float = ..., minutes: float = ..., seconds: float = ..., milliseconds: float = ..., microseconds: float = ...) -> TimeDuration: ...
    @property
    def seconds(self) -> float: ...
    def to_timedelta(self) -> timedelta: ...

class Timestamp(int):
    """A point in time: microseconds since 1970, UTC."""
    @classmethod
    def from_datetime(cls, value: datetime) -> Timestamp: ...
    def to_datetime(self) -> datetime: ...
    @property
    def seconds(self) -> float: ...
    def __add__(self, other: int | timedelta) -> Timestamp: ...
    @overload
    def __sub__(self, other: Timestamp) -> TimeDuration: ...
    @overload
    def __sub__(self, other: int | timedelta) -> Timestamp: ...

ScheduleAt: TypeAlias = TimeDuration | Timestamp

class TaggedEnum:
    """A choice of variants that carry values: ``class Shape(TaggedEnum): Circle: float; Nothing: None``."""
    value: Any
    def __init__(self, value: Any = None) -> None: ...

class Query(str, Generic[Row]):
    """The result of a view that is a query over one table."""

class ReducerError(Exception):
    """Raise it to refuse a call: the caller gets the text, and nothing is changed."""

class ValueMismatch(TypeError):
    """A value that does not fit its declared type."""

class UniqueViolation(Exception):
    """A row would repeat the value of a unique column."""

class NoSuchRow(Exception):
    """An update of a row that is not there."""

class StoreError(Exception):
    """The database refused an operation; ``errno`` is the number of the module ABI."""
    errno: int

class DeclarationError(Exception):
    """A table or function that cannot be declared as written."""
    text: str
    advice: str
    file: str | None
    line: int | None

class TableHandle(Generic[Row]):
    """The rows of one table. Unique columns have ``find_by_<column>(value)``."""
    def insert(self, row: Row) -> Row:
        """Stores a row and returns it with its generated columns."""
    def update(self, row: Row) -> Row:
        """Replaces the row with the same primary key."""
    def delete(self, row: Row | None = None, **conditions: Any) -> int:
        """Removes one row, the rows that meet conditions, or without either all rows; returns how many."""
    def find_by_primary_key(self, value: Any) -> Row | None: ...
    def filter(self, **conditions: Any) -> list[Row]:
        """Rows that meet all conditions: ``column=``, ``column__ne=``, ``__lt``, ``__lte``, ``__gt``, ``__gte``, ``__in``."""
    def scan(self) -> list[Row]:
        """All rows."""
    def count(self, **conditions: Any) -> int: ...
    def __iter__(self) -> Iterator[Row]: ...
    def __len__(self) -> int: ...
    def __getattr__(self, name: str) -> Callable[[Any], Row | None]: ...

class Db:
    """The tables by name, ``ctx.db.player``, or by class, which editors understand better."""
    @overload
    def get_table(self, cls: type[Row]) -> TableHandle[Row]: ...
    @overload
    def get_table(self, cls: str) -> TableHandle[Any]: ...
    def __getattr__(self, name: str) -> TableHandle[Any]: ...

class Timer:
    def __enter__(self) -> Timer: ...
    def __exit__(self, *error: object) -> bool: ...

class Log:
    """Lines in the database's log, with file and line of the call."""
    def __call__(self, message: object, level: Level = "info") -> None: ...
    def error(self, message: object) -> None: ...
    def warning(self, message: object) -> None: ...
    def warn(self, message: object) -> None: ...
    def info(self, message: object) -> None: ...
    def debug(self, message: object) -> None: ...
    def trace(self, message: object) -> None: ...
    def timer(self, name: str) -> Timer:
        """``with ctx.log.timer("name"):`` logs how long the block took."""

class ReducerContext:
    """Who calls, when, and the database in a transaction."""
    sender: Identity
    connection_id: ConnectionId | None
    timestamp: Timestamp
    db: Db
    log: Log
    @property
    def identity(self) -> Identity:
        """The identity of the database itself; timers call with it as sender."""
    @property
    def random(self) -> Random:
        """Random numbers of this call, seeded by its time and sender."""
    @property
    def claims(self) -> dict[str, Any] | None:
        """What the caller's token says; None without a token."""

class ViewContext:
    """Who looks, None in an anonymous view, and the database to read."""
    sender: Identity | None
    db: Db
    log: Log
    @property
    def identity(self) -> Identity: ...

class Transaction:
    def __enter__(self) -> ReducerContext: ...
    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> bool: ...

class HttpError(Exception):
    """A request that got no answer; the text says why."""

class _Message:
    headers: list[tuple[str, str]]
    body: bytes
    @overload
    def header(self, name: str) -> str | None: ...
    @overload
    def header(self, name: str, default: str) -> str: ...
    def text(self) -> str: ...
    def json(self) -> Any: ...

class HttpResponse(_Message):
    """The answer of another server, whatever its status."""
    status: int
    @property
    def ok(self) -> bool:
        """Whether the status is below 400."""

class Http:
    """Requests to other servers, outside of transactions and to hosts only that the server's administrator allows."""
    def __call__(self, method: str, url: str, headers: Mapping[str, str | bytes] | None = None, body: bytes | str = b"",
                 timeout: float | TimeDuration | None = None, json: Any = None) -> HttpResponse: ...
    def get(self, url: str, *, headers: Mapping[str, str | bytes] | None = None, timeout: float | TimeDuration | None = None) -> HttpResponse: ...
    def post(self, url: str, body: bytes | str = b"", *, json: Any = None, headers: Mapping[str, str | bytes] | None = None,
             timeout: float | TimeDuration | None = None) -> HttpResponse: ...
    def put(self, url: str, body: bytes | str = b"", *, json: Any = None, headers: Mapping[str, str | bytes] | None = None,
            timeout: float | TimeDuration | None = None) -> HttpResponse: ...
    def patch(self, url: str, body: bytes | str = b"", *, json: Any = None, headers: Mapping[str, str | bytes] | None = None,
              timeout: float | TimeDuration | None = None) -> HttpResponse: ...
    def delete(self, url: str, *, headers: Mapping[str, str | bytes] | None = None, timeout: float | TimeDuration | None = None) -> HttpResponse: ...

class ProcedureContext:
    """No transaction until ``with ctx.transaction() as tx:`` opens one."""
    sender: Identity
    connection_id: ConnectionId | None
    timestamp: Timestamp
    log: Log
    http: Http
    @property
    def identity(self) -> Identity: ...
    @property
    def random(self) -> Random: ...
    def transaction(self) -> Transaction: ...
    def sleep_until(self, when: Timestamp) -> Timestamp: ...

class HandlerContext:
    """Nobody is signed in; no transaction until ``with ctx.transaction() as tx:`` opens one, as the database itself."""
    timestamp: Timestamp
    log: Log
    http: Http
    @property
    def identity(self) -> Identity: ...
    @property
    def random(self) -> Random: ...
    def transaction(self) -> Transaction: ...
    def sleep_until(self, when: Timestamp) -> Timestamp: ...

class Request(_Message):
    """What somebody asked of an HTTP handler."""
    method: str
    path: str
    query_string: str
    @property
    def query(self) -> dict[str, str]:
        """The parameters behind the question mark."""
    @property
    def form(self) -> dict[str, str]:
        """The fields of a form sent as application/x-www-form-urlencoded."""

class Response:
    """An HTTP handler's answer: ``Response("text", status=201, headers={"x-kind": "test"})``."""
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    def __init__(self, body: Any = None, status: int | None = None, headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
                 content_type: str | None = None) -> None: ...

class Index: ...

def btree(*columns: str) -> Index:
    """For equality, ranges and order, over one or more columns."""
def hash(*columns: str) -> Index:
    """For equality only."""
def direct(column: str) -> Index:
    """For small, dense numbers: U8, U16, U32, U64."""

def auto_inc(*, init: Literal[False] = False) -> Any:
    """The value of a column that the database counts: ``id: int = auto_inc()``. Rows are made without it."""

@overload
@dataclass_transform(field_specifiers=(auto_inc,))
def table(cls: Class) -> Class: ...
@overload
@dataclass_transform(field_specifiers=(auto_inc,))
def table(*, name: str | None = None, public: bool = False, primary_key: str | None = None, unique: str | Iterable[str] = (), auto_inc: str | Iterable[str] = (),
          indexes: str | Index | Iterable[str | tuple[str, ...] | Index] = (), event: bool = False) -> Callable[[Class], Class]:
    """Declares a table; annotations are the columns, values the defaults."""

@overload
def reducer(function: Function) -> Function: ...
@overload
def reducer(*, name: str | None = None, lifecycle: Literal["init", "client_connected", "client_disconnected"] | None = None) -> Callable[[Function], Function]: ...
def init(function: Function) -> Function: ...
def client_connected(function: Function) -> Function: ...
def client_disconnected(function: Function) -> Function: ...
@overload
def procedure(function: Function) -> Function: ...
@overload
def procedure(*, name: str | None = None) -> Callable[[Function], Function]: ...
def http_handler(path: str, methods: Iterable[Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]] | Literal["*"] = ("GET",)) -> Callable[[Function], Function]:
    """Declares a function ``def hook(ctx, request)`` that answers HTTP requests at ``/v1/database/NAME/route`` + path."""
@overload
def view(function: Function) -> Function: ...
@overload
def view(*, name: str | None = None, public: bool = True, anonymous: bool = False) -> Callable[[Function], Function]: ...
@overload
def scheduled(table: type) -> Callable[[Function], Function]: ...
@overload
def scheduled(*, interval_ms: float | None = None, delay_ms: float | None = None, repeating: bool = True) -> Callable[[Function], Function]: ...
