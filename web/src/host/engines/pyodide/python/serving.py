"""Web apps in the tab: finds the app that an entry names and answers requests with it, one adapter for each kind."""

import asyncio
import importlib
import html
import json
import os
import re
import sys
import traceback

from . import asgi, wsgi
from .errors import WORKSPACE, describe
from .programs import forget_workspace_modules

_ENTRY = re.compile(r"^([\w.]+):([\w.]+)(\(\))?$")


class Site:
    """One served app; `reload` imports it anew."""

    def __init__(self, kind: str, entry: str):
        self._kind = kind
        self._entry = entry
        self._adapter = None
        self._failure: BaseException | None = None
        self._lock = asyncio.Lock()

    async def start(self) -> str | None:
        """Imports the app. Answers the error as JSON when that fails."""
        async with self._lock:
            await self._stop()
            self._failure = None
            try:
                app = _load(self._entry)
                self._adapter = asgi.AsgiSite(app) if self._kind == "asgi" else wsgi.WsgiSite(app)
                await self._adapter.start()
            except (Exception, SystemExit) as failure:
                self._adapter = None
                self._failure = failure
                _print(failure)
                return json.dumps(describe(failure))
        return None

    async def handle(self, exchange) -> None:
        """Answers one request; never raises."""
        try:
            if self._adapter is None:
                _send_failure(exchange, self._failure)
                return
            await self._adapter.handle(exchange)
        except wsgi.LoggedError as logged:
            _send_failure(exchange, logged.failure)
        except (Exception, SystemExit, KeyboardInterrupt) as failure:
            _print(failure)
            _send_failure(exchange, failure)
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            exchange.end()

    async def stop(self) -> None:
        async with self._lock:
            await self._stop()

    async def _stop(self) -> None:
        adapter, self._adapter = self._adapter, None
        if adapter is not None:
            try:
                await adapter.stop()
            except (Exception, SystemExit) as failure:
                _print(failure)


def open_site(kind: str, entry: str) -> Site:
    return Site(kind, entry)


def _load(entry: str):
    match = _ENTRY.match(entry)
    if match is None:
        raise ValueError(f"the entry of an app is MODULE:OBJECT, as app:app, not {entry!r}")
    os.chdir(WORKSPACE)
    if WORKSPACE not in sys.path:
        sys.path.insert(0, WORKSPACE)
    forget_workspace_modules()
    app = importlib.import_module(match[1])
    for name in match[2].split("."):
        app = getattr(app, name)
    app = app() if match[3] else app
    if not callable(app):
        raise TypeError(f"{entry} is a {type(app).__name__}, not a web app")
    return app


def _print(failure: BaseException) -> None:
    print(describe(failure)["traceback"], file=sys.stderr, end="", flush=True)


_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
body {{ margin: 0; padding: 2.5rem clamp(1rem, 5vw, 4rem); background: Canvas; color: CanvasText; }}
h1 {{ font-size: 1.25rem; margin: 0 0 .25rem; }} p {{ margin: 0 0 1rem; opacity: .8; }}
pre {{ font: 13px/1.55 ui-monospace, monospace; padding: 1rem; overflow: auto; border-radius: .5rem;
  background: color-mix(in srgb, CanvasText 6%, Canvas); border-left: 4px solid #c2410c; }}
</style></head><body><h1>{title}</h1><p>{message}</p><pre>{trace}</pre></body></html>"""


def failure_page(failure: BaseException) -> bytes:
    error = describe(failure)
    return _PAGE.format(
        title=html.escape(f"{error['type']} in the app"),
        message=html.escape(error["message"] or "The app raised an error while it answered this request."),
        trace=html.escape(error["traceback"]),
    ).encode()


def _send_failure(exchange, failure: BaseException | None) -> None:
    if exchange.isSent() or exchange.hasOwnAnswer():
        return
    body = failure_page(failure) if failure is not None else b"The app is not running."
    exchange.head(500, json.dumps([["content-type", "text/html; charset=utf-8"]]))
    exchange.replaceBody(body)
