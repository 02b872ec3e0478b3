from contextlib import AbstractContextManager
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from . import ConnectionId, Db, HttpResponse, Identity, Timestamp

START: Timestamp

def identity(name: str) -> Identity:
    """The same identity for the same name."""

class Client:
    """One connection: calls with its identity."""
    identity: Identity
    connection_id: ConnectionId
    def call(self, name: str, *arguments: Any) -> Any: ...
    def view(self, name: str) -> Any: ...
    def disconnect(self) -> None: ...

class Database:
    """A module with tables in memory."""
    python: ModuleType
    definition: bytes
    identity: Identity
    def __init__(self, source: str | Path | ModuleType, now: int = ...) -> None: ...
    @property
    def now(self) -> int: ...
    @property
    def logs(self) -> list[tuple[str, str]]: ...
    def transaction(self) -> AbstractContextManager[Db]:
        """The tables, to prepare or look at a state."""
    def rows(self, table: str | type) -> list[Any]: ...
    def events(self, table: str | type) -> list[Any]: ...
    def connect(self, who: Identity | None = None, claims: dict[str, Any] | None = None) -> Client: ...
    def call(self, name: str, *arguments: Any, sender: Identity | None = None, connection_id: ConnectionId | None = None) -> Any:
        """Calls a reducer, or a procedure and returns its result."""
    def request(self, method: str, path: str, body: bytes | str = b"", *, json: Any = None, headers: Mapping[str, str] | None = None) -> HttpResponse:
        """Sends an HTTP request to the module's handlers: ``db.request("POST", "/hook", json={...})``."""
    def answer(self, body: Any = b"", status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Puts an answer in place for the next request that a procedure or handler sends to another server."""
    def view(self, name: str, sender: Identity | None = None) -> Any: ...
    def advance(self, *, days: float = ..., hours: float = ..., minutes: float = ..., seconds: float = ..., milliseconds: float = ...) -> None:
        """Lets time pass and runs what falls due."""
