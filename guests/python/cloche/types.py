"""From annotations to types."""

import dataclasses
import enum
import types
import typing

from .compound import DictType, EnumType, ListType, OptionType, ProductType, QueryType, ScheduleType, TaggedType, UnitType
from .scalars import BoolType, BytesType, FloatType, IntType, KeyType, StrType, TimeType, Type, TypeProblem, UuidType
from .values import ConnectionId, Identity, Query, TaggedEnum, TimeDuration, Timestamp, Uuid

INTS = {name: IntType(name, tag, code, bits, name[0] == "I") for name, tag, code, bits in [
    ("I8", 6, "b", 8), ("U8", 7, "B", 8), ("I16", 8, "h", 16), ("U16", 9, "H", 16), ("I32", 10, "i", 32), ("U32", 11, "I", 32),
    ("I64", 12, "q", 64), ("U64", 13, "Q", 64), ("I128", 14, None, 128), ("U128", 15, None, 128), ("I256", 16, None, 256), ("U256", 17, None, 256)]}
I8, U8, I16, U16, I32, U32, I64, U64, I128, U128, I256, U256 = (typing.Annotated[int, kind] for kind in INTS.values())
F32_TYPE, F64_TYPE = FloatType("F32", 18, "f"), FloatType("F64", 19, "d")
F32, F64 = typing.Annotated[float, F32_TYPE], typing.Annotated[float, F64_TYPE]
TIMESTAMP = TimeType(Timestamp, "__timestamp_micros_since_unix_epoch__")
DURATION = TimeType(TimeDuration, "__time_duration_micros__")
SCHEDULE = ScheduleType(DURATION, TIMESTAMP)
ScheduleAt = typing.Annotated[typing.Union[TimeDuration, Timestamp], SCHEDULE]
UNIT = UnitType()

SIMPLE = {
    bool: BoolType(), int: INTS["I64"], float: F64_TYPE, str: StrType(), bytes: BytesType(), Uuid: UuidType(), type(None): UNIT,
    Identity: KeyType(Identity, "__identity__", 17), ConnectionId: KeyType(ConnectionId, "__connection_id__", 15),
    Timestamp: TIMESTAMP, TimeDuration: DURATION,
}
ADVICE = {
    "datetime": "Use Timestamp; it has from_datetime() and to_datetime()", "timedelta": "Use TimeDuration; TimeDuration.of(seconds=30) makes one",
    "Decimal": "Use I64 in the smallest unit, or str", "set": "Use list", "frozenset": "Use list", "tuple": "Use list, or a dataclass",
    "object": "Write the type itself", "Any": "Write the type itself", "complex": "Use a dataclass with two floats",
    "bytearray": "Use bytes", "date": "Use Timestamp, or str",
}


def annotations_of(cls):
    """The annotations of a class and those before it, strings evaluated where the class was written."""
    return typing.get_type_hints(cls, include_extras=True)


_named = {}


def resolve(annotation, where):
    """The type of an annotation; ``TypeProblem`` with ``where`` in its text if there is none."""
    if isinstance(annotation, Type):
        return annotation
    for extra in getattr(annotation, "__metadata__", ()):
        if isinstance(extra, Type):
            return extra
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return resolve(arguments[0], where)
    if annotation is None:
        return UNIT
    if origin in (typing.Union, types.UnionType):
        others = [argument for argument in arguments if argument is not type(None)]
        if len(others) == 1 and len(arguments) == 2:
            return OptionType(resolve(others[0], where))
        raise TypeProblem(f"{where}: a union of several types has no column type", "Declare a TaggedEnum with a variant for each")
    if origin is list:
        return ListType(resolve(arguments[0], where))
    if origin is dict:
        return DictType(resolve(arguments[0], where), resolve(arguments[1], where))
    if origin is Query:
        return QueryType(resolve(arguments[0], where))
    if annotation in (list, typing.List):
        raise TypeProblem(f"{where}: list does not say of what", "Write list[str], or whatever its items are")
    if annotation in (dict, typing.Dict):
        raise TypeProblem(f"{where}: dict does not say of what", "Write dict[str, int], or whatever its keys and values are")
    simple = SIMPLE.get(annotation) if isinstance(annotation, type) else None
    return simple or _class_type(annotation, where)


def _class_type(annotation, where):
    if isinstance(annotation, type):
        known = _named.get(annotation)
        if known is None:
            known = _new_class_type(annotation)
            if known is not None:
                _named[annotation] = known
        if known is not None:
            return known
    name = getattr(annotation, "__name__", None) or str(annotation)
    plain = isinstance(annotation, type) and annotation.__module__ not in ("builtins", "datetime", "decimal")
    advice = ADVICE.get(name) or ("Put @dataclass above the class" if plain else "See the list of types in the guide")
    raise TypeProblem(f"{where}: {name} is no type of a column", advice)


def _new_class_type(cls):
    if issubclass(cls, enum.Enum):
        return EnumType(cls) if 0 < len(cls) <= 256 else None
    if issubclass(cls, TaggedEnum):
        return TaggedType(cls) if cls.__annotations__ else None
    return ProductType(cls) if dataclasses.is_dataclass(cls) else None
