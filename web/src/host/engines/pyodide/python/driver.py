"""What the worker calls. Each function answers with JSON, so that no object crosses into JavaScript."""

import json
import os
import sys
import time

from . import blocking, completion, display, event_loop, network, plots, programs, threadless
from .console import Console, show_value
from .errors import WORKSPACE, describe

console = Console()


def start(environment: str) -> None:
    """Prepares a session: variables, current folder, and everything that is different in the tab."""
    os.environ.update(json.loads(environment))
    os.makedirs(os.environ.setdefault("HOME", "/home/pyodide"), exist_ok=True)
    os.chdir(WORKSPACE)
    sys.path[:] = [WORKSPACE, *(entry for entry in sys.path if entry not in ("", WORKSPACE))]
    sys.argv = [""]
    # Compiled files are told apart by seconds: a quick edit and run would see the old module.
    sys.dont_write_bytecode = True
    sys.displayhook = show_value
    blocking.install()
    display.install()
    event_loop.install()
    network.install()
    plots.install()
    threadless.install()


def run_file(path: str, arguments: str) -> str:
    plots.start_run()
    return _outcome(lambda: programs.run_file(path, json.loads(arguments)))


def run_code(code: str, name: str) -> str:
    return _outcome(lambda: console.selection(code, name))


def run_prompt(code: str) -> str:
    return _outcome(lambda: console.prompt(code))


def complete(code: str, cursor: int) -> str:
    return json.dumps(completion.complete(code[:cursor], console.namespace))


def _outcome(run) -> str:
    start = time.perf_counter()
    try:
        result = _ending(run)
    except KeyboardInterrupt:
        result = {"outcome": "interrupted"}
    if result["outcome"] != "incomplete":
        result["milliseconds"] = round((time.perf_counter() - start) * 1000)
    return json.dumps(result)


def _ending(run) -> dict:
    try:
        try:
            if run() is False:
                return {"outcome": "incomplete"}
        finally:
            plots.show_open_figures()
            _flush()
    except KeyboardInterrupt:
        return {"outcome": "interrupted"}
    except SystemExit as exit:
        return {"outcome": "exit", "code": _exit_code(exit)}
    except BaseException as error:
        return {"outcome": "error", "error": describe(error)}
    return {"outcome": "ok"}


def _exit_code(exit: SystemExit) -> int:
    if exit.code is None:
        return 0
    if isinstance(exit.code, int):
        return exit.code
    print(exit.code, file=sys.stderr)
    return 1


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError, OSError):
            # A program may have replaced or closed them; the next run gets working ones.
            pass
    sys.stdout, sys.stderr, sys.stdin = sys.__stdout__, sys.__stderr__, sys.__stdin__
