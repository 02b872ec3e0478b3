"""FastAPI with one app that has answered: models, dependencies, a refused body, the description of the API."""
import json
from typing import Annotated

import anyio._backends._asyncio  # noqa: anyio loads it when it first runs in a loop
import fastapi
import fastapi.middleware.cors, fastapi.responses, fastapi.staticfiles  # noqa
import pydantic


class Item(pydantic.BaseModel):
    name: str = pydantic.Field(min_length=1)
    price: float | None = None


app = fastapi.FastAPI(title="warm-up")


@app.post("/items/{number}")
async def add(item: Item, number: int, q: Annotated[str, fastapi.Query()] = "") -> Item:
    return item


async def ask(method: str, path: str, body: bytes) -> int:
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    await app({
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"q=1", "root_path": "", "server": ("warm", 80), "client": ("up", 1),
        "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())],
    }, receive, send)
    return sent[0]["status"]


def run(coroutine):
    """To its end by hand: no event loop may be left in the memory."""
    try:
        while True:
            coroutine.send(None)
    except StopIteration as end:
        return end.value


assert run(ask("POST", "/items/1", json.dumps({"name": "a", "price": 1}).encode())) == 200
assert run(ask("POST", "/items/x", json.dumps({"name": ""}).encode())) == 422
assert run(ask("GET", "/openapi.json", b"")) == 200
assert run(ask("GET", "/nowhere", b"")) == 404
