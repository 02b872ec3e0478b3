"""What a function gets as its first argument."""

import sys

from .errors import HOST_ERRORS, StoreError, nearest
from .values import Identity, Timestamp

LEVELS = {"error": 0, "warning": 1, "warn": 1, "info": 2, "debug": 3, "trace": 4}


class Log:
    """``ctx.log("text")``, ``ctx.log("text", "error")``, ``ctx.log.info("text")``; each record names file and line."""

    def __init__(self, host):
        self._host = host

    def __call__(self, message, level="info"):
        if level not in LEVELS:
            raise ValueError(f"there is no level {level!r}. {nearest(str(level), LEVELS)}")
        self._write(LEVELS[level], message)

    def error(self, message):
        self._write(0, message)

    def warning(self, message):
        self._write(1, message)

    warn = warning

    def info(self, message):
        self._write(2, message)

    def debug(self, message):
        self._write(3, message)

    def trace(self, message):
        self._write(4, message)

    def timer(self, name):
        """``with ctx.log.timer("name"):`` logs how long the block took."""
        return Timer(self._host, str(name))

    def _write(self, level, message):
        frame = sys._getframe(2)
        self._host.log(level, frame.f_globals.get("__name__") or "", frame.f_code.co_filename, frame.f_lineno, str(message))


class Timer:
    """A span of time that the host measures and logs."""

    def __init__(self, host, name):
        self._host, self._name = host, name

    def __enter__(self):
        self._number = self._host.timer_start(self._name)
        return self

    def __exit__(self, *error):
        self._host.timer_end(self._number)
        return False


class _Context:
    """What all contexts have; values that cost something are made when first asked for."""

    __slots__ = ("sender", "connection_id", "timestamp", "db", "log", "_host", "_random", "_identity", "_claims")

    @property
    def identity(self):
        """The identity of the database itself; timers call with it as sender."""
        try:
            return self._identity
        except AttributeError:
            self._identity = Identity(self._host.identity())
            return self._identity

    def __getattr__(self, name):
        raise AttributeError(f"{type(self).__name__} has no {name!r}. {nearest(name, [n for n in dir(type(self)) if n[0] != '_'])}")


class ReducerContext(_Context):
    """The context of a reducer: who calls, when, and the database in a transaction."""

    __slots__ = ()

    @property
    def random(self):
        """A generator of random numbers of this call, seeded by its time and sender."""
        try:
            return self._random
        except AttributeError:
            from random import Random

            self._random = Random(int.from_bytes(self.sender[:16], "little") ^ int(self.timestamp))
            return self._random

    @property
    def claims(self):
        """What the caller's token says, as a dict; None without a token."""
        try:
            return self._claims
        except AttributeError:
            payload = self._host.get_jwt(self.connection_id) if self.connection_id else None
            import json

            self._claims = json.loads(payload) if payload else None
            return self._claims


class ViewContext(_Context):
    """The context of a view: who looks (None in an anonymous view), and the database to read."""

    __slots__ = ()


class Transaction:
    """``with ctx.transaction() as tx:`` commits at the end and undoes everything where the block raises."""

    def __init__(self, procedure):
        self._procedure = procedure

    def __enter__(self):
        outer = self._procedure
        host = outer._host
        try:
            now = host.start_transaction()
        except host.Error as error:
            raise StoreError(HOST_ERRORS.get(error.args[0], "the transaction did not begin"), error.args[0]) from None
        tx = ReducerContext()
        tx.sender, tx.connection_id, tx.timestamp = outer._sender(), outer.connection_id, Timestamp(now)
        tx.db, tx.log, tx._host = outer._database, outer.log, host
        return tx

    def __exit__(self, kind, value, trace):
        host = self._procedure._host
        try:
            host.commit() if kind is None else host.abort()
        except host.Error as error:
            if kind is None:
                raise StoreError(HOST_ERRORS.get(error.args[0], "the transaction was not committed"), error.args[0]) from None
        return False


class _OutsideTransactions(_Context):
    """What procedures and handlers share: transactions that they open, sleep, and requests to other servers."""

    __slots__ = ("_database", "_http")

    random = ReducerContext.random

    def transaction(self):
        return Transaction(self)

    def sleep_until(self, when):
        """Waits until a Timestamp has passed; returns the time then."""
        return Timestamp(self._host.sleep_until(int(when)))

    @property
    def http(self):
        """Sends requests to other servers, outside of transactions: ``ctx.http.get(url)`` returns an ``HttpResponse``."""
        try:
            return self._http
        except AttributeError:
            from .http import Http

            self._http = Http(self._host)
            return self._http

    def __getattr__(self, name):
        if name == "db":
            raise AttributeError(f"a {self._kind} has no transaction of its own: write `with ctx.transaction() as tx:` and use tx.db")
        return _Context.__getattr__(self, name)


class ProcedureContext(_OutsideTransactions):
    """The context of a procedure: no transaction until ``with ctx.transaction() as tx:`` opens one."""

    __slots__ = ()
    _kind = "procedure"

    def _sender(self):
        return self.sender


class HandlerContext(_OutsideTransactions):
    """The context of an HTTP handler: nobody is signed in there, and transactions run as the database itself."""

    __slots__ = ()
    _kind = "handler"

    def _sender(self):
        return self.identity

    @property
    def random(self):
        """A generator of random numbers of this call, seeded by the database and the time."""
        try:
            return self._random
        except AttributeError:
            from random import Random

            self._random = Random(int.from_bytes(self.identity[:16], "little") ^ int(self.timestamp))
            return self._random

    def __getattr__(self, name):
        if name == "sender":
            raise AttributeError("a handler has no sender: HTTP requests come from nobody that the database knows; check request.header(...) yourself")
        return _OutsideTransactions.__getattr__(self, name)
