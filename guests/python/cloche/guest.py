"""Inside the WebAssembly module: runs the author's files, and turns what goes wrong into text with file and line.

The C side calls ``load`` once, ``describe``, then the functions in ``reducers``, ``procedures``, ``views``, ``anonymous_views``
and ``handlers`` by number, and ``failed`` with whatever they raise.
"""

import gc
import importlib.machinery
import json  # noqa: F401 what modules often use is in the started interpreter, which hosts keep as an image
import linecache
import random
import sys
import traceback

import _cloche

from .calls import Calls
from .definition import definition
from .errors import DeclarationError, ReducerError
from .model import module_of
from .scalars import TypeProblem
from .web import Response, write_response

ERROR, INFO = 0, 2
OWN_FILES = ("<frozen ", "<cloche")
reducers, procedures, views, anonymous_views, handlers = [], [], [], [], []
_definition = b""


class _Output:
    """``print`` writes whole lines to the log, with the place of the call."""

    encoding = "utf-8"

    def __init__(self, level):
        self.level, self.rest = level, ""

    def write(self, text):
        *lines, self.rest = (self.rest + text).split("\n")
        for line in lines:
            frame = sys._getframe(1)
            while frame.f_back is not None and frame.f_code.co_filename.startswith(OWN_FILES):
                frame = frame.f_back
            _cloche.log(self.level, frame.f_globals.get("__name__") or "", frame.f_code.co_filename, frame.f_lineno, line)
        return len(text)

    def flush(self):
        pass


class _Files:
    """Finds the module's own files for ``import``."""

    def __init__(self, files):
        self.sources = {}
        for name, text in files:
            dotted = name.removesuffix(".py").replace("/", ".")
            package = dotted.endswith(".__init__")
            self.sources[dotted.removesuffix(".__init__")] = (name, text, package)
            parts = dotted.split(".")[:-1]
            for end in range(1, len(parts) + 1):
                self.sources.setdefault(".".join(parts[:end]), ("", "", True))

    def find_spec(self, name, path=None, target=None):
        if name not in self.sources:
            return None
        return importlib.machinery.ModuleSpec(name, self, origin=self.sources[name][0], is_package=self.sources[name][2])

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        file, text, _ = self.sources[module.__name__]
        module.__file__ = file
        exec(compile(text, file, "exec", dont_inherit=True), module.__dict__)


def _records(data):
    """Pairs of name and text from: length of the name (u16), name, length of the text (u32), text, and again."""
    files, o = [], 0
    while o < len(data):
        size = int.from_bytes(data[o:o + 2], "little")
        name = data[o + 2:o + 2 + size].decode()
        o += 2 + size
        size = int.from_bytes(data[o:o + 4], "little")
        files.append((name, data[o + 4:o + 4 + size].decode()))
        o += 4 + size
    return files


def load(data):
    """Runs the files, the first as the module; returns None, or the text that the publisher gets."""
    global _definition
    sys.stdout, sys.stderr = _Output(INFO), _Output(ERROR)
    try:
        files = _records(data)
        for name, text in files:
            linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        finder = _Files(files)
        sys.meta_path.insert(0, finder)
        name = files[0][0].removesuffix(".py").replace("/", ".")
        if name in sys.modules or name in sys.builtin_module_names or importlib.machinery.FrozenImporter.find_spec(name):
            raise DeclarationError(f"{files[0][0]}: the name hides the standard module {name}", "Rename the file")
        __import__(name)
        module = module_of()
        _definition = definition(module)
        calls = Calls(module, _cloche)
    except DeclarationError as error:
        text = f"{error}{_source_line(error)}"
        _cloche.log(ERROR, "cloche", error.file or "", error.line or 0, text)
        return text
    except TypeProblem as problem:
        text = f"{problem.text}. {problem.advice}"
        _cloche.log(ERROR, "cloche", "", 0, text)
        return text
    except BaseException as error:
        text = _trace(error)
        _cloche.log(ERROR, "cloche", *_place(error)[:2], text)
        return text
    global reducers, procedures, views, anonymous_views, handlers
    reducers, procedures, views, anonymous_views = calls.reducers, calls.procedures, calls.views, calls.anonymous_views
    handlers = [_answering(handler) for handler in calls.handlers]
    gc.collect()
    gc.freeze()
    return None


def _source_line(error):
    line = linecache.getline(error.file, error.line).strip() if error.file and error.line else ""
    return f"\n    {line}" if line else ""


def describe():
    return _definition


def begin(timestamp):
    """Before the first call of an instance: instances must not repeat one another's random numbers."""
    random.seed(timestamp)


def failed(error):
    """The text for the caller; what the author did not mean to raise goes to the log with its traceback."""
    if isinstance(error, ReducerError):
        return str(error)
    file, line, function = _place(error)
    _cloche.log(ERROR, "cloche", file, line, _trace(error))
    kind = type(error).__name__
    text = str(error)
    place = f" ({file}:{line}" + (f" in {function})" if function else ")") if file else ""
    return (f"{kind}: {text}" if text else kind) + place


def _answering(handler):
    """A function to head and body of the answer; what the handler raises is an answer too, on every host the same."""
    def answer(timestamp, head, body):
        try:
            response = handler(timestamp, head, body)
        except ReducerError as error:
            response = Response(str(error), 400)
        except BaseException as error:
            response = Response(failed(error), 500)
        return write_response(response), response.body
    return answer


def _frames(error):
    frames, trace = [], error.__traceback__
    while trace is not None:
        frames.append(trace)
        trace = trace.tb_next
    return frames


def _place(error):
    """File, line and function of the innermost frame in the author's files."""
    if isinstance(error, SyntaxError):
        return error.filename or "", error.lineno or 0, ""
    for trace in reversed(_frames(error)):
        code = trace.tb_frame.f_code
        if not code.co_filename.startswith(OWN_FILES):
            return code.co_filename, trace.tb_lineno, code.co_name
    return "", 0, ""


def _trace(error):
    """The traceback without the frames of this package and of the interpreter's import."""
    try:
        whole = traceback.TracebackException.from_exception(error)
        part = whole
        while part is not None:
            part.stack = traceback.StackSummary.from_list([f for f in part.stack if not f.filename.startswith(OWN_FILES)])
            part = part.__cause__ or part.__context__
        return "".join(whole.format()).rstrip()
    except BaseException:
        return f"{type(error).__name__}"


gc.collect()
gc.freeze()
