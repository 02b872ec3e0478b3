"""Types of one value: how each is described to the database, checked, written and read."""

import math
from functools import cached_property
from struct import Struct

from .codec import value_decoder, value_encoder
from .errors import ValueMismatch, describe
from .values import ConnectionId, Uuid

_u32 = Struct("<I").pack


def text_bytes(text):
    data = text.encode()
    return _u32(len(data)) + data


def array_bytes(parts):
    return _u32(len(parts)) + b"".join(parts)


def option_bytes(data):
    return b"\1" if data is None else b"\0" + data


def product_bytes(elements):
    """A product type from pairs of name and type, without the tag."""
    return array_bytes([option_bytes(text_bytes(name)) + algebra for name, algebra in elements])


class TypeProblem(Exception):
    """An annotation that is no type of a database: what is wrong, and advice."""

    def __init__(self, text, advice):
        super().__init__(text)
        self.text, self.advice = text, advice


class Type:
    """A type. ``label`` is for messages; ``encoder`` and ``decoder`` are compiled when first asked for."""

    label = ""
    zero_size = False
    compiling = frozenset()

    @cached_property
    def encoder(self):
        return value_encoder(self)

    @cached_property
    def decoder(self):
        return value_decoder(self)

    def algebra(self, space):
        raise NotImplementedError

    def check(self, value, path):
        """The value, or an equal one of the exact type; ``ValueMismatch`` where it does not fit."""
        raise NotImplementedError

    def write(self, writer, name):
        raise NotImplementedError

    def read(self, reader, target):
        raise NotImplementedError

    def refuse(self, value, path):
        return ValueMismatch(f"{path}: expected {self.label}, got {describe(value)}")


class IntType(Type):
    def __init__(self, name, tag, code, bits, signed):
        self.name, self.tag, self.code, self.bits, self.signed = name, tag, code, bits, signed
        self.low, self.high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
        self.label = f"{name} ({self.low} to {self.high})" if bits <= 64 else name

    def algebra(self, space):
        return bytes([self.tag])

    def check(self, value, path):
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            raise self.refuse(value, path)
        return value if type(value) is int else int(value)

    def write(self, writer, name):
        writer.exact(name, int)
        if self.code:
            writer.fixed(self.code, name)
        else:
            size = self.bits // 8
            writer.fixed(f"{size}s", f"{name}.to_bytes({size}, 'little', signed={self.signed})")

    def read(self, reader, target):
        if self.code:
            reader.fixed(self.code, target)
        else:
            reader.fixed(f"{self.bits // 8}s", target, f"{target} = int.from_bytes({target}, 'little', signed={self.signed})")


class FloatType(Type):
    def __init__(self, name, tag, code):
        self.label = self.name = name
        self.tag, self.code = tag, code

    def algebra(self, space):
        return bytes([self.tag])

    def check(self, value, path):
        if type(value) is int and abs(value) <= 1 << 53:  # as type checkers do; nothing is lost
            value = float(value)
        if not isinstance(value, float):
            raise self.refuse(value, path)
        if self.code == "f" and math.isfinite(value) and abs(value) > 3.4028235677973366e38:
            raise ValueMismatch(f"{path}: expected F32 (at most 3.4e38), got {value!r}")
        return value if type(value) is float else float(value)

    def write(self, writer, name):
        writer.exact(name, float)
        writer.fixed(self.code, name)

    def read(self, reader, target):
        reader.fixed(self.code, target)


class BoolType(Type):
    label = "bool"

    def algebra(self, space):
        return b"\5"

    def check(self, value, path):
        if type(value) is not bool:
            raise self.refuse(value, path)
        return value

    def write(self, writer, name):
        writer.exact(name, bool)
        writer.fixed("?", name)

    def read(self, reader, target):
        table = reader.source.name("bools", (False, True))
        reader.fixed("B", target, f"{target} = {table}[{target}]")


class StrType(Type):
    label = "str"

    def algebra(self, space):
        return b"\4"

    def check(self, value, path):
        if not isinstance(value, str):
            raise self.refuse(value, path)
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueMismatch(f"{path}: expected text, got half a character at position {error.start}") from None
        return value if type(value) is str else str.__str__(value)

    def write(self, writer, name):
        data = writer.source.name("s")
        writer.exact(name, str)
        writer.lines.append(f"{data} = {name}.encode()")
        writer.fixed("I", f"len({data})")
        writer.bytes(data)

    def read(self, reader, target):
        length = reader.source.name("n")
        reader.fixed("I", length)
        reader.statement(f"e = o + {length}")
        reader.statement("if e > len(b): raise TooShort")
        reader.statement(f"{target} = b[o:e].decode()")
        reader.statement("o = e")


class BytesType(Type):
    label = "bytes"

    def algebra(self, space):
        return b"\3\7"

    def check(self, value, path):
        if type(value) in (bytearray, memoryview):
            return bytes(value)
        if type(value) is not bytes:
            raise self.refuse(value, path)
        return value

    def write(self, writer, name):
        writer.exact(name, bytes)
        writer.fixed("I", f"len({name})")
        writer.bytes(name)

    def read(self, reader, target):
        length = reader.source.name("n")
        reader.fixed("I", length)
        reader.statement(f"e = o + {length}")
        reader.statement("if e > len(b): raise TooShort")
        reader.statement(f"{target} = b[o:e]")
        reader.statement("o = e")


class KeyType(Type):
    """Identity and ConnectionId: bytes of a fixed number."""

    def __init__(self, cls, field, tag):
        self.cls, self.field, self.tag, self.label = cls, field, tag, cls.__name__

    def algebra(self, space):
        return b"\2" + product_bytes([(self.field, bytes([self.tag]))])

    def check(self, value, path):
        if not isinstance(value, self.cls) or isinstance(value, ConnectionId) != (self.cls is ConnectionId):
            raise self.refuse(value, path)
        return value

    def write(self, writer, name):
        writer.exact(name, self.cls)
        writer.fixed(f"{self.cls.SIZE}s", name)

    def read(self, reader, target):
        cls = reader.source.name("T", self.cls)
        reader.fixed(f"{self.cls.SIZE}s", target, f"{target} = raw({cls}, {target})")


class TimeType(Type):
    """Timestamp and TimeDuration."""

    def __init__(self, cls, field):
        self.cls, self.field, self.label = cls, field, cls.__name__

    def algebra(self, space):
        return b"\2" + product_bytes([(self.field, b"\x0c")])

    def check(self, value, path):
        if type(value) is not self.cls or not -(1 << 63) <= value < 1 << 63:
            raise self.refuse(value, path)
        return value

    def write(self, writer, name):
        writer.exact(name, self.cls)
        writer.fixed("q", name)

    def read(self, reader, target):
        cls = reader.source.name("T", self.cls)
        reader.fixed("q", target, f"{target} = {cls}({target})")


class UuidType(Type):
    label = "Uuid"

    def algebra(self, space):
        return b"\2" + product_bytes([("__uuid__", b"\x0f")])

    def check(self, value, path):
        if not isinstance(value, Uuid):
            raise self.refuse(value, path)
        return value

    def write(self, writer, name):
        writer.tests.append(f"isinstance({name}, {writer.source.name('T', Uuid)})")
        writer.fixed("16s", f"{name}.int.to_bytes(16, 'little')")

    def read(self, reader, target):
        reader.fixed("16s", target, f"{target} = {reader.source.name('T', Uuid)}(int=int.from_bytes({target}, 'little'))")
