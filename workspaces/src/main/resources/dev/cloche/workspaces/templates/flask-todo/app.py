"""A to-do app: one page with forms that work without a script, and the same things as a JSON API."""

import os
import sys
from dataclasses import asdict
from pathlib import Path

from flask import Flask, abort, jsonify, redirect, render_template, request, url_for

from store import Refused, TodoStore

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
app.json.sort_keys = False

# Where the to-dos are kept: the platform names a folder that lasts, else it is a folder beside this file.
DATA = Path(os.environ.get("CLOCHE_DATA") or Path(__file__).parent / "data")
store = TodoStore(DATA)


# The page

@app.get("/")
def index():
    return page()


@app.post("/todos")
def add():
    try:
        store.add(request.form.get("title"))
    except Refused as refusal:
        return page(error=str(refusal), draft=request.form.get("title", "")), 400
    return redirect(url_for("index"), code=303)


@app.post("/todos/<int:todo_id>/toggle")
def toggle(todo_id: int):
    todo = store.get(todo_id) or abort(404)
    store.change(todo_id, done=not todo.done)
    return redirect(url_for("index"), code=303)


@app.post("/todos/<int:todo_id>/delete")
def delete(todo_id: int):
    store.remove(todo_id)
    return redirect(url_for("index"), code=303)


@app.post("/todos/clear")
def clear():
    store.remove_done()
    return redirect(url_for("index"), code=303)


def page(error: str = "", draft: str = ""):
    todos = store.all()
    left = sum(not todo.done for todo in todos)
    return render_template("index.html", todos=todos, left=left, error=error, draft=draft)


# The API

@app.get("/api/todos")
def api_list():
    return jsonify([asdict(todo) for todo in store.all()])


@app.post("/api/todos")
def api_add():
    todo = store.add(body().get("title"))
    return jsonify(asdict(todo)), 201, {"Location": f"/api/todos/{todo.id}"}


@app.get("/api/todos/<int:todo_id>")
def api_get(todo_id: int):
    return jsonify(asdict(store.get(todo_id) or abort(404)))


@app.patch("/api/todos/<int:todo_id>")
def api_change(todo_id: int):
    wish = body()
    return jsonify(asdict(store.change(todo_id, title=wish.get("title"), done=wish.get("done")) or abort(404)))


@app.delete("/api/todos/<int:todo_id>")
def api_delete(todo_id: int):
    return ("", 204) if store.remove(todo_id) else abort(404)


def body() -> dict:
    """The JSON object of the request; anything else is refused by Flask or by us."""
    sent = request.get_json()
    if not isinstance(sent, dict):
        raise Refused("Send a JSON object.")
    return sent


@app.errorhandler(Refused)
def refused(refusal: Refused):
    return jsonify(error=str(refusal)), 400


@app.errorhandler(404)
def not_found(_error):
    if request.path.startswith("/api/"):
        return jsonify(error="There is no such to-do."), 404
    return page(error="That page does not exist."), 404


if __name__ == "__main__":
    if sys.platform == "emscripten":
        with app.test_client() as client:
            print("GET /api/todos ->", client.get("/api/todos").get_data(as_text=True).strip())
        print("The app works. Press Publish to give it a URL of its own.")
    else:
        app.run(port=5000)
