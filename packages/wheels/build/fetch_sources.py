#!/usr/bin/env python3
"""Brings everything that the build reads into one folder, each file with its digest of sources.lock.json.

Usage: fetch_sources.py ROOT PYODIDE

ROOT is the root folder of chroot.sh: archives go to ROOT/w/sources, the build tools' wheels to ROOT/w/sources/tools.
PYODIDE is the folder of the npm package. Archives from the package index come by pip, those of Debian by apt inside the
root folder.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from pipclient import Pip, PipMissing, last_error  # noqa: E402


def right(path: str, sha256: str) -> bool:
    if not os.path.exists(path):
        return False
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def requirements(entries: list[dict], path: str) -> str:
    with open(path, "w") as file:
        file.writelines(f"{e['name']}=={e['version']} --hash=sha256:{e['sha256']}\n" for e in entries)
    return path


def with_pip(pip: Pip, lock: dict, sources: str, tools: str) -> None:
    """Fetches source archives, whose own build code never runs here, and the wheels of the build tools."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = [s for s in lock["sdists"] if not right(os.path.join(sources, s["file"]), s["sha256"])]
        if wanted:
            answer = pip.run(
                "download", "--no-deps", "--no-binary=:all:", "--no-build-isolation", "--ignore-requires-python",
                "--progress-bar=off", "--dest", sources, "--require-hashes",
                "-r", requirements(wanted, os.path.join(folder, "sdists.txt")),
                PYTHONPATH=os.path.join(HERE, "stand_in"), PYTHONDONTWRITEBYTECODE="1")
            if answer.returncode:
                sys.exit(f"source archives: {last_error(answer)}")
        wheels = lock["tools"]["wheels"]
        wanted = [w for w in wheels if not right(os.path.join(tools, w["file"]), w["sha256"])]
        if wanted:
            answer = pip.download(lock["tools"]["target"], tools, "--require-hashes",
                                  "-r", requirements(wanted, os.path.join(folder, "tools.txt")))
            if answer.returncode:
                sys.exit(f"build tools: {last_error(answer)}")
    names = {w["file"] for w in wheels}
    for name in set(os.listdir(tools)) - names:
        os.remove(os.path.join(tools, name))


def with_apt(root: str, lock: dict, sources: str) -> None:
    """Fetches Debian's source archives; only their digests count, so a signature file that is gone does not matter."""
    for entry in lock["debianSources"]:
        if all(right(os.path.join(sources, name), sha) for name, sha in entry["files"].items()):
            continue
        subprocess.run(["chroot", root, "sh", "-c", 'cd /w/sources && exec apt-get source --download-only "$0"',
                        f"{entry['package']}={entry['version']}"], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)


def main(root: str, pyodide: str) -> None:
    with open(os.path.join(HERE, "sources.lock.json")) as file:
        lock = json.load(file)
    sources = os.path.join(root, "w", "sources")
    tools = os.path.join(sources, "tools")
    os.makedirs(tools, exist_ok=True)
    with Pip() as pip:
        with_pip(pip, lock, sources, tools)
    with_apt(root, lock, sources)
    for name in lock["pyodide"]["files"]:
        shutil.copyfile(os.path.join(pyodide, name), os.path.join(sources, name))

    expected = {s["file"]: s["sha256"] for s in lock["sdists"]} | lock["pyodide"]["files"]
    expected |= {os.path.join("tools", w["file"]): w["sha256"] for w in lock["tools"]["wheels"]}
    for entry in lock["debianSources"]:
        expected |= entry["files"]
    wrong = [name for name, sha in expected.items() if not right(os.path.join(sources, name), sha)]
    if wrong:
        sys.exit("missing, or with another digest than sources.lock.json: " + ", ".join(wrong))
    print(f"{len(expected)} sources and tools, all with the digests of the lock")

    installed = subprocess.run(["chroot", root, "dpkg-query", "-W", "-f", "${Package} ${Version}\n",
                                *lock["debianPackages"]], capture_output=True, text=True, check=False).stdout
    versions = dict(line.split() for line in installed.splitlines())
    for name, version in lock["debianPackages"].items():
        if versions.get(name) != version:
            print(f"note: {name} is {versions.get(name)} here and was {version}: the wheels may differ in some bytes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except PipMissing as missing:
        sys.exit(str(missing))
