import ast
import enum
import pathlib
import random
import struct
import sys
import unittest
from dataclasses import dataclass
from typing import Optional
from uuid import UUID

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import cloche
from cloche import F32, I8, I16, I32, I64, I128, I256, U8, U16, U32, U64, U128, U256, ConnectionId, Identity, ScheduleAt, TaggedEnum, TimeDuration, Timestamp, ValueMismatch
from cloche.codec import TooShort, checked_encoder, decode_all
from cloche.scalars import TypeProblem
from cloche.types import resolve


class Shape(TaggedEnum):
    A: None
    B: U16


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


@dataclass
class Tree:
    name: str
    children: list["Tree"]


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass
class Mixed:
    small: U8
    colour: Colour
    note: Optional[str]
    words: list[str]
    counts: dict[str, U8]
    shape: Shape
    big: I256
    where: Point


def mixed(**changes):
    return Mixed(**{"small": 3, "colour": Colour.BLUE, "note": None, "words": ["a", "b"], "counts": {"k": 1}, "shape": Shape.B(7), "big": -5, "where": Point(1.0, 2.0), **changes})


class GoldenBytes(unittest.TestCase):
    def check(self, annotation, value, expected=None):
        kind = resolve(annotation, "x")
        data = checked_encoder(kind, "x")(value)
        if expected is not None:
            self.assertEqual(data.hex(), expected)
        back = decode_all(kind, data)
        self.assertEqual(back, value)
        self.assertIs(type(back), type(value))

    def test_every_type_has_the_published_bytes(self):
        for annotation, value, expected in [
            (I16, -2, "feff"), (I64, -1, "ff" * 8), (int, -1, "ff" * 8), (F32, 1.5, "0000c03f"), (float, -0.1, "9a9999999999b9bf"), (str, "aü", "0300000061c3bc"),
            (list[U16], [1, 2], "0200000001000200"), (bytes, b"\1\2\3", "03000000010203"), (Optional[U32], 7, "0007000000"), (U32 | None, None, "01"),
            (Shape, Shape.A(), "00"), (Shape, Shape.B(5), "010500"), (type(None), None, ""),
            (Identity, Identity("c2" + "00" * 30 + "01"), "01" + "00" * 30 + "c2"),
            (ConnectionId, ConnectionId("00112233445566778899aabbccddeeff"), "ffeeddccbbaa99887766554433221100"),
            (Timestamp, Timestamp(1_000_000), "40420f0000000000"), (TimeDuration, TimeDuration.of(milliseconds=250), "90d0030000000000"),
            (ScheduleAt, TimeDuration.of(seconds=1), "0040420f0000000000"), (ScheduleAt, Timestamp(1_000_000), "0140420f0000000000"),
            (UUID, UUID("01888d6e-5c00-7000-8000-000000000001"), "01000000000000800070005c6e8d8801"),
            (Colour, Colour.BLUE, "01"), (dict[str, U8], {"a": 1}, "01000000" + "0100000061" + "01"),
        ]:
            with self.subTest(annotation=annotation, value=value):
                self.check(annotation, value, expected)

    def test_integers_of_all_widths_reach_their_limits_and_no_further(self):
        for annotation, bits, signed in [(I8, 8, 1), (U8, 8, 0), (I16, 16, 1), (U16, 16, 0), (I32, 32, 1), (U32, 32, 0), (I64, 64, 1), (U64, 64, 0),
                                         (I128, 128, 1), (U128, 128, 0), (I256, 256, 1), (U256, 256, 0)]:
            low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
            for value in (low, high):
                self.check(annotation, value)
            for value in (low - 1, high + 1):
                with self.assertRaises(ValueMismatch):
                    checked_encoder(resolve(annotation, "x"), "x")(value)

    def test_nested_values_come_back_equal(self):
        self.check(Mixed, mixed())
        self.check(list[Optional[Mixed]], [mixed(note="n"), None])
        self.check(Tree, Tree("root", [Tree("leaf", []), Tree("twig", [Tree("bud", [])])]))
        self.check(dict[str, list[Point]], {"path": [Point(0.0, 1.0)], "": []})

    def test_random_values_come_back_equal(self):
        generator = random.Random(4)
        for _ in range(300):
            value = mixed(small=generator.randrange(256), note=generator.choice([None, "", "é" * generator.randrange(50)]),
                          words=[chr(generator.randrange(32, 0x2FFF)) * generator.randrange(4) for _ in range(generator.randrange(6))],
                          counts={str(i): generator.randrange(256) for i in range(generator.randrange(5))}, big=generator.getrandbits(255) - (1 << 254),
                          shape=generator.choice([Shape.A(), Shape.B(generator.randrange(65536))]))
            self.check(Mixed, value)


class Mismatches(unittest.TestCase):
    def refused(self, value, message):
        with self.assertRaises(ValueMismatch) as raised:
            checked_encoder(resolve(Mixed, "Mixed"), "Mixed")(value)
        self.assertIn(message, str(raised.exception))

    def test_each_names_the_field_what_was_expected_and_what_came(self):
        self.refused(mixed(small=300), "Mixed.small: expected U8 (0 to 255), got 300")
        self.refused(mixed(small=True), "Mixed.small: expected U8 (0 to 255), got True (bool)")
        self.refused(mixed(small="3"), "Mixed.small: expected U8 (0 to 255), got '3' (str)")
        self.refused(mixed(note=5), "Mixed.note: expected str, got 5")
        self.refused(mixed(words=["a", 1]), "Mixed.words[1]: expected str, got 1")
        self.refused(mixed(words="ab"), "Mixed.words: expected list of str, got 'ab' (str)")
        self.refused(mixed(counts={"a": -1}), "Mixed.counts['a']: expected U8 (0 to 255), got -1")
        self.refused(mixed(counts={1: 1}), "key of Mixed.counts: expected str, got 1")
        self.refused(mixed(shape=Shape.B("s")), "Mixed.shape.B: expected U16 (0 to 65535), got 's' (str)")
        self.refused(mixed(shape=Shape.A(1)), "Mixed.shape.A: expected no value, got 1")
        self.refused(mixed(colour=1), "Mixed.colour: expected one of Colour, got 1")
        self.refused(mixed(where=Point(1.0, "y")), "Mixed.where.y: expected F64, got 'y' (str)")
        self.refused(mixed(note="\ud800"), "Mixed.note: expected text, got half a character at position 0")
        self.refused(mixed(big=1 << 256), "Mixed.big: expected I256, got")

    def test_what_loses_nothing_is_taken(self):
        class Level(enum.IntEnum):
            LOW = 2

        self.assertEqual(checked_encoder(resolve(U8, "x"), "x")(Level.LOW), b"\2")
        self.assertEqual(checked_encoder(resolve(int, "x"), "x")(Timestamp(5)), struct.pack("<q", 5))
        self.assertEqual(checked_encoder(resolve(float, "x"), "x")(5), struct.pack("<d", 5.0))
        self.assertEqual(checked_encoder(resolve(list[str], "x"), "x")(("a",)), checked_encoder(resolve(list[str], "x"), "x")(["a"]))
        with self.assertRaises(ValueMismatch):
            checked_encoder(resolve(float, "x"), "x")(1 << 60)
        with self.assertRaises(ValueMismatch):
            checked_encoder(resolve(Timestamp, "x"), "x")(5)

    def test_bytes_that_end_early_or_say_nonsense_are_refused(self):
        whole = checked_encoder(resolve(Mixed, "x"), "x")(mixed())
        for end in range(len(whole)):
            with self.assertRaises(Exception):
                decode_all(resolve(Mixed, "x"), whole[:end])
        for annotation, data in [(bool, b"\2"), (Optional[U8], b"\2\0"), (Colour, b"\2"), (Shape, b"\7"), (list[str], b"\xff\xff\xff\xff"),
                                 (str, b"\2\0\0\0\xff\xff"), (U8, b"\1\2"), (list[type(None)], b"\xff\xff\xff\xff")]:
            with self.subTest(annotation=annotation), self.assertRaises(Exception):
                decode_all(resolve(annotation, "x"), data)
        with self.assertRaises(TooShort):
            decode_all(resolve(str, "x"), b"\5\0\0\0a")


class Annotations(unittest.TestCase):
    def test_what_is_no_type_comes_with_advice(self):
        for annotation, advice in [(complex, "two floats"), (list, "list[str]"), (dict, "dict[str, int]"), (int | str, "TaggedEnum"), (tuple, "Use list"),
                                   (set, "Use list"), (type("Plain", (), {}), "@dataclass"), (__import__("datetime").datetime, "Use Timestamp")]:
            with self.subTest(annotation=annotation), self.assertRaises(TypeProblem) as raised:
                resolve(annotation, "T.c")
            self.assertIn(advice, raised.exception.advice)
            self.assertTrue(raised.exception.text.startswith("T.c: "))


class Values(unittest.TestCase):
    def test_identities_show_and_read_the_hexadecimal_form(self):
        text = "c2" + "0" * 60 + "1f"
        self.assertEqual(str(Identity(text)), text)
        self.assertEqual(repr(Identity(text)), f"Identity('{text}')")
        self.assertEqual({Identity(text): 1}[Identity(text)], 1)
        self.assertLess(Identity("01" + "00" * 31), Identity("02" + "00" * 31))
        with self.assertRaises(ValueError):
            Identity("12")

    def test_times_subtract_to_spans_and_show_as_dates(self):
        self.assertEqual(Timestamp(5) - Timestamp(2), TimeDuration(3))
        self.assertIs(type(Timestamp(5) - TimeDuration(2)), Timestamp)
        self.assertIs(type(Timestamp(5) + TimeDuration.of(seconds=2)), Timestamp)
        self.assertEqual(str(Timestamp(0)), "1970-01-01T00:00:00+00:00")
        self.assertEqual(Timestamp.from_datetime(Timestamp(1234567890123456).to_datetime()), 1234567890123456)

    def test_tagged_enums_match(self):
        match Shape.B(3):
            case Shape.B(value):
                self.assertEqual(value, 3)
        with self.assertRaises(TypeError):
            Shape(1)

    def test_the_package_offers_what_it_lists(self):
        for name in cloche.__all__:
            self.assertTrue(hasattr(cloche, name), name)

    def test_the_stubs_tell_editors_about_all_of_it(self):
        tree = ast.parse((pathlib.Path(cloche.__file__).parent / "__init__.pyi").read_text())
        names = {node.name for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
        names |= {node.target.id for node in tree.body if isinstance(node, ast.AnnAssign)}
        names |= {alias.asname for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
        self.assertEqual(set(cloche.__all__) - names, set())


if __name__ == "__main__":
    unittest.main()
