"""The to-dos in a JSON file. The file is replaced as a whole, so it is never half written."""

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

MAX_TITLE = 200
MAX_TODOS = 500


@dataclass(frozen=True)
class Todo:
    id: int
    title: str
    done: bool = False


class Refused(ValueError):
    """A wish that breaks a rule; the text says which one, for people."""


class TodoStore:
    """All to-dos, in the order in which they were added."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "todos.json"
        self._lock = threading.Lock()

    def all(self) -> list[Todo]:
        if not self._file.exists():
            return []
        return [Todo(**each) for each in json.loads(self._file.read_text(encoding="utf-8"))]

    def get(self, todo_id: int) -> Todo | None:
        return next((todo for todo in self.all() if todo.id == todo_id), None)

    def add(self, title: object) -> Todo:
        text = checked_title(title)
        with self._lock:
            todos = self.all()
            if len(todos) >= MAX_TODOS:
                raise Refused(f"There are {MAX_TODOS} to-dos already; finish some first.")
            todo = Todo(id=max((each.id for each in todos), default=0) + 1, title=text)
            self._write([*todos, todo])
        return todo

    def change(self, todo_id: int, *, title: object = None, done: object = None) -> Todo | None:
        with self._lock:
            todos = self.all()
            for index, todo in enumerate(todos):
                if todo.id == todo_id:
                    todos[index] = Todo(
                        id=todo.id,
                        title=todo.title if title is None else checked_title(title),
                        done=todo.done if done is None else checked_done(done),
                    )
                    self._write(todos)
                    return todos[index]
        return None

    def remove(self, todo_id: int) -> bool:
        with self._lock:
            todos = self.all()
            left = [todo for todo in todos if todo.id != todo_id]
            self._write(left)
        return len(left) < len(todos)

    def remove_done(self) -> None:
        with self._lock:
            self._write([todo for todo in self.all() if not todo.done])

    def _write(self, todos: list[Todo]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".tmp")
        draft.write_text(json.dumps([asdict(todo) for todo in todos], indent=2), encoding="utf-8")
        os.replace(draft, self._file)


def checked_title(title: object) -> str:
    if not isinstance(title, str) or not title.strip():
        raise Refused("A to-do needs a text.")
    if len(title.strip()) > MAX_TITLE:
        raise Refused(f"A to-do has at most {MAX_TITLE} characters.")
    return title.strip()


def checked_done(done: object) -> bool:
    if not isinstance(done, bool):
        raise Refused("'done' is true or false.")
    return done
