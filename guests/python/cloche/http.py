"""Requests that procedures send to other servers."""

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


@dataclass
class HttpResponse:
    """The answer of a server, whatever its status."""

    status: int
    headers: list
    body: bytes

    def header(self, name):
        """The first value of a header, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def text(self):
        return self.body.decode()

    def json(self):
        import json

        return json.loads(self.body)


def request(host, method, url, headers, body, timeout):
    if not isinstance(method, str) or not isinstance(url, str):
        raise ValueMismatch(f"http: expected a method and a URL, got {describe(method)} and {describe(url)}")
    if isinstance(body, str):
        body = body.encode()
    if not isinstance(body, (bytes, bytearray)):
        raise ValueMismatch(f"http body: expected str or bytes, got {describe(body)}")
    text = SIMPLE[str]
    pairs = ListType(resolve(HttpHeaderPair, "headers"))
    method = method.upper()
    number = bytes([METHODS.index(method)]) if method in METHODS else b"\x09" + text.encoder(method)
    sent = pairs.encoder([HttpHeaderPair(str(k), v if isinstance(v, bytes) else str(v).encode()) for k, v in dict(headers).items()])
    micros = timeout if isinstance(timeout, TimeDuration) else None if timeout is None else TimeDuration(int(timeout * 1_000_000))
    limit = b"\1" if micros is None else b"\0" + SIMPLE[TimeDuration].encoder(micros)
    try:
        head, content = host.http(number + sent + limit + text.encoder(url) + HTTP_11, bytes(body))
    except host.Error as error:
        if error.args[0] == HTTP_ERROR and len(error.args) > 1:
            raise HttpError(decode_all(text, error.args[1])) from None
        raise HttpError(f"{method} {url}: not possible here; close the transaction first") from None
    received, offset = pairs.decoder(head, 0)
    status, _ = resolve(U16, "status").decoder(head, offset + 1)
    return HttpResponse(status, [(pair.name, pair.value.decode("latin-1")) for pair in received], content)
