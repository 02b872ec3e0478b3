"""Types made of others: options, lists, dicts, dataclasses, enums, and what is special to databases."""

import dataclasses
from functools import cached_property
from struct import Struct

from .codec import Reader, Refused, Source, TooShort, Writer
from .errors import ValueMismatch, describe
from .scalars import FloatType, IntType, StrType, Type, product_bytes
from .values import TimeDuration, Timestamp

_u32 = Struct("<I").pack


def part(kind, which):
    """The ``encoder`` or ``decoder`` of a part; through a look-up later while the part itself is being compiled."""
    if which in kind.compiling:
        return lambda *arguments: getattr(kind, which)(*arguments)
    return getattr(kind, which)


def compiled(function):
    """A cached property that knows while it is made, so that types may contain themselves."""
    name = function.__name__

    def make(self):
        self.compiling.add(name)
        try:
            return function(self)
        finally:
            self.compiling.discard(name)
    made = cached_property(make)
    made.__set_name__(None, name)
    return made


class ByFunction(Type):
    """A type whose encoder and decoder are functions of their own, called from those of the whole."""

    def write(self, writer, name):
        writer.bytes(f"{writer.source.name('f', part(self, 'encoder'))}({name})")

    def read(self, reader, target):
        reader.statement(f"{target}, o = {reader.source.name('f', part(self, 'decoder'))}(b, o)")


class OptionType(ByFunction):
    def __init__(self, inner):
        self.inner, self.label = inner, f"{inner.label} or None"

    def algebra(self, space):
        return b"\1" + product_bytes([("some", self.inner.algebra(space)), ("none", b"\2" + _u32(0))])

    def check(self, value, path):
        return None if value is None else self.inner.check(value, path)

    @cached_property
    def encoder(self):
        source = Source()
        writer = Writer(source)
        self.inner.write(writer, "v")
        return source.function("encode", "def encode(v):\n    if v is None: return b'\\1'\n"
                               + writer.body(4, "return b'\\0' + {}") + "    raise Refused\n")

    @cached_property
    def decoder(self):
        source = Source()
        reader = Reader(source)
        self.inner.read(reader, "v")
        return source.function("decode", "def decode(b, o):\n    t = b[o]\n    o += 1\n    if t == 1: return None, o\n"
                               "    if t: raise TooShort('tag of an option')\n" + reader.body(4) + "    return v, o\n")


def _many(data, offset, zero_size):
    """Count of an array, checked against what is there, and the offset behind it."""
    count = int.from_bytes(data[offset:offset + 4], "little")
    offset += 4
    if count > (65536 if zero_size else len(data) - offset):
        raise TooShort(f"an array of {count} in {len(data) - offset} bytes")
    return count, offset


class ListType(ByFunction):
    def __init__(self, item):
        self.item, self.label = item, f"list of {item.label}"

    def algebra(self, space):
        return b"\3" + self.item.algebra(space)

    def check(self, value, path):
        if not isinstance(value, (list, tuple)):
            raise self.refuse(value, path)
        items = [self.item.check(item, f"{path}[{index}]") for index, item in enumerate(value)]
        same = type(value) is list and all(a is b for a, b in zip(items, value))
        return value if same else items

    @property
    def _plain(self):
        return self.item.code if isinstance(self.item, (IntType, FloatType)) and self.item.code else None

    @cached_property
    def encoder(self):
        code = self._plain
        if code:
            only = {float if isinstance(self.item, FloatType) else int}
            from struct import pack

            def encode(v):
                if type(v) is list and (not v or set(map(type, v)) == only):
                    return pack(f"<I{len(v)}{code}", len(v), *v)
                raise Refused
        else:
            item, join = part(self.item, "encoder"), b"".join

            def encode(v):
                if type(v) is list:
                    return _u32(len(v)) + join(map(item, v))
                raise Refused
        return encode

    @cached_property
    def decoder(self):
        code = self._plain
        if code:
            from struct import calcsize, unpack_from

            size = calcsize("<" + code)

            def decode(b, o):
                count, o = _many(b, o, False)
                return list(unpack_from(f"<{count}{code}", b, o)), o + count * size
        else:
            item, empty = part(self.item, "decoder"), self.item.zero_size

            def decode(b, o):
                count, o = _many(b, o, empty)
                items = []
                for _ in range(count):
                    value, o = item(b, o)
                    items.append(value)
                return items, o
        return decode


class DictType(ByFunction):
    def __init__(self, key, value):
        self.key, self.value, self.label = key, value, f"dict of {key.label} to {value.label}"

    def algebra(self, space):
        return b"\3\2" + product_bytes([("key", self.key.algebra(space)), ("value", self.value.algebra(space))])

    def check(self, value, path):
        if not isinstance(value, dict):
            raise self.refuse(value, path)
        return {self.key.check(k, f"key of {path}"): self.value.check(v, f"{path}[{k!r}]") for k, v in value.items()}

    @cached_property
    def encoder(self):
        key, value, join = part(self.key, "encoder"), part(self.value, "encoder"), b"".join

        def encode(v):
            if type(v) is dict:
                return _u32(len(v)) + join([key(k) + value(x) for k, x in v.items()])
            raise Refused
        return encode

    @cached_property
    def decoder(self):
        key, value = part(self.key, "decoder"), part(self.value, "decoder")

        def decode(b, o):
            count, o = _many(b, o, False)
            pairs = {}
            for _ in range(count):
                k, o = key(b, o)
                pairs[k], o = value(b, o)
            return pairs, o
        return decode


class ProductType(ByFunction):
    """A dataclass; also the row of a table. Fields are resolved when first needed, so classes may name one another."""

    def __init__(self, cls):
        self.cls, self.label, self.compiling = cls, cls.__name__, set()

    @cached_property
    def fields(self):
        """Pairs of name and type in the order of the class."""
        from .types import annotations_of, resolve

        hints = annotations_of(self.cls)
        names = [field.name for field in dataclasses.fields(self.cls)]
        return [(name, resolve(hints[name], f"{self.label}.{name}")) for name in names]

    @cached_property
    def plain(self):
        """Whether objects may be made without their constructor."""
        return not hasattr(self.cls, "__post_init__") and not self.cls.__dataclass_params__.frozen and "__setattr__" not in self.cls.__dict__

    def algebra(self, space):
        return space.reference(self)

    def content(self, space):
        return b"\2" + product_bytes([(name, kind.algebra(space)) for name, kind in self.fields])

    def check(self, value, path):
        if not isinstance(value, self.cls):
            raise self.refuse(value, path)
        exact, changed = {}, type(value) is not self.cls
        for name, kind in self.fields:
            try:
                given = getattr(value, name)
            except AttributeError:
                raise ValueMismatch(f"{path}.{name}: the field is missing") from None
            exact[name] = kind.check(given, f"{path}.{name}")
            changed = changed or exact[name] is not given
        if not changed:
            return value
        copy = object.__new__(self.cls)
        for name, given in exact.items():
            object.__setattr__(copy, name, given)
        return copy

    def write_fields(self, writer, name):
        """Statements that read the fields of an object into variables, before the tests of them."""
        loads = []
        for field, kind in self.fields:
            variable = writer.source.name("v")
            loads.append(f"{variable} = {name}.{field}")
            kind.write(writer, variable)
        return loads

    def encode_text(self, writer, head, done):
        """The body of a function with the object in ``r``: ``head`` is the test of its class."""
        loads = self.write_fields(writer, "r")
        return f"        if {head}:\n" + "".join(f"            {line}\n" for line in loads) + writer.body(12, done)

    @compiled
    def encoder(self):
        source = Source()
        source.env["C"] = self.cls
        text = self.encode_text(Writer(source), "type(r) is C", "return {}")
        return source.function("encode", "def encode(r):\n    if True:\n" + text + "    raise Refused\n")

    def read_fields(self, reader, target):
        names = []
        for field, kind in self.fields:
            variable = reader.source.name("v")
            kind.read(reader, variable)
            names.append((field, variable))
        cls = reader.source.name("C", self.cls)
        if self.plain:
            reader.statement(f"{target} = new({cls})")
            for field, variable in names:
                reader.statement(f"{target}.{field} = {variable}")
        else:
            reader.statement(f"{target} = {cls}({', '.join(f'{field}={variable}' for field, variable in names)})")

    @compiled
    def decoder(self):
        source = Source()
        reader = Reader(source)
        self.read_fields(reader, "r")
        return source.function("decode", "def decode(b, o=0):\n" + reader.body(4) + "    return r, o\n")

    @property
    def zero_size(self):
        return not self.fields


class EnumType(Type):
    """An ``enum.Enum``: variants without payload, in the order of the class."""

    def __init__(self, cls):
        self.cls, self.members, self.label = cls, tuple(cls), f"one of {cls.__name__}"
        for tag, member in enumerate(self.members):
            member._cloche_tag_ = tag

    def algebra(self, space):
        return space.reference(self)

    def content(self, space):
        return b"\1" + product_bytes([(member.name, b"\2" + _u32(0)) for member in self.members])

    def check(self, value, path):
        if not isinstance(value, self.cls):
            raise self.refuse(value, path)
        return value

    def write(self, writer, name):
        writer.exact(name, self.cls)
        writer.fixed("B", f"{name}._cloche_tag_")

    def read(self, reader, target):
        reader.fixed("B", target, f"{target} = {reader.source.name('members', self.members)}[{target}]")


class TaggedType(ByFunction):
    """A ``TaggedEnum``, and ScheduleAt, which is one with Python's own classes as variants."""

    def __init__(self, cls):
        self.cls, self.label = cls, cls.__name__

    @cached_property
    def variants(self):
        """Triples of name, class and type of the value; the type is None for a variant without one."""
        from .types import annotations_of, resolve

        hints = annotations_of(self.cls)
        return [(name, getattr(self.cls, name), None if hint is None or hint is type(None) else resolve(hint, f"{self.label}.{name}"))
                for name, hint in hints.items()]

    def algebra(self, space):
        return space.reference(self)

    def content(self, space):
        return b"\1" + product_bytes([(name, b"\2" + _u32(0) if kind is None else kind.algebra(space)) for name, _, kind in self.variants])

    def check(self, value, path):
        for name, cls, kind in self.variants:
            if type(value) is cls:
                if kind is None:
                    if value.value is not None:
                        raise ValueMismatch(f"{path}.{name}: expected no value, got {describe(value.value)}")
                    return value
                exact = kind.check(value.value, f"{path}.{name}")
                return value if exact is value.value else cls(exact)
        raise self.refuse(value, path)

    @cached_property
    def encoder(self):
        table = {cls: (bytes([tag]), kind) for tag, (_, cls, kind) in enumerate(self.variants)}

        def encode(v):
            tag, kind = table[type(v)]
            if kind is not None:
                return tag + kind.encoder(v.value)
            if v.value is None:
                return tag
            raise Refused
        return encode

    @cached_property
    def decoder(self):
        variants = [(cls, kind) for _, cls, kind in self.variants]

        def decode(b, o):
            cls, kind = variants[b[o]]
            if kind is None:
                return cls(), o + 1
            value, o = kind.decoder(b, o + 1)
            return cls(value), o
        return decode


class ScheduleType(ByFunction):
    """When a scheduled row is due: a TimeDuration means again and again, a Timestamp means once."""

    label = "TimeDuration (again and again) or Timestamp (once)"

    def __init__(self, interval, time):
        self.interval, self.time = interval, time

    def algebra(self, space):
        return b"\1" + product_bytes([("Interval", self.interval.algebra(space)), ("Time", self.time.algebra(space))])

    def check(self, value, path):
        if type(value) not in (TimeDuration, Timestamp):
            raise self.refuse(value, path)
        return value

    @cached_property
    def encoder(self):
        pack = Struct("<Bq").pack

        def encode(v):
            if type(v) is TimeDuration:
                return pack(0, v)
            if type(v) is Timestamp:
                return pack(1, v)
            raise Refused
        return encode

    @cached_property
    def decoder(self):
        unpack = Struct("<Bq").unpack_from

        def decode(b, o):
            tag, micros = unpack(b, o)
            return (TimeDuration, Timestamp)[tag](micros), o + 9
        return decode


class UnitType(Type):
    """No value at all: the result of a function that returns None."""

    label = "None"
    zero_size = True

    def algebra(self, space):
        return b"\2" + _u32(0)

    def check(self, value, path):
        if value is not None:
            raise self.refuse(value, path)
        return value

    def write(self, writer, name):
        writer.tests.append(f"{name} is None")

    def read(self, reader, target):
        reader.statement(f"{target} = None")


class QueryType(StrType):
    """The result of a view that is a query over one table."""

    label = "Query"

    def __init__(self, row):
        self.row = row

    def algebra(self, space):
        return b"\2" + product_bytes([("__query__", self.row.algebra(space))])
