# wheels: cloche
import pathlib
import tempfile

from cloche.testing import Database, identity

MODULE = """
from dataclasses import dataclass

from cloche import ReducerContext, ReducerError, TaggedEnum, reducer, scheduled, table


class Mood(TaggedEnum):
    Good: int
    Bad: None


@dataclass
class Place:
    name: str


@table(public=True, primary_key="id", auto_inc="id")
class Note:
    id: int
    text: str
    mood: Mood = Mood.Good(3)
    place: Place | None = None


@reducer
def write(ctx: ReducerContext, text: str):
    if not text:
        raise ReducerError("a note has words")
    ctx.db.note.insert(Note(text, place=Place("here")))


@scheduled(interval_ms=1000)
def clear(ctx: ReducerContext):
    ctx.db.note.delete()
"""


def database():
    path = pathlib.Path(tempfile.mkdtemp()) / "notes.py"
    path.write_text(MODULE)
    return Database(path)


def test_a_module_runs_in_the_tab():
    db = database()
    db.call("write", "first", sender=identity("ada"))
    [note] = db.rows("note")
    assert (note.id, note.text, note.mood.value, note.place.name) == (1, "first", 3, "here")


def test_a_refused_call_changes_nothing():
    from cloche import ReducerError

    db = database()
    try:
        db.call("write", "")
    except ReducerError as error:
        assert "words" in str(error)
    else:
        raise AssertionError("it was not refused")
    assert db.rows("note") == []


def test_stubs_are_in_the_wheel():
    import cloche

    folder = pathlib.Path(cloche.__file__).parent
    assert "def reducer" in (folder / "__init__.pyi").read_text()
    assert (folder / "py.typed").exists()
