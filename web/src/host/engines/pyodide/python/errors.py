"""Turns exceptions into what the IDE shows: a traceback without the engine's own frames, and the place of the fault."""

import linecache
import os
import traceback

WORKSPACE = "/workspace"

_ENGINE = (os.path.dirname(__file__) + "/", "/lib/python314.zip/_pyodide/", "/lib/python314.zip/pyodide/", "<frozen importlib")


def describe(error: BaseException) -> dict:
    """What `PythonError` of the protocol says."""
    linecache.checkcache()
    report = traceback.TracebackException.from_exception(error, compact=True)
    _clean(report, set())
    return {
        "type": type(error).__name__,
        "message": _message(error),
        "traceback": "".join(report.format()),
        "place": _place(error, report),
        "missingModule": _missing_module(error),
    }


def is_engine_file(filename: str) -> bool:
    return filename.startswith(_ENGINE)


def _clean(report: traceback.TracebackException, seen: set) -> None:
    if report is None or id(report) in seen:
        return
    seen.add(id(report))
    if report.stack:
        frames = [frame for frame in report.stack if not is_engine_file(frame.filename)]
        if frames and frames[0].filename.endswith("/importlib/__init__.py"):
            # How the engine imports a web app.
            frames = frames[1:]
        report.stack = traceback.StackSummary.from_list(frames)
    _clean(report.__cause__, seen)
    _clean(report.__context__, seen)
    for inner in report.exceptions or ():
        _clean(inner, seen)


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "<exception str() failed>"


def _place(error: BaseException, report: traceback.TracebackException) -> dict | None:
    if isinstance(error, SyntaxError) and _is_workspace_file(error.filename) and error.lineno:
        return {"path": _relative(error.filename), "line": error.lineno, "column": error.offset or None}
    for frame in reversed(report.stack or ()):
        if _is_workspace_file(frame.filename) and frame.lineno:
            column = None if frame.colno is None else frame.colno + 1
            return {"path": _relative(frame.filename), "line": frame.lineno, "column": column}
    return None


def _is_workspace_file(filename: str | None) -> bool:
    return filename is not None and filename.startswith(WORKSPACE + "/")


def _relative(filename: str) -> str:
    return filename[len(WORKSPACE) + 1 :]


def _missing_module(error: BaseException) -> str | None:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return error.name.partition(".")[0]
    return None
