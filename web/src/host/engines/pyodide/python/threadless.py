"""What a program gives to a thread and awaits is run on the spot: there are no threads in the tab.

That is `loop.run_in_executor`, `asyncio.to_thread`, and `anyio.to_thread.run_sync` with all that stands on it: plain `def`
routes and dependencies, background tasks, uploads and files of Starlette and FastAPI. The result is the same, but while
such a function runs, nothing else does: no other request, task or timer. Threads that a program starts itself still fail.
"""

import contextvars
import importlib.machinery
import sys

from pyodide import webloop

from . import event_loop

_ANYIO = "anyio._backends._asyncio"


def install() -> None:
    webloop.WebLoop.run_in_executor = event_loop.run_at_once
    if not any(isinstance(finder, _AnyioFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _AnyioFinder())
    if _ANYIO in sys.modules:
        # A session from a snapshot may have it already.
        _change(sys.modules[_ANYIO])


class _AnyioFinder:
    """Changes anyio when a program imports it; nothing is imported for programs that do not."""

    def find_spec(self, name, path=None, target=None):
        if name != _ANYIO:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                if module.__name__ == _ANYIO:
                    _change(module)

            spec.loader.exec_module = exec_module
        return spec


def _change(module) -> None:
    async def run_sync_in_worker_thread(cls, func, args, abandon_on_cancel=False, limiter=None):
        # As anyio does: a chance for other tasks and a cancellation, a token of the limiter, and a copy of the context
        # in which no asynchronous library runs.
        await cls.checkpoint()
        async with limiter or cls.current_default_thread_limiter():
            context = contextvars.copy_context()
            forget = getattr(module, "set_current_async_library", None)
            if forget is not None:
                context.run(forget, None)
            with event_loop.fresh():
                return context.run(func, *args)

    module.AsyncIOBackend.run_sync_in_worker_thread = classmethod(run_sync_in_worker_thread)
