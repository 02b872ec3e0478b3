"""Packages of the session."""

import contextlib
import importlib
import importlib.metadata
import json
import re
import sys


def remove(names: str) -> None:
    """Removes the files of installed distributions, so that another version can take their place."""
    wanted = {_normalise(name) for name in json.loads(names)}
    site = [entry for entry in sys.path if entry.endswith("/site-packages")]
    for distribution in list(importlib.metadata.distributions(path=site)):
        if _normalise(distribution.name) in wanted:
            for file in distribution.files or ():
                with contextlib.suppress(OSError):
                    file.locate().unlink()


def installed() -> None:
    """New files are there: imports must see them."""
    importlib.invalidate_caches()


def _normalise(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
