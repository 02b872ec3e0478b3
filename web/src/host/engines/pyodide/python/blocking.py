"""What blocks in ordinary Python - sleep, input, getpass - done so that Stop works at once."""

import builtins
import getpass
import sys
import time

import _cloche_host
from pyodide_js import checkInterrupt

_END = "E"
_INTERRUPTED = "I"


def install() -> None:
    time.sleep = sleep
    builtins.input = ask
    getpass.getpass = ask_password


def sleep(seconds, /):
    """Suspend execution for a given number of seconds; it may be a fraction."""
    if isinstance(seconds, str) or not hasattr(seconds, "__float__") and not hasattr(seconds, "__index__"):
        raise TypeError(f"'{type(seconds).__name__}' object cannot be interpreted as an integer")
    seconds = float(seconds)
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    sys.stdout.flush()
    end = time.monotonic() + seconds
    while True:
        left = end - time.monotonic()
        if left <= 0:
            checkInterrupt()
            return
        _cloche_host.sleep(left)
        checkInterrupt()


def ask(prompt="", /):
    """Read a line from the person; the trailing newline is stripped."""
    return _read_line(str(prompt), password=False)


def ask_password(prompt="Password: ", stream=None, *, echo_char=None):
    """Read a line without showing it."""
    return _read_line(str(prompt), password=True)


def _read_line(prompt: str, password: bool) -> str:
    sys.stdout.flush()
    sys.stderr.flush()
    answer = _cloche_host.ask(prompt, password)
    if answer == _INTERRUPTED:
        checkInterrupt()
        raise KeyboardInterrupt
    if answer == _END:
        raise EOFError("EOF when reading a line")
    return answer[1:].rstrip("\n")
