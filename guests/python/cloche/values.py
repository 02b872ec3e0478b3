"""The values that databases know and Python has not: identities, connections, points and spans of time, tagged enums.

Identities are bytes and times are integers underneath, so reading and writing a row makes no detour through Python code.
"""

from datetime import datetime, timedelta, timezone
from uuid import UUID as Uuid


class Identity(bytes):
    """Who calls: 32 bytes, the lowest first. ``str()`` gives the 64 hexadecimal digits that clients show."""

    __slots__ = ()
    SIZE = 32

    def __new__(cls, value):
        if isinstance(value, str):
            try:
                value = bytes.fromhex(value)[::-1]
            except ValueError:
                value = b""
        if len(value) != cls.SIZE:
            raise ValueError(f"{cls.__name__}: expected {cls.SIZE * 2} hexadecimal digits or {cls.SIZE} bytes")
        return bytes.__new__(cls, value)

    def hex(self):
        return self[::-1].hex()

    __str__ = hex

    def __repr__(self):
        return f"{type(self).__name__}('{self.hex()}')"

    # the order of the database is that of the number
    def __lt__(self, other):
        return self[::-1] < other[::-1]

    def __le__(self, other):
        return not other < self

    def __gt__(self, other):
        return other < self

    def __ge__(self, other):
        return not self < other


class ConnectionId(Identity):
    """One connection of a client: 16 bytes, the lowest first."""

    __slots__ = ()
    SIZE = 16


class TimeDuration(int):
    """A span of time in microseconds; also an ``int``. Make one with ``TimeDuration.of(seconds=30)``."""

    @classmethod
    def of(cls, **parts):
        """From the parts of a ``timedelta``: days, hours, minutes, seconds, milliseconds, microseconds."""
        return cls(timedelta(**parts) // timedelta(microseconds=1))

    @property
    def seconds(self):
        return self / 1_000_000

    def to_timedelta(self):
        return timedelta(microseconds=int(self))

    def __repr__(self):
        return f"TimeDuration({int(self)})"

    __str__ = __repr__


class Timestamp(int):
    """A point in time: microseconds since 1970, UTC; also an ``int``. Differences are ``TimeDuration``."""

    @classmethod
    def from_datetime(cls, value):
        if value.tzinfo is None:
            raise ValueError("a datetime without time zone is no point in time: give it tzinfo, such as timezone.utc")
        return cls((value - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(microseconds=1))

    def to_datetime(self):
        return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=int(self))

    @property
    def seconds(self):
        return self / 1_000_000

    def __add__(self, other):
        if isinstance(other, timedelta):
            other = other // timedelta(microseconds=1)
        return Timestamp(int(self) + other) if isinstance(other, int) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, Timestamp):
            return TimeDuration(int(self) - int(other))
        if isinstance(other, timedelta):
            other = other // timedelta(microseconds=1)
        return Timestamp(int(self) - other) if isinstance(other, int) else NotImplemented

    def __repr__(self):
        return f"Timestamp({int(self)})"

    def __str__(self):
        return self.to_datetime().isoformat()


class TaggedEnum:
    """A choice of variants that carry values.

    ``class Shape(TaggedEnum): Circle: float; Square: Size; Nothing: None`` makes the classes ``Shape.Circle(2.0)``,
    ``Shape.Square(size)`` and ``Shape.Nothing()``; ``match`` takes them apart: ``case Shape.Circle(radius)``.
    """

    __slots__ = ("value",)
    __match_args__ = ("value",)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "_variant" in cls.__dict__:
            return
        for name in list(cls.__annotations__):
            body = {"__slots__": (), "_variant": name, "__qualname__": f"{cls.__qualname__}.{name}", "__module__": cls.__module__}
            setattr(cls, name, type(name, (cls,), body))

    def __init__(self, value=None):
        if "_variant" not in type(self).__dict__:
            raise TypeError(f"{type(self).__name__} has variants: write {type(self).__name__}.NAME(...)")
        self.value = value

    def __eq__(self, other):
        return type(self) is type(other) and self.value == other.value

    def __hash__(self):
        return hash((type(self), self.value))

    def __repr__(self):
        inner = "" if self.value is None else repr(self.value)
        return f"{type(self).__qualname__}({inner})"


class Query(str):
    """The result of a view that is a query: ``SELECT * FROM table WHERE ...``; annotate the view ``-> Query[Player]``."""

    __slots__ = ()

    def __class_getitem__(cls, item):
        from types import GenericAlias

        return GenericAlias(cls, item if isinstance(item, tuple) else (item,))


__all__ = ["ConnectionId", "Identity", "Query", "TaggedEnum", "TimeDuration", "Timestamp", "Uuid"]
