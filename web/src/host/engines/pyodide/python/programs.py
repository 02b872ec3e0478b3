"""Runs a file of the workspace as Python itself would: as `__main__`, with fresh modules of the workspace."""

import ast
import atexit
import importlib
import inspect
import io
import os
import sys
import types

from . import event_loop
from .errors import WORKSPACE

_real_register = atexit.register
_real_unregister = atexit.unregister


class Exits:
    """The functions that a program wants to run at its end; the interpreter itself lives on, and so do packages."""

    def __init__(self):
        self._callbacks = []

    def __enter__(self):
        atexit.register = self.register
        atexit.unregister = self.unregister
        return self

    def __exit__(self, *failure):
        atexit.register = _real_register
        atexit.unregister = _real_unregister
        while self._callbacks:
            function, arguments, named = self._callbacks.pop()
            function(*arguments, **named)

    def register(self, function, /, *arguments, **named):
        if not sys._getframe(1).f_code.co_filename.startswith(WORKSPACE + "/"):
            return _real_register(function, *arguments, **named)
        self._callbacks.append((function, arguments, named))
        return function

    def unregister(self, function, /):
        self._callbacks = [entry for entry in self._callbacks if entry[0] != function]
        _real_unregister(function)


def run_file(path: str, arguments: list[str]) -> None:
    """Raises what the program raises."""
    full = f"{WORKSPACE}/{path}"
    os.chdir(WORKSPACE)
    forget_workspace_modules()
    module = types.ModuleType("__main__")
    module.__file__ = full
    module.__builtins__ = __builtins__
    before = sys.modules.get("__main__"), sys.argv, sys.path[:]
    sys.modules["__main__"] = module
    sys.argv = [full, *arguments]
    folder = os.path.dirname(full)
    sys.path[:] = [folder, *(entry for entry in sys.path if entry not in ("", folder))]
    try:
        with event_loop.of_program(), Exits():
            with io.open_code(full) as file:
                code = compile(file.read(), full, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
            if code.co_flags & inspect.CO_COROUTINE:
                event_loop.run_file(eval(code, module.__dict__))
            else:
                exec(code, module.__dict__)
    finally:
        sys.modules["__main__"], sys.argv = before[:2]
        sys.path[:] = before[2]


def forget_workspace_modules() -> None:
    """The next import of a module of the workspace reads its file again."""
    for name, module in list(sys.modules.items()):
        if name != "__main__" and _is_of_workspace(module):
            del sys.modules[name]
    importlib.invalidate_caches()


def _is_of_workspace(module) -> bool:
    file = getattr(module, "__file__", None)
    if isinstance(file, str):
        return file.startswith(WORKSPACE + "/")
    try:
        return any(str(entry).startswith(WORKSPACE) for entry in getattr(module, "__path__", ()))
    except Exception:
        return False
