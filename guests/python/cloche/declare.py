"""The decorators that a module's author writes."""

import dataclasses
import inspect
import re
import typing

from .errors import DeclarationError, nearest
from .model import Function, Index, Route, Schedule, Table, declarations, declare, place_of
from .compound import ListType, OptionType, ProductType, QueryType
from .scalars import TypeProblem
from .types import U64, UNIT, ScheduleAt, resolve

LONGEST_ROUTE = 1000
ROUTE = rf"(/[a-z0-9_~/-]{{0,{LONGEST_ROUTE - 1}}})?"
ROUTE_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "*")
LIFECYCLES = ("init", "client_connected", "client_disconnected")


def snake_case(name):
    """``GameState`` to ``game_state``."""
    out = ""
    for i, c in enumerate(name):
        if c.isupper() and i and (not name[i - 1].isupper() or (i + 1 < len(name) and name[i + 1].islower())) and name[i - 1] != "_":
            out += "_"
        out += c.lower()
    return out


_COUNTED = object()


def auto_inc():
    """The value of a column that the database counts: ``id: int = auto_inc()``. Rows are made without it."""
    return _COUNTED


def table(cls=None, *, name=None, public=False, primary_key=None, unique=(), auto_inc=(), indexes=(), event=False):
    """Declares a table; the class becomes a dataclass, its annotations are the columns, its values the defaults."""
    if cls is None:
        return lambda c: table(c, name=name, public=public, primary_key=primary_key, unique=unique, auto_inc=auto_inc, indexes=indexes, event=event)
    if not isinstance(cls, type):
        raise DeclarationError("@table stands above something that is no class", "Write it above a class with annotated columns")
    place = place_of(cls)
    if isinstance(primary_key, (list, tuple)):
        raise place.problem(f"{cls.__name__}: a primary key is one column", "Use indexes=[(...)] for several, or a column that joins them")
    counters = _counters(cls, _names(auto_inc))
    cls = _as_dataclass(cls, counters, place)
    defaults = {}
    for field in dataclasses.fields(cls):
        if field.name == primary_key or field.name in counters or field.name in _names(unique):
            continue
        if field.default is not dataclasses.MISSING:
            defaults[field.name] = field.default
        elif field.default_factory is not dataclasses.MISSING:
            defaults[field.name] = field.default_factory()
    declared = Table(cls, name or snake_case(cls.__name__), place, public=bool(public), primary_key=primary_key, unique=_names(unique), auto_inc=counters,
                     indexes=tuple(_index(index, cls, place) for index in ([indexes] if isinstance(indexes, (str, Index)) else indexes)),
                     event=bool(event), defaults=defaults)
    _check_name(declared.name, "table", place)
    declare(declared)
    return cls


def _counters(cls, named):
    return (*named, *(name for name in cls.__annotations__ if cls.__dict__.get(name) is _COUNTED and name not in named))


def _names(value):
    return (value,) if isinstance(value, str) else tuple(value)


def _index(index, cls, place):
    if isinstance(index, Index):
        return index
    if isinstance(index, str):
        return Index((index,))
    if isinstance(index, (tuple, list)) and index and all(isinstance(column, str) for column in index):
        return Index(tuple(index))
    raise place.problem(f"{cls.__name__}: {index!r} is no index", 'Write "column", ("first", "second") or hash("column")')


def _check_name(name, what, place):
    if not name.isidentifier():
        raise place.problem(f"{name!r} is no name for a {what}", "Use letters, digits and underscores, no digit first")


def _as_dataclass(cls, counters, place):
    if dataclasses.is_dataclass(cls) and "__dataclass_fields__" in cls.__dict__:
        return cls
    own = cls.__annotations__
    for name in own:
        value = cls.__dict__.get(name)
        if isinstance(value, (list, dict)):
            setattr(cls, name, dataclasses.field(default_factory=value.copy))
    for name in counters:
        if name in own and not isinstance(cls.__dict__.get(name), dataclasses.Field):
            # given only by name, so that the others keep their places
            setattr(cls, name, dataclasses.field(default=0, kw_only=True))
    for name, value in list(cls.__dict__.items()):
        if not name.startswith("_") and isinstance(value, (int, float, str, bool, bytes)) and name not in own:
            raise place.problem(f"{cls.__name__}.{name} has a value but no type", f"Write `{name}: {type(value).__name__} = {value!r}`")
    if cls.__doc__ is None:
        cls.__doc__ = cls.__name__
    try:
        return dataclasses.dataclass(cls)
    except (TypeError, ValueError) as error:
        raise place.problem(f"{cls.__name__}: {error}", "Move columns with a default behind those without") from None


def reducer(function=None, *, name=None, lifecycle=None):
    """Declares a function that runs as one transaction: ``def send(ctx, text: str)``."""
    if function is None:
        return lambda f: reducer(f, name=name, lifecycle=lifecycle)
    if lifecycle is not None and lifecycle not in LIFECYCLES:
        raise place_of(function).problem(f"there is no lifecycle {lifecycle!r}", nearest(str(lifecycle), LIFECYCLES))
    _declare_function("reducer", function, name=name, lifecycle=lifecycle)
    return function


def init(function):
    """Declares the reducer that runs once, when the database is made."""
    return reducer(function, lifecycle="init")


def client_connected(function):
    """Declares the reducer that runs when a client connects; raising refuses the client."""
    return reducer(function, lifecycle="client_connected")


def client_disconnected(function):
    """Declares the reducer that runs when a client has gone."""
    return reducer(function, lifecycle="client_disconnected")


def procedure(function=None, *, name=None):
    """Declares a function that returns a value, may wait and call out, and opens transactions itself."""
    if function is None:
        return lambda f: procedure(f, name=name)
    _declare_function("procedure", function, name=name)
    return function


def http_handler(path, methods=("GET",)):
    """Declares a function that answers HTTP requests: ``@http_handler("/hook", methods=["POST"])`` above ``def hook(ctx, request)``.

    It answers at ``/v1/database/NAME/route`` and this path, exactly. ``methods="*"`` stands for all. The decorator may stand
    there several times, once for each path.
    """
    if not isinstance(path, str):
        raise place_of(path).problem("@http_handler does not say where", 'Write @http_handler("/path") above the function')
    return lambda function: _handler(function, path, (methods,) if isinstance(methods, str) else tuple(methods))


def _handler(function, path, methods):
    place = place_of(function)
    name = getattr(function, "__name__", "")
    if not re.fullmatch(ROUTE, path):
        raise place.problem(f"{name}: {path!r} is no path of a route",
                            f"Begin with /, and use lower-case letters, digits, -, _, ~ and / only, at most {LONGEST_ROUTE}; what varies goes behind a question mark")
    wanted = tuple(str(method).upper() for method in methods)
    for method in wanted:
        if method not in ROUTE_METHODS:
            raise place.problem(f"{name}: there is no method {method!r}", nearest(method, ROUTE_METHODS))
    if not wanted or len(set(wanted)) < len(wanted) or ("*" in wanted and len(wanted) > 1):
        raise place.problem(f"{name}: the methods say nothing clear", 'Write methods=["GET", "POST"], or methods="*" for all')
    routes = [Route(None if method == "*" else method, path) for method in wanted]
    known = next((d for d in declarations if isinstance(d, Function) and d.kind == "handler" and d.call is function), None)
    if known is not None:
        known.routes.extend(routes)
        return function
    code = getattr(function, "__code__", None)
    if inspect.isfunction(function) and (code.co_argcount != 2 or code.co_kwonlyargcount):
        raise place.problem(f"{name}: a handler takes the context and the request", f"Write def {name}(ctx: HandlerContext, request: Request)")
    _declare_function("handler", function, routes=routes)
    return function


def view(function=None, *, name=None, public=True, anonymous=False):
    """Declares a read-only function whose rows clients subscribe to like a table; ``anonymous`` ones are the same for all."""
    if function is None:
        return lambda f: view(f, name=name, public=public, anonymous=anonymous)
    declared = _declare_function("view", function, name=name, public=bool(public), anonymous=bool(anonymous))
    inner = declared.result
    if isinstance(inner, (ListType, OptionType)):
        inner = inner.item if isinstance(inner, ListType) else inner.inner
    elif isinstance(inner, QueryType):
        inner = inner.row
    else:
        inner = None
    if not isinstance(inner, ProductType):
        raise declared.place.problem(f"{declared.name}: a view returns rows", "Annotate it -> list[Player], -> Player | None or -> Query[Player]")
    if declared.parameters:
        raise declared.place.problem(f"{declared.name}: a view takes no arguments but ctx", "Use ctx.sender, or a reducer that writes a table")
    return function


def scheduled(table=None, *, interval_ms=None, delay_ms=None, repeating=True):
    """Declares a reducer that the clock runs.

    ``@scheduled(Reminder)`` runs it with each row of that table when the row is due; ``@scheduled(interval_ms=30000)``
    runs it again and again; ``@scheduled(delay_ms=10000, repeating=False)`` once, after the database is made.
    """
    if callable(table) and not isinstance(table, type):
        raise place_of(table).problem(f"{table.__name__}: @scheduled does not say when", "Write @scheduled(interval_ms=30000), or @scheduled(Reminder) with a table")
    return lambda function: _schedule(function, table, interval_ms, delay_ms, repeating)


def _schedule(function, table, interval_ms, delay_ms, repeating):
    place = place_of(function)
    if (table is not None) + (interval_ms is not None) + (delay_ms is not None) != 1:
        raise place.problem(f"{function.__name__}: @scheduled needs one of a table, interval_ms and delay_ms", "Write @scheduled(interval_ms=30000)")
    if table is not None:
        declared = _declare_function("reducer", function, schedule=Schedule(table))
        if len(declared.parameters) != 1 or getattr(declared.parameters[0][1], "cls", None) is not table:
            raise place.problem(f"{function.__name__}: takes ctx and the row that is due", f"Write def {function.__name__}(ctx, row: {table.__name__})")
        _check_schedule_table(table, place)
        return function
    millis = interval_ms if interval_ms is not None else delay_ms
    if isinstance(millis, bool) or not isinstance(millis, (int, float)) or millis <= 0:
        raise place.problem(f"{function.__name__}: {millis!r} is no time in milliseconds", "Write a number above 0")
    micros = int(millis * 1000)
    every = micros if interval_ms is not None or repeating else None
    row = _schedule_table(function, place)
    _declare_function("reducer", function, schedule=Schedule(row, every=every, after=None if every else micros), takes_row=False, row=row)
    return function


def _check_schedule_table(cls, place):
    found = next((d for d in declarations if isinstance(d, Table) and d.cls is cls), None)
    if found is None:
        raise place.problem(f"{cls.__name__} is no table", "Put @table(primary_key='id') above the class, before the function")
    key = found.types.get(found.primary_key)
    if key is None or getattr(key, "name", "") != "U64":
        raise found.place.problem(f"{cls.__name__}: a table with a schedule needs a primary key of type U64", "Add `id: U64 = auto_inc()` with primary_key='id'")
    if found.schedule_column() is None:
        raise found.place.problem(f"{cls.__name__}: a table with a schedule says when each row is due", "Add a column `due: ScheduleAt`")


def _schedule_table(function, place):
    """The private table with the one row that keeps a function going."""
    name = f"{function.__name__}_schedule"
    row = type("".join(part.capitalize() for part in name.split("_")), (), {
        "__annotations__": {"scheduled_id": U64, "scheduled_at": ScheduleAt}, "__module__": function.__module__})
    row = _as_dataclass(row, ("scheduled_id",), place)
    declare(Table(row, name, place, primary_key="scheduled_id", auto_inc=("scheduled_id",), generated=True))
    return row


def _declare_function(kind, function, name=None, row=None, **rest):
    place = place_of(function)
    name = name or getattr(function, "__name__", "")
    if not inspect.isfunction(function):
        raise place.problem(f"@{kind} stands above something that is no function", "Write it above def")
    _check_name(name, kind, place)
    code = function.__code__
    if code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS | inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        raise place.problem(f"{name}: a {kind} is a plain function", "No *args, **kwargs, async or yield")
    names = code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]
    if code.co_kwonlyargcount or not names:
        raise place.problem(f"{name}: the context comes first", f"Write def {name}(ctx, ...)")
    if function.__defaults__:
        raise place.problem(f"{name}: arguments of a {kind} have no defaults", "Clients always send all of them; use `| None` for what may be missing")
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        raise place.problem(f"{name}: an annotation names {error.name!r}, which is not known here", "Import it, or declare it above") from None
    parameters, where = [], ""
    try:
        for parameter in names[1:] if kind != "handler" else ():
            where = parameter
            if parameter not in hints:
                raise TypeProblem(f"{name}: the argument {parameter!r} has no type", f"Write {parameter}: str, or whatever it is")
            parameters.append((parameter, resolve(hints[parameter], f"{name}({parameter})")))
        result = resolve(hints["return"], f"result of {name}") if "return" in hints and kind not in ("reducer", "handler") else UNIT
        for _, parameter_type in parameters:
            getattr(parameter_type, "fields", None)
    except TypeProblem as problem:
        raise place.problem(problem.text, problem.advice) from None
    if rest.get("lifecycle") and parameters:
        raise place.problem(f"{name}: @{rest['lifecycle']} takes ctx only", f"Write def {name}(ctx)")
    if row is not None:
        if parameters:
            raise place.problem(f"{name}: takes ctx only, because it has no table", "Use @scheduled(Reminder) for rows with values of their own")
        parameters = [("schedule", resolve(row, name))]
    declared = Function(kind, name, function, place, parameters, result, **rest)
    declare(declared)
    return declared
