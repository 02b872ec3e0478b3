# wheels: fastapi python-multipart
import json
from typing import Annotated

from fastapi import Depends, FastAPI, Form, HTTPException
from pydantic import BaseModel, Field


class Item(BaseModel):
    name: str = Field(min_length=2)
    price: float = Field(gt=0)
    tags: list[str] = []


app = FastAPI(title="Test")


async def limit(n: int = 3) -> int:
    return n


@app.post("/items")
async def create(item: Item):
    return {"name": item.name.upper(), "tags": len(item.tags)}


@app.get("/items/{number}")
async def read(number: int, limited: Annotated[int, Depends(limit)]):
    if number > 100:
        raise HTTPException(404, "no such item")
    return {"number": number, "limit": limited}


@app.post("/form")
async def form(text: Annotated[str, Form()]):
    return text[::-1]


@app.get("/plain")
def plain():
    return "from a function that is not async"


async def call(method, path, body=b"", kind="application/json", query=""):
    """Calls the application as a server would; returns the status and the parsed body."""
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
             "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "scheme": "http",
             "headers": [(b"host", b"test"), (b"content-type", kind.encode()),
                         (b"content-length", str(len(body)).encode())],
             "client": ("127.0.0.1", 1), "server": ("test", 80)}
    sent = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    text = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
    return sent[0]["status"], json.loads(text) if text[:1] in b'{["' else text.decode()


async def test_a_good_body():
    assert await call("POST", "/items", b'{"name": "tea", "price": 2.5, "tags": ["a", "b"]}') == (
        200, {"name": "TEA", "tags": 2})


async def test_a_bad_body_is_explained():
    status, answer = await call("POST", "/items", b'{"name": "t", "price": -1}')
    assert status == 422
    assert [error["loc"] for error in answer["detail"]] == [["body", "name"], ["body", "price"]]
    assert (await call("POST", "/items", b"{"))[0] == 422


async def test_paths_queries_and_dependencies():
    assert await call("GET", "/items/7", query="n=9") == (200, {"number": 7, "limit": 9})
    assert (await call("GET", "/items/seven"))[0] == 422
    assert await call("GET", "/items/101") == (404, {"detail": "no such item"})


async def test_a_form():
    assert await call("POST", "/form", b"text=abc", "application/x-www-form-urlencoded") == (200, "cba")
    multipart = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nxyz\r\n--b--\r\n'
    assert await call("POST", "/form", multipart, "multipart/form-data; boundary=b") == (200, "zyx")


async def test_the_description():
    status, answer = await call("GET", "/openapi.json")
    assert status == 200 and set(answer["paths"]) == {"/items", "/items/{number}", "/form", "/plain"}


async def test_a_function_that_is_not_async_needs_threads():
    # The tab has none. The engine host has to run such functions on the spot; without that they fail, and this is the
    # known limit of the bare wheels.
    try:
        await call("GET", "/plain")
    except RuntimeError as error:
        assert "thread" in str(error)
    else:
        raise AssertionError("threads have come to the tab: README.md and the engine host can change")


def test_pydantic():
    from pydantic import TypeAdapter, ValidationError
    import pydantic_core
    assert Item.model_validate_json('{"name": "xy", "price": 1}').model_dump()["price"] == 1.0
    assert Item.model_json_schema()["required"] == ["name", "price"]
    assert TypeAdapter(dict[str, int]).validate_python({"a": "5"}) == {"a": 5}
    try:
        Item(name="x", price=0)
    except ValidationError as error:
        assert error.error_count() == 2
    assert pydantic_core.from_json(b"[1, 2.5, null]") == [1, 2.5, None]
