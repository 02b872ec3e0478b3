"""What HTTP handlers get and give."""

import dataclasses
import json
from functools import cached_property
from urllib.parse import parse_qsl

from .errors import describe
from .http import HTTP_11, METHODS, Message, decode_headers, encode_headers
from .types import SIMPLE

OTHER_METHOD = len(METHODS)
TEXT, BYTES, JSON = "text/plain; charset=utf-8", "application/octet-stream", "application/json"


class Request(Message):
    """What somebody asked: ``method``, ``path``, ``query_string``, ``headers`` (pairs of name and text), ``body``."""

    def __init__(self, method, path, query_string="", headers=(), body=b""):
        self.method, self.path, self.query_string, self.headers, self.body = method, path, query_string, list(headers), body

    @cached_property
    def query(self):
        """The parameters behind the question mark as a dict; of one that comes several times the last."""
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @cached_property
    def form(self):
        """The fields of a form that was sent as ``application/x-www-form-urlencoded``, as a dict."""
        return dict(parse_qsl(self.text(), keep_blank_values=True))

    def __repr__(self):
        return f"<Request {self.method} {self.path}>"


class Response:
    """An answer: ``Response("text", status=201, headers={"x-kind": "test"})``. Whatever handlers may return may be its body."""

    def __init__(self, body=None, status=None, headers=None, content_type=None):
        kind, self.body = _content(body)
        self.status = (204 if body is None else 200) if status is None else status
        if isinstance(self.status, bool) or not isinstance(self.status, int) or not 200 <= self.status <= 599:
            raise ValueError(f"a status is a number from 200 to 599, not {describe(status)}")
        self.headers = [(str(k), str(v)) for k, v in (headers.items() if hasattr(headers, "items") else headers or ())]
        if content_type or (kind and not any(name.lower() == "content-type" for name, _ in self.headers)):
            self.headers.insert(0, ("content-type", content_type or kind))

    def __repr__(self):
        return f"<Response {self.status}>"


def _content(body):
    """Media type and bytes of what a handler gives."""
    if body is None:
        return None, b""
    if isinstance(body, str):
        return TEXT, body.encode()
    if isinstance(body, (bytes, bytearray)):
        return BYTES, bytes(body)
    if isinstance(body, (dict, list)) or dataclasses.is_dataclass(body):
        return JSON, json.dumps(body, default=_plain, ensure_ascii=False).encode()
    raise TypeError(f"an answer is str, bytes, dict, list, a row, None, a pair of one of these and a status, or a Response, not {describe(body)}")


def _plain(value):
    """What JSON has no word for: rows as objects, identities as they are shown, bytes as hexadecimal digits."""
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, (bytes, bytearray)):
        return value.hex() if type(value) in (bytes, bytearray) else str(value)
    if hasattr(value, "name") and hasattr(value, "value"):
        return value.name
    raise TypeError(f"JSON has no form for {describe(value)}")


def respond(given):
    """The ``Response`` that a handler means by what it returned."""
    if isinstance(given, Response):
        return given
    if isinstance(given, tuple):
        if not 2 <= len(given) <= 3:
            raise TypeError("a tuple as an answer is (body, status) or (body, status, headers)")
        return Response(*given)
    return Response(given)


def read_request(head, body):
    """A ``Request`` from the bytes of the module ABI."""
    text = SIMPLE[str]
    if head[0] == OTHER_METHOD:
        method, offset = text.decoder(head, 1)
    else:
        method, offset = METHODS[head[0]], 1
    headers, offset = decode_headers(head, offset)
    # how long somebody would wait is a matter of procedures
    offset += 9 if head[offset] == 0 else 1
    uri, _ = text.decoder(head, offset)
    path, _, query = uri.partition("?")
    return Request(method, path, query, headers, body)


def write_request(request):
    """The bytes of the module ABI for a request, without its body."""
    text = SIMPLE[str]
    method = bytes([METHODS.index(request.method)]) if request.method in METHODS else bytes([OTHER_METHOD]) + text.encoder(request.method)
    uri = (request.path or "/") + ("?" + request.query_string if request.query_string else "")
    return method + encode_headers(request.headers) + b"\1" + text.encoder(uri) + HTTP_11


def write_response(response):
    """The bytes of the module ABI for a response, without its body."""
    return encode_headers(response.headers) + HTTP_11 + response.status.to_bytes(2, "little")
