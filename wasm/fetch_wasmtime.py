#!/usr/bin/env python3
"""Puts wasmtime's C library, as wasmtime.lock names it, into DEST/PLATFORM, with its licence.

Usage: fetch_wasmtime.py [--check] [--platform PLATFORM] DEST

The wheel comes from the machine's package index and is compared with the lock, and so is the one file taken out of it.
What is there already and right stays. Ends with 0 when the library is there, 1 when not (with the reason), 2 when this
Python has no pip, 3 when there is none for this platform.
"""
import argparse
import hashlib
import json
import os
import platform
import sys
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, os.pardir, "packages", "wheels"))

from pipclient import Pip, PipMissing, last_error  # noqa: E402  (from the folder named above)


def here() -> str:
    """The name of this machine's platform in the lock."""
    family = {"Darwin": "darwin", "Windows": "win"}.get(platform.system(), "linux")
    machine = platform.machine().lower()
    return f"{family}-{ {'amd64': 'x86_64', 'arm64': 'aarch64'}.get(machine, machine) }"


def right(path: str, sha256: str) -> bool:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def unpack(wheel: str, member: str, target: str, sha256: str) -> bool:
    """Takes one member and the licences out of the wheel; the library appears last, in one step, and only if it is right."""
    folder = os.path.dirname(target)
    os.makedirs(folder, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if "/licenses/" in name and not name.endswith("/"):
                with open(os.path.join(folder, "wasmtime-" + os.path.basename(name)), "wb") as file:
                    file.write(archive.read(name))
        partial = target + ".partial"
        with open(partial, "wb") as file:
            file.write(archive.read(member))
    if not right(partial, sha256):
        os.remove(partial)
        return False
    os.replace(partial, target)
    return True


def fetch(lock: dict, entry: dict, target: str) -> str:
    """Downloads and unpacks; returns what went wrong, or nothing."""
    with Pip() as pip, tempfile.TemporaryDirectory(prefix="cloche-wasmtime-") as folder:
        wanted = os.path.join(folder, "wanted.txt")
        with open(wanted, "w") as file:
            file.write(f"{lock['package']}=={lock['version']} --hash=sha256:{entry['wheel']}\n")
        answer = pip.download({"python": "3.12", "implementation": "py", "abis": ["none"], "platforms": [entry["tag"]]},
                              folder, "--require-hashes", "-r", wanted)
        if answer.returncode:
            return last_error(answer)
        wheels = [name for name in os.listdir(folder) if name.endswith(".whl")]
        if not unpack(os.path.join(folder, wheels[0]), entry["member"], target, entry["sha256"]):
            return f"{entry['member']} in the wheel is not the one of the lock"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only, fetch nothing")
    parser.add_argument("--platform", default=here(), help="as in wasmtime.lock; this machine's if not given")
    parser.add_argument("dest", metavar="DEST")
    arguments = parser.parse_args()
    with open(os.path.join(HERE, "wasmtime.lock")) as file:
        lock = json.load(file)
    entry = lock["platforms"].get(arguments.platform)
    if entry is None:
        print(f"there is no wasmtime library for {arguments.platform}", file=sys.stderr)
        return 3
    target = os.path.join(arguments.dest, arguments.platform, entry["file"])
    if right(target, entry["sha256"]):
        return 0
    if arguments.check:
        print(f"{target} is missing or not the library of the lock", file=sys.stderr)
        return 1
    try:
        complaint = fetch(lock, entry, target)
    except PipMissing as problem:
        print(problem, file=sys.stderr)
        return 2
    if complaint:
        print(f"wasmtime {lock['version']}: {complaint}", file=sys.stderr)
        return 1
    print(f"{target}: wasmtime {lock['version']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
