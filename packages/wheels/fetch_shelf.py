#!/usr/bin/env python3
"""Fills a folder with the wheels of shelf.lock.json: ours from built/, the rest from the machine's package index.

Usage: fetch_shelf.py [--check] DEST

Every wheel is compared with the digest in the lock before it appears in DEST; what is there already and right stays.
Afterwards DEST holds the wheels of the lock and nothing else of the kind. --check only compares. Ends with 0 when the
shelf is whole, 1 when something is missing (each with its reason), 2 when this Python has no pip.
"""
import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile

from pipclient import UNREACHABLE, Pip, PipMissing, last_error

HERE = os.path.dirname(os.path.abspath(__file__))
PARTIAL = ".partial-"


def digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def right(path: str, wheel: dict) -> bool:
    """Says whether the file is there and is the wheel that the lock means."""
    try:
        return os.path.getsize(path) == wheel["size"] and digest(path) == wheel["sha256"]
    except FileNotFoundError:
        return False


def place(source: str, dest: str, wheel: dict) -> bool:
    """Copies a right file into DEST in one step; a wrong one is left where it is."""
    if not right(source, wheel):
        return False
    partial = os.path.join(dest, f"{PARTIAL}{wheel['file']}")
    shutil.copyfile(source, partial)
    os.replace(partial, os.path.join(dest, wheel["file"]))
    return True


def missing(dest: str, wheels: list[dict]) -> list[dict]:
    return [wheel for wheel in wheels if not right(os.path.join(dest, wheel["file"]), wheel)]


def take_built(dest: str, wheels: list[dict]) -> dict[str, str]:
    """Copies our own wheels; returns the reason for each that could not be."""
    reasons = {}
    for wheel in wheels:
        source = os.path.join(HERE, "built", wheel["file"])
        if not os.path.exists(source):
            reasons[wheel["file"]] = f"{source} is not in this copy of the repository: git checkout -- packages/wheels/built"
        elif not place(source, dest, wheel):
            reasons[wheel["file"]] = (
                f"{source} is not the wheel of the lock: git checkout -- packages/wheels/built, or, "
                "after a rebuild, python3 packages/wheels/lock_shelf.py")
    return reasons


def download(pip: Pip, dest: str, wheels: list[dict], target: dict, *options: str) -> str:
    """Downloads wheels in one call and places the right ones; returns pip's complaint, or nothing."""
    with tempfile.TemporaryDirectory(prefix=PARTIAL, dir=dest) as folder:
        wanted = os.path.join(folder, "wanted.txt")
        with open(wanted, "w") as file:
            file.writelines(f"{w['name']}=={w['version']} --hash=sha256:{w['sha256']}\n" for w in wheels)
        answer = pip.download(target, folder, "--require-hashes", *options, "-r", wanted)
        for wheel in wheels:
            place(os.path.join(folder, wheel["file"]), dest, wheel)
    return last_error(answer) if answer.returncode else ""


def take_published(dest: str, wheels: list[dict], target: dict) -> dict[str, str]:
    """Downloads the wheels of others: all in one call, then each that is still missing once more, past pip's cache."""
    with Pip() as pip:
        print(f"fetching {len(wheels)} wheels, {sum(w['size'] for w in wheels) / 1e6:.1f} MB, with pip", flush=True)
        complaint = download(pip, dest, wheels, target)
        rest = missing(dest, wheels)
        if rest:
            print(f"{len(rest)} did not come: {complaint or 'pip gave other files'}; trying once more", flush=True)
        if complaint == UNREACHABLE:
            complaint = download(pip, dest, rest, target)
            return {wheel["file"]: complaint for wheel in missing(dest, rest)}
        reasons = {}
        for wheel in rest:
            complaint = download(pip, dest, [wheel], target, "--no-cache-dir")
            if not right(os.path.join(dest, wheel["file"]), wheel):
                reasons[wheel["file"]] = complaint or "pip gave another file than the lock names"
        return reasons


def sweep(dest: str, wheels: list[dict]) -> None:
    """Removes wheels that the lock does not name, and what a run that was killed left behind."""
    names = {wheel["file"] for wheel in wheels}
    for entry in os.scandir(dest):
        if entry.name.startswith(PARTIAL) and entry.is_dir():
            shutil.rmtree(entry.path)
        elif entry.name.startswith(PARTIAL) or (entry.name.endswith(".whl") and entry.name not in names):
            os.remove(entry.path)


def report(reasons: dict[str, str], total: int) -> None:
    """Says which wheels are missing, those with one reason together, and what to do."""
    for reason in dict.fromkeys(reasons.values()):
        files = [file for file, why in reasons.items() if why == reason]
        print(f"{reason}:\n    " + "\n    ".join(files), file=sys.stderr)
    print(f"{len(reasons)} of {total} wheels are missing. `pip config list` shows the package index of this machine. "
          "Run the same command again: it fetches only what is missing.", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only, fetch nothing")
    parser.add_argument("dest", metavar="DEST")
    arguments = parser.parse_args()
    dest = arguments.dest
    with open(os.path.join(HERE, "shelf.lock.json")) as file:
        lock = json.load(file)
    wheels = lock["wheels"]
    if arguments.check:
        wrong = missing(dest, wheels)
        for wheel in wrong:
            print(f"{wheel['file']}: missing or not the wheel of the lock", file=sys.stderr)
        return 1 if wrong else 0

    os.makedirs(dest, exist_ok=True)
    sweep(dest, wheels)
    wanted = missing(dest, wheels)
    reasons = take_built(dest, [w for w in wanted if w["origin"] == "built"])
    published = [w for w in wanted if w["origin"] == "pypi"]
    try:
        if published:
            reasons |= take_published(dest, published, lock["target"])
    except PipMissing as problem:
        print(problem, file=sys.stderr)
        return 2
    if reasons:
        report(reasons, len(wheels))
        return 1
    print(f"{len(wheels)} wheels in {dest}, {len(wanted)} of them new")
    return 0


if __name__ == "__main__":
    sys.exit(main())
