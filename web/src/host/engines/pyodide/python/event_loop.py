"""What asyncio is for whom: programs and the console get loops that block, everything else has Pyodide's, the browser's.

asyncio has one policy for all. While a program is suspended the coroutines of apps go on, so it leaves nothing of its own
behind: `step_out` and `step_in`. A context variable would not do: functions run in contexts that were copied before.
"""

import asyncio
import functools
import signal
import warnings

from pyodide import ffi
from pyodide.ffi import run_sync as _run_sync_of_pyodide

from .blocking_loop import BlockingLoop

_run_of_pyodide = asyncio.run


class BlockingPolicy(asyncio.events._BaseDefaultEventLoopPolicy):
    """Gives blocking loops; `is_stoppable` says whether Stop ends their waits."""

    def __init__(self, is_stoppable: bool):
        super().__init__()
        self.is_stoppable = is_stoppable
        self._spare: BlockingLoop | None = None

    def get_event_loop(self):
        """The loop that was set or else one that is made now: calls of JavaScript need one outside of coroutines too."""
        return self._local._loop or self.spare_loop()

    def new_event_loop(self):
        return BlockingLoop(self)

    def spare_loop(self) -> BlockingLoop:
        if self._spare is None or self._spare.is_closed():
            self._spare = self.new_event_loop()
        return self._spare

    def step_out(self) -> tuple:
        """What runs while Python is suspended finds asyncio as Pyodide made it; answers what `step_in` wants."""
        before = _choice.current, asyncio.events._event_loop_policy, asyncio._get_running_loop()
        _choice.current = None
        asyncio.events._event_loop_policy = _choice
        # Pyodide waits for the end of the suspension with the loop that runs.
        asyncio._set_running_loop(_choice.browser.get_event_loop())
        return before

    def step_in(self, before: tuple) -> None:
        _choice.current, asyncio.events._event_loop_policy, running = before
        asyncio._set_running_loop(running)

    def close(self) -> None:
        for loop in (self._local._loop, self._spare):
            if loop is not None and not loop.is_running() and not loop.is_closed():
                with warnings.catch_warnings(action="ignore"):
                    loop.close()


class _Choice(asyncio.events._AbstractEventLoopPolicy):
    """asyncio's policy in the tab."""

    current: BlockingPolicy | None = None

    def __init__(self, browser):
        self.browser = browser

    def get_event_loop(self):
        return (self.current or self.browser).get_event_loop()

    def set_event_loop(self, loop):
        (self.current or self.browser).set_event_loop(loop)

    def new_event_loop(self):
        return (self.current or self.browser).new_event_loop()


_choice = _Choice(asyncio.events._event_loop_policy)
_console = BlockingPolicy(is_stoppable=True)
_console_runner = asyncio.Runner(loop_factory=_console.spare_loop)


class _Inside:
    """A context in which a policy is the one of asyncio, and no loop runs yet."""

    def __init__(self, policy: BlockingPolicy):
        self._policy = policy

    def __enter__(self):
        self._running = asyncio._get_running_loop()
        # A task cannot run inside another one, even of another loop.
        self._task = None if self._running is None else asyncio.tasks._swap_current_task(self._running, None)
        self._outer = _choice.current
        _choice.current = self._policy
        asyncio._set_running_loop(None)
        self._interrupt_handler = signal.getsignal(signal.SIGINT)
        if _is_of_runner(self._interrupt_handler):
            # It would cancel a task outside, which cannot end before what is inside does.
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def __exit__(self, *failure):
        if _is_of_runner(self._interrupt_handler):
            signal.signal(signal.SIGINT, self._interrupt_handler)
        # A program may have set another one.
        asyncio.events._event_loop_policy = _choice
        asyncio._set_running_loop(self._running)
        _choice.current = self._outer
        if self._running is not None:
            asyncio.tasks._swap_current_task(self._running, self._task)
        if self._policy is not _console:
            self._policy.close()


def _is_of_runner(handler) -> bool:
    """Whether `asyncio.run` set this handler of SIGINT."""
    return getattr(getattr(handler, "func", None), "__func__", None) is asyncio.Runner._on_sigint


def install() -> None:
    asyncio.events._event_loop_policy = _choice
    asyncio.run = run
    ffi.run_sync = run_sync


def of_program() -> _Inside:
    """Inside, asyncio is as at the start of a program, and Stop ends its waits."""
    return _Inside(BlockingPolicy(is_stoppable=True))


def fresh() -> _Inside:
    """Inside, asyncio is as in a new thread."""
    outer = _choice.current
    return _Inside(BlockingPolicy(is_stoppable=outer is not None and outer.is_stoppable))


def of_console() -> _Inside:
    """Inside, asyncio is that of the console; tasks that were left open go on."""
    return _Inside(_console)


def run_in_console(coroutine) -> None:
    """Runs a coroutine of the console until it is done."""
    _run_top_level(_console_runner.run, coroutine)


def run_file(coroutine) -> None:
    """Runs a file that awaits at its top level: as `asyncio.run` runs a coroutine."""
    _run_top_level(asyncio.run, coroutine)


@functools.wraps(_run_of_pyodide)
def run(main, *, debug=None, loop_factory=None):
    loop = asyncio._get_running_loop()
    task = None if loop is None else asyncio.current_task(loop)
    if task is not None and getattr(task.get_coro(), "__name__", "") == "<module>":
        # At the top of a file that awaits there; its other tasks wait until this is done.
        with fresh():
            return _run_of_pyodide(main, debug=debug, loop_factory=loop_factory)
    return _run_of_pyodide(main, debug=debug, loop_factory=loop_factory)


def run_sync(awaitable, /):
    """Block until an awaitable is done, and answer its result."""
    if _choice.current is None:
        return _run_sync_of_pyodide(awaitable)
    loop = asyncio._get_running_loop()
    if isinstance(loop, BlockingLoop):
        return loop.run_inside(asyncio.ensure_future(_result_of(awaitable), loop=loop))
    return asyncio.get_event_loop().run_until_complete(_result_of(awaitable))


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


async def _result_of(awaitable):
    return await awaitable


def _run_top_level(run, coroutine) -> None:
    code = coroutine.cr_code
    try:
        run(coroutine)
    except BaseException as error:
        # The person's own frames, not those of the loop around them.
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code is not code:
            trace = trace.tb_next
        raise error.with_traceback(trace or error.__traceback__)
