"""Requests that procedures and handlers send to other servers."""

import functools
import json as _json
from dataclasses import dataclass

from .codec import decode_all
from .compound import ListType
from .errors import ValueMismatch, describe
from .types import SIMPLE, U16, resolve
from .values import TimeDuration

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH")
HTTP_11 = b"\2"
HTTP_ERROR = 21


class HttpError(Exception):
    """A request that got no answer; the text says why."""


@dataclass
class HttpHeaderPair:
    name: str
    value: bytes


class Message:
    """What requests and responses have in common: ``headers``, pairs of name and text, and ``body``, bytes."""

    def header(self, name, default=None):
        """The first value of a header, whatever its case, or the default."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), default)

    def text(self):
        """The body as text in UTF-8."""
        return self.body.decode()

    def json(self):
        """The value that the body holds as JSON."""
        return _json.loads(self.body)


@dataclass
class HttpResponse(Message):
    """The answer of a server, whatever its status."""

    status: int
    headers: list
    body: bytes

    @property
    def ok(self):
        """Whether the status is below 400."""
        return self.status < 400


class Http:
    """``ctx.http.get(url)``, ``ctx.http.post(url, json={...})``, or ``ctx.http("QUERY", url)`` for any method.

    Not while a transaction is open, and only to hosts that the server's administrator allows; redirects are not followed.
    """

    __slots__ = ("_host",)

    def __init__(self, host):
        self._host = host

    def __call__(self, method, url, headers=None, body=b"", timeout=None, json=None):
        """Sends a request and returns the ``HttpResponse``; ``timeout`` is in seconds."""
        headers = dict(headers or {})
        if json is not None:
            if body:
                raise TypeError("http: give json or body, not both")
            body = _json.dumps(json)
            if not any(str(name).lower() == "content-type" for name in headers):
                headers["content-type"] = "application/json"
        return request(self._host, method, url, headers, body, timeout)

    def get(self, url, *, headers=None, timeout=None):
        return self("GET", url, headers, b"", timeout)

    def post(self, url, body=b"", *, json=None, headers=None, timeout=None):
        return self("POST", url, headers, body, timeout, json)

    def put(self, url, body=b"", *, json=None, headers=None, timeout=None):
        return self("PUT", url, headers, body, timeout, json)

    def patch(self, url, body=b"", *, json=None, headers=None, timeout=None):
        return self("PATCH", url, headers, body, timeout, json)

    def delete(self, url, *, headers=None, timeout=None):
        return self("DELETE", url, headers, b"", timeout)


@functools.cache
def header_pairs():
    """The type of the headers of a message."""
    return ListType(resolve(HttpHeaderPair, "headers"))


def encode_headers(headers):
    """The bytes of pairs of name and value, text or bytes."""
    return header_pairs().encoder([HttpHeaderPair(str(k), v if isinstance(v, bytes) else str(v).encode()) for k, v in headers])


def decode_headers(data, offset):
    """Pairs of name and text, and the offset behind them."""
    pairs, offset = header_pairs().decoder(data, offset)
    return [(pair.name, pair.value.decode("latin-1")) for pair in pairs], offset


def request(host, method, url, headers, body, timeout):
    if not isinstance(method, str) or not isinstance(url, str):
        raise ValueMismatch(f"http: expected a method and a URL, got {describe(method)} and {describe(url)}")
    if isinstance(body, str):
        body = body.encode()
    if not isinstance(body, (bytes, bytearray)):
        raise ValueMismatch(f"http body: expected str or bytes, got {describe(body)}")
    text = SIMPLE[str]
    method = method.upper()
    number = bytes([METHODS.index(method)]) if method in METHODS else b"\x09" + text.encoder(method)
    micros = timeout if isinstance(timeout, TimeDuration) else None if timeout is None else TimeDuration(int(timeout * 1_000_000))
    limit = b"\1" if micros is None else b"\0" + SIMPLE[TimeDuration].encoder(micros)
    try:
        head, content = host.http(number + encode_headers(headers.items()) + limit + text.encoder(url) + HTTP_11, bytes(body))
    except host.Error as error:
        if error.args[0] == HTTP_ERROR and len(error.args) > 1:
            raise HttpError(decode_all(text, error.args[1])) from None
        raise HttpError(f"{method} {url}: not possible here; close the transaction first") from None
    received, offset = decode_headers(head, 0)
    status, _ = resolve(U16, "status").decoder(head, offset + 1)
    return HttpResponse(status, received, content)
