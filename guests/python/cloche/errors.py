"""What can go wrong, in the words of the person who wrote the module."""

import sys


class ReducerError(Exception):
    """Raised by a module to refuse a call: the caller gets the text, and nothing is changed."""


class ValueMismatch(TypeError):
    """A value that does not fit its declared type; the text names table or function, and field."""


class UniqueViolation(Exception):
    """A row would repeat the value of a unique column."""


class NoSuchRow(Exception):
    """An update of a row that is not there."""


class StoreError(Exception):
    """The database refused an operation; ``errno`` is the number of the module ABI."""

    def __init__(self, text, errno):
        super().__init__(text)
        self.errno = errno


class DeclarationError(Exception):
    """A table or function that cannot be declared as written. Has file, line, what is wrong, and advice."""

    def __init__(self, text, advice, file=None, line=None):
        self.text, self.advice, self.file, self.line = text, advice, file, line
        place = f"{file}:{line}: " if file else ""
        super().__init__(f"{place}{text}. {advice}")


HOST_ERRORS = {
    1: "the host refused the call",
    2: "there is no transaction here; in a procedure use `with ctx.transaction() as tx:` and `tx.db`",
    3: "the host could not read the value",
    4: "there is no such table",
    5: "there is no such index",
    6: "the rows are no longer there to read",
    9: "the host has no space left",
    10: "this index has no order, so it serves equality only; declare it as a btree",
    11: "the buffer is too small",
    12: "a row with this unique value exists already",
    13: "the delay is too long",
    14: "the index is not unique",
    15: "there is no such row",
    16: "the counter of an auto-increment column is used up",
    17: "a transaction is open already",
    18: "this transaction was not begun here",
    19: "a view may only read",
    20: "this transaction writes",
    21: "the HTTP request failed",
}


def module_place():
    """File and line of the innermost frame that is not part of this package."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name != "cloche" and not name.startswith("cloche.") and name != "dataclasses":
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
    return None, None


def nearest(word, words):
    """A half sentence that offers the most similar of some words, or lists them."""
    from difflib import get_close_matches

    words = sorted(words)
    close = get_close_matches(word, words, 1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"There are {', '.join(words)}." if words else "There are none."


def describe(value):
    """A value and its type, short enough for a message."""
    text = repr(value)
    if len(text) > 60:
        text = text[:57] + "..."
    return text if isinstance(value, int) and not isinstance(value, bool) else f"{text} ({type(value).__name__})"
