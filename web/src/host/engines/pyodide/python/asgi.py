"""ASGI 3 (http and lifespan) on top of an exchange with the browser."""

import asyncio
import json
from urllib.parse import unquote, urlsplit

_STARTUP_SECONDS = 30
_SHUTDOWN_SECONDS = 5


class AsgiSite:
    def __init__(self, app):
        self._app = app
        self._lifespan = _Lifespan(app)

    async def start(self) -> None:
        await self._lifespan.start()

    async def stop(self) -> None:
        await self._lifespan.stop()

    async def handle(self, exchange) -> None:
        call = _Call(exchange)
        await self._app(scope(exchange, self._lifespan.state), call.receive, call.send)
        if not call.is_started:
            raise RuntimeError("the app ended without an answer")


class _Call:
    """One request: what the app receives and sends."""

    def __init__(self, exchange):
        self._exchange = exchange
        self._body_taken = False
        self.is_started = False
        self._is_complete = False

    async def receive(self) -> dict:
        if not self._body_taken:
            self._body_taken = True
            return {"type": "http.request", "body": self._exchange.takeBody().to_bytes(), "more_body": False}
        if not self._is_complete:
            await self._exchange.closed()
        return {"type": "http.disconnect"}

    async def send(self, message: dict) -> None:
        kind = message["type"]
        if kind == "http.response.start":
            if self.is_started:
                raise RuntimeError("the answer has been started already")
            self.is_started = True
            headers = [[bytes(name).decode("latin-1"), bytes(value).decode("latin-1")] for name, value in message.get("headers", ())]
            self._exchange.head(message["status"], json.dumps(headers))
        elif kind == "http.response.body":
            if not self.is_started:
                raise RuntimeError("a body came before the answer was started")
            data = message.get("body", b"")
            if data:
                self._exchange.chunk(bytes(data))
            if message.get("more_body", False):
                self._exchange.stream()
                if not await self._exchange.wantsMore():
                    raise OSError("the reader is gone")
            else:
                self._is_complete = True
                self._exchange.complete()
        else:
            raise RuntimeError(f"{kind} is not possible in the tab")


def scope(exchange, state: dict) -> dict:
    url = urlsplit(exchange.url)
    port = url.port or (443 if url.scheme == "https" else 80)
    headers = [(b"host", url.netloc.encode("latin-1"))]
    headers += [(name.lower().encode("latin-1"), value.encode("utf-8")) for name, value in json.loads(exchange.headers) if name.lower() != "host"]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": exchange.method,
        "scheme": url.scheme,
        "path": unquote(url.path or "/"),
        "raw_path": (url.path or "/").encode("ascii", "replace"),
        "query_string": url.query.encode("ascii", "replace"),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 0),
        "server": (url.hostname, port),
        "state": state.copy(),
    }


class _Lifespan:
    """Tells the app that it starts and ends; apps that know no lifespan are left alone."""

    def __init__(self, app):
        self._app = app
        self._queue: asyncio.Queue = asyncio.Queue()
        self._task: asyncio.Task | None = None
        self._answer: asyncio.Future | None = None
        self.state: dict = {}

    async def start(self) -> None:
        self._task = asyncio.ensure_future(self._run())
        await self._tell("lifespan.startup", _STARTUP_SECONDS)

    async def stop(self) -> None:
        if self._task is not None and not self._task.done():
            await self._tell("lifespan.shutdown", _SHUTDOWN_SECONDS)
            self._task.cancel()

    async def _tell(self, event: str, seconds: float) -> None:
        self._answer = asyncio.get_running_loop().create_future()
        self._queue.put_nowait({"type": event})
        failure = await asyncio.wait_for(asyncio.shield(self._answer), seconds)
        if failure is not None:
            raise RuntimeError(failure)

    async def _run(self) -> None:
        try:
            scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
            await self._app(scope, self._queue.get, self._send)
        except BaseException:
            # The specification: an exception at the start means that the app does not support it.
            pass
        finally:
            self._settle(None)

    async def _send(self, message: dict) -> None:
        failed = message["type"].endswith(".failed")
        self._settle(message.get("message") or "the app failed to start" if failed else None)

    def _settle(self, failure: str | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(failure)
