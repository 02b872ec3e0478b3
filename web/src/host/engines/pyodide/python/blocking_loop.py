"""An event loop that blocks, as on a desktop: `asyncio.run` returns when its coroutine is done, and Stop ends it.

Pyodide's own loop runs on the browser's and cannot block. This one is asyncio's with a selector that waits: there are no
sockets in the tab. Where the browser can suspend WebAssembly (JavaScript Promise Integration) the wait lets the browser's
events in, so that promises of JavaScript settle meanwhile; elsewhere nothing else happens during a wait.
"""

import asyncio
import collections
import selectors
import time

import _cloche_host
from pyodide.ffi import can_run_sync, run_sync
from pyodide.webloop import PyodideFuture
from pyodide_js import checkInterrupt

# A program that never waits lets the browser's events in this often.
_TURN_SECONDS = 0.02

_NO_SUSPENSION = (
    "the program waits for something that can never happen here, such as a promise of JavaScript: "
    "this browser cannot suspend Python (it lacks JavaScript Promise Integration)"
)
_NO_SUSPENSION_HERE = (
    "the program waits for a promise of JavaScript inside a function that JavaScript itself called and waits for; "
    "make that function a coroutine, or await the promise outside of it"
)


class WaitingSelector(selectors._BaseSelectorImpl):
    """Waits for the time that the loop asks for, or until something is put into the loop; no file can become ready."""

    def __init__(self, policy):
        super().__init__()
        self._policy = policy
        self._pause = None
        self._waits = False
        self._last_turn = time.monotonic()

    def select(self, timeout=None):
        checkInterrupt()
        if timeout is not None and timeout <= 0:
            if time.monotonic() - self._last_turn > _TURN_SECONDS and can_run_sync():
                self._suspend(0)
        elif can_run_sync():
            self._suspend(timeout)
        elif timeout is None:
            # There are no threads, sockets or signals, and the browser's own events wait while Python runs.
            raise RuntimeError(_NO_SUSPENSION_HERE if _cloche_host.canSuspend else _NO_SUSPENSION)
        else:
            _cloche_host.sleep(timeout)
            checkInterrupt()
        return []

    def wake(self) -> None:
        if self._waits:
            self._pause.wake()

    def close(self) -> None:
        super().close()
        self._pause = None

    def _suspend(self, timeout: float | None) -> None:
        if self._pause is None:
            self._pause = _cloche_host.pause(self._policy.is_stoppable)
        outside = self._policy.step_out()
        self._waits = True
        try:
            run_sync(self._pause.wait(-1 if timeout is None else timeout * 1000))
        finally:
            self._waits = False
            self._policy.step_in(outside)
            self._pause.end()
            self._last_turn = time.monotonic()
        checkInterrupt()


class _Nothing:
    """A handle that the loop passes over."""

    _cancelled = True


class _Ready(collections.deque):
    """What the loop has to call. A nested turn of the loop may leave less than the outer one counted."""

    def popleft(self):
        return super().popleft() if self else _Nothing


class BlockingLoop(asyncio.SelectorEventLoop):
    """asyncio's loop without a pipe to wake itself up: there is one thread."""

    def __init__(self, policy):
        super().__init__(WaitingSelector(policy))
        self._ready = _Ready()

    def call_soon(self, callback, *args, context=None):
        # While the loop waits, promises and callbacks of JavaScript come here.
        handle = super().call_soon(callback, *args, context=context)
        self._selector.wake()
        return handle

    def call_at(self, when, callback, *args, context=None):
        handle = super().call_at(when, callback, *args, context=context)
        self._selector.wake()
        return handle

    def create_future(self):
        return LooseFuture(loop=self)

    def run_inside(self, future):
        """Runs this loop, which runs already and called this very function, until the future is done."""
        outer = asyncio.tasks._swap_current_task(self, None)
        cancels = 0 if outer is None else outer.cancelling()
        try:
            while not future.done():
                self._run_once()
                if outer is not None and outer.cancelling() > cancels:
                    future.cancel()
                    raise asyncio.CancelledError
        finally:
            asyncio.tasks._swap_current_task(self, outer)
        return future.result()

    def _make_self_pipe(self):
        self._ssock = self._csock = None
        self._internal_fds = 0

    def _close_self_pipe(self):
        pass

    def _write_to_self(self):
        self._selector.wake()

    def add_signal_handler(self, sig, callback, *args):
        raise NotImplementedError("the tab has no signals")

    def run_in_executor(self, executor, func, *args):
        from .event_loop import run_at_once

        return run_at_once(self, executor, func, *args)


class LooseFuture(PyodideFuture):
    """A future that any loop may await: a promise as `answer = js.fetch(...)` is often made before the loop that needs it."""

    def __init__(self, *, loop):
        super().__init__(loop=loop)
        self._followers = []

    def set_result(self, result):
        super().set_result(result)
        self._tell()

    def set_exception(self, exception):
        super().set_exception(exception)
        self._tell()

    def cancel(self, msg=None):
        is_cancelled = super().cancel(msg)
        self._tell()
        return is_cancelled

    def __await__(self):
        running = asyncio.get_running_loop()
        if self.done() or running is self.get_loop():
            return super().__await__()
        follower = running.create_future()
        self._followers.append(follower)
        return follower.__await__()

    __iter__ = __await__

    def _tell(self):
        for follower in self._followers:
            if follower.done():
                continue
            if self.cancelled():
                follower.cancel()
            elif (failure := self.exception()) is not None:
                follower.set_exception(failure)
            else:
                follower.set_result(self.result())
        self._followers.clear()
