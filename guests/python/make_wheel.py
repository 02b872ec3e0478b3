#!/usr/bin/env python3
"""Packs cloche/ as a wheel and puts it on a shelf, so that editors complete modules and their tests run in the tab.

    make_wheel.py SHELF

SHELF is a folder with a shelf.lock.json, as packages/wheels/fetch_shelf.py fills it. The wheel and its line in that lock
replace those of earlier runs; the same sources give the same bytes. Its origin "own" says that no package index is asked
for the name.
"""
import base64
import hashlib
import io
import json
import pathlib
import re
import sys
import zipfile

HERE = pathlib.Path(__file__).parent
NAME = "cloche"
# what only works inside a module
INSIDE = {"guest.py"}


def version() -> str:
    """The version of the project."""
    return re.search(r"<version>([^<]+)</version>", (HERE.parents[1] / "pom.xml").read_text()).group(1)


def contents() -> dict[str, bytes]:
    """The files of the wheel but for its RECORD."""
    info = f"{NAME}-{version()}.dist-info"
    files = {f"{NAME}/{path.name}": path.read_bytes() for path in sorted((HERE / NAME).iterdir()) if path.is_file() and path.name not in INSIDE}
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.4\nName: {NAME}\nVersion: {version()}\nSummary: Modules of live databases in Python, and how to test them.\n"
        f"Requires-Python: >=3.11\n").encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: cloche\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return files


def wheel() -> tuple[str, bytes]:
    """Name and bytes of the wheel."""
    files = contents()
    record = f"{NAME}-{version()}.dist-info/RECORD"
    lines = []
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}\n")
    files[record] = "".join([*lines, f"{record},,\n"]).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            # stored, since what deflate makes depends on the machine's library
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_STORED)
    return f"{NAME}-{version()}-py3-none-any.whl", out.getvalue()


def put(shelf: pathlib.Path) -> str:
    """Puts the wheel on the shelf, first the file, then its line in the lock; returns its name."""
    file, data = wheel()
    for old in shelf.glob(f"{NAME}-*.whl"):
        if old.name != file:
            old.unlink()
    replace(shelf / file, data)
    lock = json.loads((shelf / "shelf.lock.json").read_text())
    line = {"name": NAME, "version": version(), "file": file, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "origin": "own",
            "depends": [], "requires": [], "requiresPython": ">=3.11", "imports": [NAME], "licence": "part of this product"}
    lock["wheels"] = sorted([line, *(one for one in lock["wheels"] if one["name"] != NAME)], key=lambda one: one["name"])
    replace(shelf / "shelf.lock.json", (json.dumps(lock, indent=2) + "\n").encode())
    return file


def replace(path: pathlib.Path, data: bytes) -> None:
    partial = path.with_name(f".partial-{path.name}")
    partial.write_bytes(data)
    partial.replace(path)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(put(pathlib.Path(sys.argv[1])))
