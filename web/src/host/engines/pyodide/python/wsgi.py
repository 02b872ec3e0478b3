"""WSGI (PEP 3333) on top of an exchange with the browser."""

import asyncio
import io
import json
import logging
import sys
import time
from urllib.parse import unquote_to_bytes, urlsplit

from . import event_loop

# A body is collected for this long and this much; then it is streamed.
_COLLECT_SECONDS = 0.05
_COLLECT_BYTES = 1 << 20


class WsgiSite:
    def __init__(self, app):
        self._app = app
        # While a view waits for a promise other requests come in, but a WSGI app is asked one thing at a time.
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def handle(self, exchange) -> None:
        with _LoggedFailure() as logged:
            answer = _Answer(exchange)
            body = await self._call(lambda: self._app(environment(exchange), answer.start))
            try:
                await self._pump(iter(body), answer, exchange)
            finally:
                close = getattr(body, "close", None)
                if close is not None:
                    await self._call(close)
        if answer.status == 500 and logged.failure is not None and not exchange.isSent():
            # Frameworks log what went wrong and answer with a bare page; here the author sees it.
            raise LoggedError(logged.failure)

    async def _pump(self, parts, answer, exchange) -> None:
        start = time.monotonic()
        size = 0
        while (data := await self._call(lambda: next(parts, None))) is not None:
            answer.write(data)
            size += len(data)
            if size > _COLLECT_BYTES or time.monotonic() - start > _COLLECT_SECONDS:
                exchange.stream()
                # Lets other requests in, waits while the reader is slow, ends when he is gone.
                if not await exchange.wantsMore():
                    return
                await asyncio.sleep(0)
        answer.send_head()

    async def _call(self, function):
        """Calls the app, which finds asyncio as in a server's thread: no loop runs, and `asyncio.run` works."""
        async with self._turn:
            with event_loop.fresh():
                return function()


class LoggedError(Exception):
    """An error of the app that its framework has logged already."""

    def __init__(self, failure: BaseException):
        super().__init__(str(failure))
        self.failure = failure


class _Answer:
    """What the app said with `start_response` and `write`."""

    def __init__(self, exchange):
        self._exchange = exchange
        self.status: int | None = None
        self._headers: list = []
        self._is_sent = False

    def start(self, status, headers, exc_info=None):
        if exc_info is not None and self._is_sent:
            try:
                raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None
        if exc_info is None and self.status is not None:
            raise AssertionError("start_response was called twice without exc_info")
        self.status = int(status.partition(" ")[0])
        self._headers = [[name, value] for name, value in headers]
        return self.write

    def write(self, data: bytes) -> None:
        self.send_head()
        if data:
            self._exchange.chunk(bytes(data))

    def send_head(self) -> None:
        if self.status is None:
            raise AssertionError("the app did not call start_response")
        if not self._is_sent:
            self._is_sent = True
            self._exchange.head(self.status, json.dumps(self._headers))


def environment(exchange) -> dict:
    """The environ of a request."""
    url = urlsplit(exchange.url)
    body = exchange.takeBody().to_bytes()
    environ = {
        "REQUEST_METHOD": exchange.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path or "/").decode("latin-1"),
        "QUERY_STRING": url.query,
        "REQUEST_URI": (url.path or "/") + ("?" + url.query if url.query else ""),
        "RAW_URI": (url.path or "/") + ("?" + url.query if url.query else ""),
        "SERVER_NAME": url.hostname or "localhost",
        "SERVER_PORT": str(url.port or (443 if url.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": "Cloche",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": url.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in json.loads(exchange.headers):
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = "HTTP_" + key
        if key == "HTTP_HOST":
            continue
        # PEP 3333 wants bytes as latin-1; the browser gives text.
        value = value.encode("utf-8", "replace").decode("latin-1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    if body or exchange.method in ("POST", "PUT", "PATCH"):
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


class _LoggedFailure(logging.Handler):
    """The exception that a framework logged while it answered."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.failure: BaseException | None = None

    def __enter__(self):
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_):
        logging.getLogger().removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
            self.failure = record.exc_info[1]
