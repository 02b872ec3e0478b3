"""An event loop that blocks, as on a desktop: `asyncio.run` returns when its coroutine is done, and Stop ends it.

Pyodide's own loop runs on the browser's and cannot block. This one is asyncio's with a selector that only waits: there
are no sockets in the tab.
"""

import asyncio
import contextlib
import selectors
import warnings

import _cloche_host
from pyodide import webloop
from pyodide_js import checkInterrupt


class WaitingSelector(selectors._BaseSelectorImpl):
    """Waits for the time that the loop asks for; nothing can become ready."""

    def select(self, timeout=None):
        checkInterrupt()
        if timeout is None:
            # There are no threads, sockets or signals, and the browser's own events wait while Python runs.
            raise RuntimeError("the program waits for something that can never happen here, such as a promise of JavaScript")
        if timeout > 0:
            _cloche_host.sleep(timeout)
            checkInterrupt()
        return []


class BlockingLoop(asyncio.SelectorEventLoop):
    """asyncio's loop without a pipe to wake itself up: there is one thread."""

    def __init__(self):
        super().__init__(WaitingSelector())

    def _make_self_pipe(self):
        self._ssock = self._csock = None
        self._internal_fds = 0

    def _close_self_pipe(self):
        pass

    def _write_to_self(self):
        pass

    def add_signal_handler(self, sig, callback, *args):
        raise NotImplementedError("the tab has no signals")

    def run_in_executor(self, executor, func, *args):
        return run_at_once(self, executor, func, *args)


def run_at_once(loop, executor, func, *args):
    """`run_in_executor` of a loop without threads: calls the function now, and gives a future that is done.

    Inside, no loop is running, as in a thread: `asyncio.run` works there.
    """
    result = failure = None
    try:
        with fresh():
            result = func(*args)
    except Exception as error:
        failure = error
    future = loop.create_future()
    if failure is None:
        future.set_result(result)
    else:
        future.set_exception(failure)
    return future


class BlockingPolicy(asyncio.events._BaseDefaultEventLoopPolicy):
    """Gives blocking loops to programs."""

    _loop_factory = BlockingLoop


@contextlib.contextmanager
def fresh():
    """Inside, asyncio is as at the start of a program."""
    with _installed(BlockingPolicy()):
        yield


_console = BlockingPolicy()


@contextlib.contextmanager
def of_console():
    """Inside, asyncio is that of the console; tasks that were left open go on."""
    with _installed(_console):
        yield


def run_in_console(coroutine):
    """Runs a coroutine of the console until it is done."""
    try:
        loop = _console.get_event_loop()
    except RuntimeError:
        loop = BlockingLoop()
        _console.set_event_loop(loop)
    return loop.run_until_complete(coroutine)


@contextlib.contextmanager
def _installed(policy):
    running = asyncio._get_running_loop()
    # A task cannot run inside another one, even of another loop.
    task = asyncio.tasks._swap_current_task(running, None) if running is not None else None
    before = asyncio.events._event_loop_policy
    pyodide_run = asyncio.run
    asyncio._set_running_loop(None)
    asyncio.events._event_loop_policy = policy
    asyncio.run = webloop._orig_run
    try:
        yield
    finally:
        asyncio.run = pyodide_run
        asyncio.events._event_loop_policy = before
        asyncio._set_running_loop(running)
        if running is not None:
            asyncio.tasks._swap_current_task(running, task)
        if policy is not _console:
            _close(policy)


def _close(policy):
    loop = getattr(policy._local, "_loop", None)
    if loop is not None and not loop.is_running() and not loop.is_closed():
        with warnings.catch_warnings(action="ignore"):
            loop.close()
