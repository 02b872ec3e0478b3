#!/usr/bin/env python3
"""Packs install trees as wheels for Pyodide: the same tree gives the same bytes.

Usage: pack.py TREES SDISTS OUT [NAME...]

TREES/NAME/site is what a build installed, SDISTS holds the source archives (for METADATA and the licence texts), OUT
receives the wheels and SHA256SUMS. What is left out and which licences go in is in packages.toml. Entries are sorted,
have one fixed time and are compressed by this interpreter's zlib, so digests compare only between runs in the same
root folder (chroot.sh).
"""
import base64
import fnmatch
import hashlib
import io
import os
import sys
import tarfile
import time
import tomllib
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))


class Sdist:
    """A source archive, read as a map from the path below its one top folder to the bytes."""

    def __init__(self, path: str):
        with tarfile.open(path) as archive:
            self.files = {
                m.name.split("/", 1)[1]: archive.extractfile(m).read()
                for m in archive if m.isfile() and "/" in m.name and self.wanted(m.name.split("/", 1)[1])}

    @staticmethod
    def wanted(path: str) -> bool:
        return path == "PKG-INFO" or any(word in path.upper() for word in ("LICEN", "COPYING"))

    def matching(self, pattern: str) -> dict[str, bytes]:
        found = {p: b for p, b in self.files.items() if fnmatch.fnmatchcase(p, pattern)}
        if not found:
            raise SystemExit(f"no {pattern} in the source archive")
        return found


def tree_files(tree: str, drop: list[str]) -> dict[str, bytes]:
    """Returns the files of an install tree that no pattern of drop covers."""
    files = {}
    for folder, _, names in os.walk(tree):
        for name in names:
            full = os.path.join(folder, name)
            path = os.path.relpath(full, tree)
            if ".dist-info/" in path or any(fnmatch.fnmatchcase(path, p) for p in drop):
                continue
            with open(full, "rb") as file:
                files[path] = file.read()
    return files


def metadata(pkg_info: bytes, licences: list[str], expression: str | None) -> bytes:
    """Returns METADATA: PKG-INFO, and from metadata version 2.4 on with all licence files and the expression named."""
    head, gap, body = pkg_info.decode().replace("\r\n", "\n").partition("\n\n")
    lines = head.split("\n")
    version = tuple(int(n) for n in lines[0].removeprefix("Metadata-Version: ").split("."))
    if version >= (2, 4):
        lines = [line for line in lines if not line.startswith("License-File:")]
        lines += [f"License-File: {path}" for path in licences]
        if expression:
            lines = [f"License-Expression: {expression}" if line.startswith("License-Expression:") else line
                     for line in lines]
    return ("\n".join(lines) + gap + body).encode()


def record_line(path: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(content)}\n"


def wheel_files(name: str, package: dict, common: dict, trees: str, sdists: str) -> dict[str, bytes]:
    """Returns everything that the wheel holds, RECORD last."""
    version = package["version"]
    files = tree_files(os.path.join(trees, name, "site"), common["drop"] + package.get("drop", []))
    if not any(path.endswith(".so") for path in files):
        raise SystemExit(f"{name}: the tree has no compiled module, is it built?")
    sdist = Sdist(os.path.join(sdists, f"{name}-{version}.tar.gz"))
    licences = {}
    for pattern in package["licences"]:
        licences |= sdist.matching(pattern)
    for text in package.get("bundled", []):
        with open(os.path.join(HERE, "licences", text), "rb") as file:
            licences[f"bundled/{text}"] = file.read()

    info = f"{name}-{version}.dist-info"
    named = sorted(licences)
    files[f"{info}/METADATA"] = metadata(sdist.files["PKG-INFO"], named, package.get("expression"))
    files[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: cloche packages/wheels\nRoot-Is-Purelib: false\nTag: {common['tag']}\n").encode()
    for path in named:
        files[f"{info}/licenses/{path}"] = licences[path]
    files = dict(sorted(files.items()))
    record = "".join(record_line(p, b) for p, b in files.items()) + f"{info}/RECORD,,\n"
    files[f"{info}/RECORD"] = record.encode()
    return files


def zipped(files: dict[str, bytes]) -> bytes:
    stamp = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", "1767225600")))[:6]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, stamp)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=9)
    return buffer.getvalue()


def main(trees: str, sdists: str, out: str, *names: str) -> None:
    with open(os.path.join(HERE, "packages.toml"), "rb") as file:
        packages = tomllib.load(file)
    common = packages.pop("all")
    os.makedirs(out, exist_ok=True)
    for name in names or packages:
        package = packages[name]
        wheel = zipped(wheel_files(name, package, common, trees, sdists))
        path = os.path.join(out, f"{name}-{package['version']}-{common['tag']}.whl")
        with open(path, "wb") as file:
            file.write(wheel)
        print(f"{os.path.basename(path)} {len(wheel)} bytes", flush=True)
    with open(os.path.join(out, "SHA256SUMS"), "w") as file:
        for name in sorted(n for n in os.listdir(out) if n.endswith(".whl")):
            with open(os.path.join(out, name), "rb") as wheel:
                file.write(f"{hashlib.sha256(wheel.read()).hexdigest()}  {name}\n")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
