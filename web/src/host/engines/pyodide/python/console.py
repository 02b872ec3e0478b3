"""The console: a namespace that lives as long as the engine, shared by the prompt and by selections that are run."""

import ast
import codeop
import inspect
import linecache
import sys
import types

from . import display, event_loop

_TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class Console:
    def __init__(self):
        self.module = types.ModuleType("__main__")
        self.module.__builtins__ = __builtins__
        self._compile = codeop.CommandCompiler()
        self._compile.compiler.flags |= _TOP_LEVEL_AWAIT
        self._count = 0
        sys.modules["__main__"] = self.module

    @property
    def namespace(self) -> dict:
        return self.module.__dict__

    def prompt(self, source: str) -> bool:
        """Runs a statement of the prompt; False when it wants more lines."""
        name = self._name(source)
        try:
            code = self._compile(source, name, "single")
        except SyntaxError:
            if not _has_several_statements(source):
                raise
            self._run_tree(ast.parse(source, name), name, every=True)
            return True
        if code is None:
            return False
        self._run(code)
        return True

    def selection(self, source: str, filename: str) -> None:
        """Runs several lines; the value of the last one is shown when it is an expression."""
        name = self._name(source, filename)
        self._run_tree(ast.parse(source, name), name, every=False)

    def _run_tree(self, tree: ast.Module, name: str, every: bool) -> None:
        body = tree.body
        if not every and not (body and isinstance(body[-1], ast.Expr)):
            groups = [ast.Module(body, tree.type_ignores)]
        elif every:
            groups = [ast.Interactive([statement]) for statement in body]
        else:
            groups = [ast.Module(body[:-1], tree.type_ignores), ast.Interactive([body[-1]])]
        for group in groups:
            mode = "single" if isinstance(group, ast.Interactive) else "exec"
            self._run(compile(group, name, mode, flags=_TOP_LEVEL_AWAIT, dont_inherit=True))

    def _run(self, code: types.CodeType) -> None:
        with event_loop.of_console():
            if code.co_flags & inspect.CO_COROUTINE:
                event_loop.run_in_console(eval(code, self.namespace))
            else:
                exec(code, self.namespace)

    def _name(self, source: str, filename: str = "console") -> str:
        self._count += 1
        name = f"<{filename}-{self._count}>"
        lines = [line + "\n" for line in source.splitlines()]
        # Without a time `checkcache` leaves the entry alone, so that tracebacks can show the line.
        linecache.cache[name] = (len(source), None, lines, name)
        return name


def show_value(value) -> None:
    """What the console does with the value of an expression."""
    if value is None:
        return
    import builtins

    builtins._ = None
    print(repr(value))
    display.show(value)
    builtins._ = value


def _has_several_statements(source: str) -> bool:
    try:
        return len(ast.parse(source).body) > 1
    except SyntaxError:
        return False
