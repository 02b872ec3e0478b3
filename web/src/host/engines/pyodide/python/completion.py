"""Completion for the console. It reads objects without running their code: no property and no `__getattr__` is called."""

import builtins
import inspect
import keyword
import pkgutil
import re
import sys
import types

_NAME = re.compile(r"((?:[^\W\d]\w*\.)*)([^\W\d]\w*)?$")
_IMPORT = re.compile(r"^\s*import\s+(?:.*,\s*)?([\w.]*)$")
_FROM = re.compile(r"^\s*from\s+([\w.]*)$")
_FROM_NAME = re.compile(r"^\s*from\s+([\w.]+)\s+import\s+\(?(?:.*,\s*)?(\w*)$")
_MOST = 300
_MISSING = object()


def complete(text: str, namespace: dict) -> dict:
    """What may stand at the end of `text`."""
    line = text.rpartition("\n")[2]
    for pattern in (_IMPORT, _FROM):
        if match := pattern.match(line):
            head, _, part = match[1].rpartition(".")
            return _answer(text, part, {name: "module" for name in _modules(head)})
    if match := _FROM_NAME.match(line):
        return _answer(text, match[2], _members_of_module(match[1]))
    if _inside_string(line):
        return {"from": len(text), "completions": []}
    match = _NAME.search(line)
    if match is None:
        return {"from": len(text), "completions": []}
    owner, part = match[1].rstrip("."), match[2] or ""
    if not owner:
        before = line[: match.start()]
        # After `)` or `]` and a dot the owner is a value that only running would give.
        return _answer(text, part, {} if before.endswith(".") or not part else _globals(namespace))
    obj = _resolve(owner, namespace)
    return _answer(text, part, {} if obj is _MISSING else _attributes(obj))


def _answer(text: str, part: str, names: dict[str, str]) -> dict:
    fitting = [name for name in names if name.startswith(part) and (part.startswith("_") or not name.startswith("_"))]
    fitting.sort(key=lambda name: (name.startswith("__"), name.startswith("_"), name.lower()))
    return {
        "from": len(text) - len(part),
        "completions": [{"text": name, "kind": names[name]} for name in fitting[:_MOST]],
    }


def _globals(namespace: dict) -> dict[str, str]:
    names = {name: "keyword" for name in (*keyword.kwlist, *keyword.softkwlist)}
    names |= {name: _kind(value) for name, value in vars(builtins).items()}
    names |= {name: _kind(value) for name, value in namespace.items()}
    return names


def _resolve(path: str, namespace: dict):
    first, *rest = path.split(".")
    obj = namespace.get(first, getattr(builtins, first, _MISSING))
    for name in rest:
        if obj is _MISSING:
            return _MISSING
        obj = _read(obj, name)
    return obj


def _read(obj, name: str):
    value = inspect.getattr_static(obj, name, _MISSING)
    if isinstance(value, (staticmethod, classmethod)):
        return value.__func__
    if isinstance(value, types.MemberDescriptorType):
        # A slot: reading it runs nothing.
        return getattr(obj, name, _MISSING)
    if isinstance(value, property) or (hasattr(type(value), "__get__") and not callable(value)):
        return _MISSING
    return value


def _attributes(obj) -> dict[str, str]:
    names: dict[str, str] = {}
    for name in _names(obj):
        if isinstance(name, str):
            value = inspect.getattr_static(obj, name, None)
            names[name] = "property" if isinstance(value, property) else _kind(value)
    return names


def _names(obj) -> list[str]:
    if isinstance(obj, types.ModuleType):
        return [*vars(obj), *(name for name in getattr(obj, "__all__", ()) if isinstance(name, str))]
    if isinstance(obj, type) and type(obj).__dir__ is type.__dir__ or type(obj).__dir__ is object.__dir__:
        return dir(obj)
    # Its own __dir__ would run code of the program.
    names = list(vars(obj)) if hasattr(type(obj), "__dict__") and isinstance(getattr(obj, "__dict__", None), dict) else []
    for base in type(obj).__mro__:
        names += vars(base)
    return names


def _members_of_module(path: str) -> dict[str, str]:
    module = sys.modules.get(path)
    names = _attributes(module) if module is not None else {}
    return names | {name: "module" for name in _modules(path)}


def _modules(package: str) -> list[str]:
    if not package:
        found = {name for _, name, _ in pkgutil.iter_modules()}
        return sorted(name for name in found | set(sys.stdlib_module_names) if not name.startswith("_"))
    module = sys.modules.get(package)
    folders = getattr(module, "__path__", None)
    if folders is None:
        folders = [f"{entry}/{package.replace('.', '/')}" for entry in sys.path]
    return [name for _, name, _ in pkgutil.iter_modules(list(folders))]


def _inside_string(line: str) -> bool:
    quote = ""
    skip = False
    for character in line:
        if skip:
            skip = False
        elif character == "\\":
            skip = bool(quote)
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "#":
            return True
    return bool(quote)


def _kind(value) -> str:
    if isinstance(value, type):
        return "class"
    if isinstance(value, types.ModuleType):
        return "module"
    return "function" if callable(value) or isinstance(value, (staticmethod, classmethod)) else "variable"
