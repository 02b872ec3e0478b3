"""The description of a module in the form of the public module ABI (definition V10)."""

from .errors import DeclarationError, ValueMismatch
from .http import METHODS
from .scalars import array_bytes, option_bytes, product_bytes, text_bytes
from .types import UNIT

KINDS = {"btree": b"\0", "hash": b"\1", "direct": b"\2"}
LIFECYCLES = {"init": b"\0", "client_connected": b"\1", "client_disconnected": b"\2"}
VERSION_10 = b"\2"


class Space:
    """The types with a name, numbered as they are first met."""

    def __init__(self):
        self.types, self.numbers = [], {}

    def reference(self, kind):
        number = self.numbers.get(kind)
        if number is None:
            number = self.numbers[kind] = len(self.types)
            self.types.append(kind)
        return b"\0" + number.to_bytes(4, "little")

    def contents(self):
        """What each type is; describing one may bring in more."""
        done = []
        while len(done) < len(self.types):
            done.append(self.types[len(done)].content(self))
        return done


def definition(module):
    """The bytes for ``__describe_module__``."""
    space = Space()
    for table in module.tables:
        space.reference(table.row)
    tables = [_table(table, space) for table in module.tables]
    reducers = [_reducer(function, space) for function in module.reducers]
    procedures = [text_bytes(f.name) + _parameters(f, space) + f.result.algebra(space) + b"\1" for f in module.procedures]
    views = _views(module.views, space)
    schedules = [option_bytes(None) + text_bytes(table.name) + _u16(table.schedule_column()) + text_bytes(f.name) for table, f in module.schedules]
    lifecycles = [LIFECYCLES[f.lifecycle] + text_bytes(f.name) for f in module.reducers if f.lifecycle]
    contents = space.contents()
    _check_type_names(space)
    types = [array_bytes([]) + text_bytes(kind.cls.__name__) + number.to_bytes(4, "little") + b"\1" for number, kind in enumerate(space.types)]
    sections = [(0, contents), (1, types), (2, tables), (3, reducers), (4, procedures), (5, views), (6, schedules), (7, lifecycles),
                (11, [text_bytes(f.name) for f in module.handlers]), (12, [_route(route, f) for route, f in module.routes])]
    parts = [bytes([tag]) + array_bytes(items) for tag, items in sections if items or tag < 4]
    # names are what the author wrote: no conversion
    parts.append(b"\x09\0")
    return VERSION_10 + array_bytes(parts)


def _route(route, handler):
    method = b"\0" if route.method is None else bytes([1, METHODS.index(route.method)])
    return text_bytes(handler.name) + method + text_bytes(route.path)


def _check_type_names(space):
    seen = {}
    for kind in space.types:
        other = seen.setdefault(kind.cls.__name__, kind)
        if other is not kind:
            raise DeclarationError(f"there are two types named {kind.cls.__name__}", "Rename one: clients see one list of types")


def _u16(number):
    return number.to_bytes(2, "little")


def _columns(numbers):
    return array_bytes([_u16(number) for number in numbers])


def _table(table, space):
    number = {name: i for i, name in enumerate(table.names)}
    key = [number[table.primary_key]] if table.primary_key else []
    indexes = []
    for index in table.all_indexes:
        columns = _u16(number[index.columns[0]]) if index.kind == "direct" else _columns([number[c] for c in index.columns])
        indexes.append(option_bytes(text_bytes(index.name(table.name))) + option_bytes(text_bytes("_".join(index.columns))) + KINDS[index.kind] + columns)
    constraints = [option_bytes(None) + b"\0" + _columns([number[column]]) for column in table.unique_columns]
    one = (1).to_bytes(16, "little")
    sequences = [option_bytes(None) + _u16(number[column]) + b"\1\1\1" + one for column in table.auto_inc]
    defaults = []
    for name, value in table.defaults.items():
        data = _default(table, name, value)
        defaults.append(_u16(number[name]) + len(data).to_bytes(4, "little") + data)
    return (text_bytes(table.name) + space.reference(table.row)[1:] + _columns(key) + array_bytes(indexes) + array_bytes(constraints)
            + array_bytes(sequences) + b"\1" + (b"\0" if table.public else b"\1") + array_bytes(defaults) + (b"\1" if table.event else b"\0"))


def _default(table, name, value):
    kind = table.types[name]
    try:
        return kind.encoder(kind.check(value, f"default of {table.cls.__name__}.{name}"))
    except ValueMismatch as mismatch:
        raise table.place.problem(str(mismatch), "Change the default, or the type", table.place.line_of(name)) from None


def _parameters(function, space):
    return product_bytes([(name, kind.algebra(space)) for name, kind in function.parameters])


def _reducer(function, space):
    private = function.lifecycle or function.schedule
    return text_bytes(function.name) + _parameters(function, space) + (b"\0" if private else b"\1") + UNIT.algebra(space) + b"\4"


def _views(views, space):
    counts = [0, 0]
    out = []
    for view in views:
        number = counts[view.anonymous]
        counts[view.anonymous] += 1
        out.append(text_bytes(view.name) + number.to_bytes(4, "little") + (b"\1" if view.public else b"\0") + (b"\1" if view.anonymous else b"\0")
                   + _parameters(view, space) + view.result.algebra(space))
    return out
