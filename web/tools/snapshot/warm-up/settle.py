"""Leaves the interpreter as a new session wants it, and refuses what must not be frozen into a snapshot."""
import gc
import importlib
import io
import random
import sys
import warnings

while "" in sys.path:
    # The loader adds it in every session.
    sys.path.remove("")
# importlib.metadata keeps the archive of the standard library open.
importlib.invalidate_caches()
sys.path_importer_cache.clear()
for module in list(sys.modules.values()):
    getattr(module, "__warningregistry__", {}).clear()
if matplotlib := sys.modules.get("matplotlib"):
    # These keep fonts, which are open files.
    matplotlib.font_manager._get_font.cache_clear()
    matplotlib.mathtext.MathTextParser._parse_cached.cache_clear()
    matplotlib.text._get_text_metrics_with_cache_impl.cache_clear()
gc.collect()

known = {id(random._inst)}
for thing in gc.get_objects():
    if isinstance(thing, random.Random) and not isinstance(thing, random.SystemRandom) and id(thing) not in known:
        raise RuntimeError(f"a source of random numbers that no session renews: {thing!r}")
    if isinstance(thing, io.IOBase) and not thing.closed and getattr(thing, "name", None) not in (
        None, 0, 1, 2, "<stdin>", "<stdout>", "<stderr>"
    ):
        raise RuntimeError(f"an open file: {thing!r}")
