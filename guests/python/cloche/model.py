"""What a module declares: tables with their indexes, and functions; each remembers where it was written."""

import sys
from dataclasses import dataclass, field
from functools import cached_property

from .errors import DeclarationError, nearest
from .compound import ScheduleType
from .scalars import IntType, TypeProblem
from .types import UNIT, resolve

MOST_COLUMNS = 512


@dataclass(frozen=True)
class Place:
    """Where something was declared: the module's name in Python, its file and the line."""

    module: str
    file: str
    line: int

    def problem(self, text, advice, line=None):
        return DeclarationError(text, advice, self.file, line or self.line)

    def line_of(self, word):
        """The line at or below this one on which an annotated name is written; this one where none is found."""
        import linecache
        import re

        lines = linecache.getlines(self.file)
        form = re.compile(rf"\s+{re.escape(word)}\s*:")
        for number in range(self.line, min(self.line + 200, len(lines)) + 1):
            if form.match(lines[number - 1]):
                return number
        return self.line


@dataclass(frozen=True)
class Index:
    """An index over columns: ``btree`` for equality, ranges and order, ``hash`` for equality, ``direct`` for small dense numbers."""

    columns: tuple
    kind: str = "btree"

    def name(self, table):
        return f"{table}_{'_'.join(self.columns)}_idx_{self.kind}"


@dataclass
class Table:
    """A table as declared. Names of columns are checked when it is made."""

    cls: type
    name: str
    place: Place
    public: bool = False
    primary_key: str | None = None
    unique: tuple = ()
    auto_inc: tuple = ()
    indexes: tuple = ()
    event: bool = False
    defaults: dict = field(default_factory=dict)
    generated: bool = False

    def __post_init__(self):
        self.row = resolve(self.cls, self.name)
        self._check_columns()
        keys = ([self.primary_key] if self.primary_key else []) + list(self.unique)
        if len(set(keys)) != len(keys):
            raise self.place.problem(f"{self.cls.__name__}: a primary key is unique already", "Remove it from unique=")
        self.unique_columns = tuple(keys)
        given = {index.columns: index for index in self.indexes}
        # a unique column needs an index to be unique by; an index that is declared for it decides the kind
        self.all_indexes = [given.pop((column,), Index((column,))) for column in keys] + [i for i in self.indexes if i.columns in given]

    @cached_property
    def columns(self):
        """Pairs of name and type."""
        try:
            return self.row.fields
        except TypeProblem as problem:
            column = problem.text.split(":")[0].rsplit(".", 1)[-1]
            raise self.place.problem(problem.text, problem.advice, self.place.line_of(column)) from None
        except NameError as error:
            raise self.place.problem(f"{self.cls.__name__}: an annotation names {error.name!r}, which is not known here",
                                     "Import it, or declare it above the table") from None

    @cached_property
    def names(self):
        return [name for name, _ in self.columns]

    @cached_property
    def types(self):
        return dict(self.columns)

    def _check_columns(self):
        if not self.columns:
            raise self.place.problem(f"{self.cls.__name__}: a table needs at least one column", "Write one as `name: str`")
        if len(self.columns) > MOST_COLUMNS:
            raise self.place.problem(f"{self.cls.__name__}: {len(self.columns)} columns", f"A table has at most {MOST_COLUMNS}")
        for word, names in [("primary_key", [self.primary_key] if self.primary_key else []), ("unique", self.unique), ("auto_inc", self.auto_inc),
                            *[("indexes", index.columns) for index in self.indexes]]:
            for name in names:
                if name not in self.types:
                    raise self.place.problem(f"{self.cls.__name__}: {word} names {name!r}, which is no column", nearest(str(name), self.names))
        for name in self.auto_inc:
            if not isinstance(self.types[name], IntType):
                raise self.place.problem(f"{self.cls.__name__}.{name}: auto_inc counts integers, and this is {self.types[name].label}",
                                         "Make it U64", self.place.line_of(name))
        for index in self.indexes:
            if index.kind == "direct" and not (isinstance(self.types[index.columns[0]], IntType) and self.types[index.columns[0]].name in ("U8", "U16", "U32", "U64")):
                raise self.place.problem(f"{self.cls.__name__}: a direct index needs a column of U8, U16, U32 or U64", "Use btree()")

    def schedule_column(self):
        """The position of the column that says when a row is due, or None."""
        return next((i for i, (_, kind) in enumerate(self.columns) if isinstance(kind, ScheduleType)), None)


@dataclass(frozen=True)
class Route:
    """Where an HTTP handler answers: exactly this path, by one method or, with None, by all."""

    method: str | None
    path: str


@dataclass
class Function:
    """A reducer, view, procedure or HTTP handler as declared."""

    kind: str
    name: str
    call: object
    place: Place
    parameters: list
    result: object = None
    lifecycle: str | None = None
    public: bool = True
    anonymous: bool = False
    schedule: object = None
    takes_row: bool = True
    routes: list = field(default_factory=list)


@dataclass(frozen=True)
class Schedule:
    """What runs a function by the clock: a table of the module, or a generated one with its one row."""

    table: type | None = None
    every: int | None = None
    after: int | None = None


class Module:
    """All that one module declares, checked as a whole."""

    def __init__(self, declarations):
        self.tables = [d for d in declarations if isinstance(d, Table)]
        self.functions = [d for d in declarations if isinstance(d, Function)]
        self._lifecycles()
        self.reducers = [f for f in self.functions if f.kind == "reducer"]
        self.procedures = [f for f in self.functions if f.kind == "procedure"]
        self.views = [f for f in self.functions if f.kind == "view"]
        self.handlers = [f for f in self.functions if f.kind == "handler"]
        self.routes = [(route, f) for f in self.handlers for route in f.routes]
        self._routes()
        self._unique("table", self.tables)
        self._unique("function", self.functions)
        names = {table.name: table for table in self.tables}
        for view in self.views:
            if view.name in names:
                raise view.place.problem(f"the view {view.name} has the name of a table", "Rename one: clients see both as tables")
        self.schedules = [(self.table_of(f.schedule.table, f), f) for f in self.functions if f.schedule]

    def table_of(self, cls, function):
        for table in self.tables:
            if table.cls is cls:
                return table
        raise function.place.problem(f"{function.name}: {cls.__name__} is no table of this module", "Put @table above the class")

    def _unique(self, what, declarations):
        seen = {}
        for declaration in declarations:
            first = seen.setdefault(declaration.name, declaration)
            if first is not declaration:
                raise declaration.place.problem(f"there are two {what}s named {declaration.name}", f"Rename one; the first is at {first.place.file}:{first.place.line}")

    def _routes(self):
        seen = []
        for route, handler in self.routes:
            for other, first in seen:
                if other.path == route.path and (None in (other.method, route.method) or other.method == route.method):
                    raise handler.place.problem(f"{first.name} and {handler.name} both answer {route.method or other.method or 'all methods'} at {route.path!r}",
                                                f"Change one path or its methods; the first is at {first.place.file}:{first.place.line}")
            seen.append((route, handler))

    def _lifecycles(self):
        seen = {}
        for function in self.functions:
            if function.lifecycle:
                first = seen.setdefault(function.lifecycle, function)
                if first is not function:
                    raise function.place.problem(f"there are two @{function.lifecycle} functions: {first.name} and {function.name}", "Keep one, and let it call the other")
        own_rows = next((f for f in self.functions if f.schedule and (f.schedule.every or f.schedule.after)), None)
        if own_rows and "init" not in seen:
            # the making of the database is what sets timers going
            self.functions.append(Function("reducer", "start_schedules", lambda ctx: None, own_rows.place, [], UNIT, lifecycle="init"))


declarations = []


def declare(declaration):
    """Keeps a declaration; the same place declared again, as by a reload, replaces what it was."""
    for number, other in enumerate(declarations):
        if type(other) is type(declaration) and other.name == declaration.name and other.place == declaration.place:
            declarations[number] = declaration
            return
    declarations.append(declaration)


def module_of(names=None):
    """The module made of what some Python modules declared; of everything without names."""
    return Module([d for d in declarations if names is None or d.place.module in names])


def place_of(cls_or_function):
    """Where the decorator stands that is at work now."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        name = frame.f_globals.get("__name__", "")
        if name != "cloche" and not name.startswith("cloche."):
            break
        frame = frame.f_back
    line = getattr(getattr(cls_or_function, "__code__", None), "co_firstlineno", None) or frame.f_lineno
    return Place(cls_or_function.__module__, frame.f_code.co_filename, line)
