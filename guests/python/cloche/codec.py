"""Encoders and decoders as Python functions that are written for one type and compiled.

A run of fields of fixed size becomes one call of ``struct``; the length of a text joins the run before it. The fast
function tests exact types and lets everything else, and every exception, go to ``check``, which names the field.
"""

from struct import Struct

PRELUDE = {"join": b"".join, "raw": bytes.__new__, "new": object.__new__, "pack_u32": Struct("<I").pack}


class Refused(Exception):
    """A value that the fast function does not take."""


class TooShort(Exception):
    """Bytes end before the value does."""


class Source:
    """Text of a function under construction, and the objects that it names."""

    def __init__(self):
        self.env = dict(PRELUDE, Refused=Refused, TooShort=TooShort)
        self.count = 0

    def name(self, hint, value=None):
        self.count += 1
        name = f"{hint}{self.count}"
        if value is not None:
            self.env[name] = value
        return name

    def function(self, name, text):
        exec(compile(text, "<cloche codec>", "exec"), self.env)
        return self.env[name]


class Writer:
    """Collects how a value is written: tests, statements before, and the pieces of the result."""

    def __init__(self, source):
        self.source = source
        self.tests, self.lines, self.pieces = [], [], []

    def exact(self, name, kind):
        key = kind.__name__ if kind in (int, str, float, bool, bytes, list, dict) else self.source.name("T", kind)
        self.tests.append(f"type({name}) is {key}")

    def fixed(self, code, expression):
        if self.pieces and self.pieces[-1][0] == "fixed":
            self.pieces[-1][1].append((code, expression))
        else:
            self.pieces.append(("fixed", [(code, expression)]))

    def bytes(self, expression):
        self.pieces.append(("bytes", expression))

    def result(self):
        parts = []
        for kind, piece in self.pieces:
            if kind == "bytes":
                parts.append(piece)
            elif len(piece) == 1 and piece[0][0].endswith("s"):
                parts.append(piece[0][1])
            else:
                pack = self.source.name("pack", Struct("<" + "".join(code for code, _ in piece)).pack)
                parts.append(f"{pack}({', '.join(expression for _, expression in piece)})")
        if not parts:
            return "b''"
        # one piece of a bytes subclass must not leave as what it is, and long sums copy more than a join
        if len(parts) == 1:
            return parts[0] if parts[0].startswith(("pack", "f")) else f"bytes({parts[0]})"
        return " + ".join(parts) if len(parts) <= 4 else f"join(({', '.join(parts)}))"

    def body(self, indent, done):
        """The tests, then the statements, then ``done`` with the result in place of ``{}``."""
        pad = " " * indent
        inner = pad + ("    " if self.tests else "")
        head = f"{pad}if {' and '.join(self.tests)}:\n" if self.tests else ""
        result = self.result()
        return head + "".join(f"{inner}{line}\n" for line in self.lines) + inner + done.format(result) + "\n"


class Reader:
    """Collects the statements that read values from ``b`` at ``o`` into variables."""

    def __init__(self, source):
        self.source = source
        self.lines, self.run, self.after = [], [], []

    def fixed(self, code, target, after=None):
        self.run.append((code, target))
        if after:
            self.after.append(after)

    def flush(self):
        if not self.run:
            return
        struct = Struct("<" + "".join(code for code, _ in self.run))
        names = ", ".join(target for _, target in self.run)
        self.lines.append(f"{names}, = {self.source.name('unpack', struct.unpack_from)}(b, o)")
        self.lines.append(f"o += {struct.size}")
        self.lines.extend(self.after)
        self.run, self.after = [], []

    def statement(self, line):
        self.flush()
        self.lines.append(line)

    def body(self, indent):
        self.flush()
        return "".join(" " * indent + line + "\n" for line in self.lines)


def value_encoder(kind):
    """A function from a value to its bytes; raises anything at all where the value does not fit."""
    source = Source()
    writer = Writer(source)
    kind.write(writer, "v")
    return source.function("encode", "def encode(v):\n" + writer.body(4, "return {}") + "    raise Refused\n")


def value_decoder(kind):
    """A function from bytes and an offset to a value and the offset behind it."""
    source = Source()
    reader = Reader(source)
    kind.read(reader, "v")
    return source.function("decode", "def decode(b, o=0):\n" + reader.body(4) + "    return v, o\n")


def checked_encoder(kind, path):
    """Like ``value_encoder``, but what does not fit raises ``ValueMismatch`` that begins with ``path``."""
    fast = kind.encoder

    def encode(value):
        try:
            return fast(value)
        except Exception:
            exact = kind.check(value, path)
            if exact is value:
                raise
            return fast(exact)

    return encode


def decode_all(kind, data):
    """The one value that fills ``data``."""
    value, end = kind.decoder(data, 0)
    if end != len(data):
        raise TooShort(f"{len(data)} bytes for a value of {end}")
    return value


def rows_decoder(kind):
    """A function from the bytes of rows, one behind the other, to a list of objects."""
    source = Source()
    reader = Reader(source)
    kind.read_fields(reader, "row")
    text = "def decode(b):\n    rows = []\n    add = rows.append\n    o = 0\n    n = len(b)\n    while o < n:\n"
    return source.function("decode", text + reader.body(8) + "        add(row)\n    if o != n: raise TooShort\n    return rows\n")
