#!/usr/bin/env python3
"""Writes shelf.lock.json: every wheel of shelf.toml with what it needs, each with its digest.

Usage: lock_shelf.py [--upgrade]

Versions that the lock already names stay, unless they no longer fit or --upgrade is given. Wheels in built/ win over
the registry's. Markers are judged for the tab, not for this machine, with the `packaging` wheel that is on the shelf
itself.
"""
import argparse
import email.message
import email.parser
import hashlib
import json
import os
import re
import sys
import tempfile
import tomllib
import typing
import zipfile

from pipclient import Pip, PipMissing, last_error

if typing.TYPE_CHECKING:
    from packaging.requirements import Requirement

HERE = os.path.dirname(os.path.abspath(__file__))
LOCK = os.path.join(HERE, "shelf.lock.json")
BUILT = os.path.join(HERE, "built")


def normal(name: str) -> str:
    """Returns the normalised name of a package (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_metadata(wheel: str) -> email.message.Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n))
        return email.parser.Parser().parsestr(archive.read(name).decode())


def import_names(wheel: str) -> list[str]:
    """Returns the names at the top of site-packages that an import statement can say."""
    names = set()
    with zipfile.ZipFile(wheel) as archive:
        for path in archive.namelist():
            top, _, rest = path.partition("/")
            if top.endswith((".dist-info", ".data")) or not path.endswith((".py", ".so")):
                continue
            name = top if rest else top.split(".")[0]
            if name.isidentifier():
                names.add(name)
    return sorted(names)


def licence(metadata: email.message.Message) -> str:
    """Returns the licence as an SPDX expression where the package gives one, else in its shortest own words."""
    if expression := metadata["License-Expression"]:
        return expression
    text = (metadata["License"] or "").strip()
    classifiers = [c.split(" :: ")[-1] for c in metadata.get_all("Classifier", []) if c.startswith("License ::")]
    if text and "\n" not in text and len(text) <= 80:
        return text
    return " AND ".join(classifiers) or text.split("\n")[0] or "see the wheel's licence files"


def entry(wheel: str, origin: str) -> dict:
    """Returns what the lock says about one wheel."""
    metadata = read_metadata(wheel)
    with open(wheel, "rb") as file:
        content = file.read()
    return {
        "name": normal(metadata["Name"]), "version": metadata["Version"], "file": os.path.basename(wheel),
        "sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "origin": origin,
        "depends": [], "requires": metadata.get_all("Requires-Dist", []), "requiresPython": metadata["Requires-Python"] or "",
        "imports": import_names(wheel), "licence": licence(metadata)}


class Shelf:
    """The choice of one version for each name, grown from the roots until nothing is missing."""

    def __init__(self, pip: Pip, settings: dict, locked: dict[str, str], folder: str):
        self._pip, self._settings, self._locked, self._folder = pip, settings, locked, folder
        self._built = {normal(read_metadata(p)["Name"]): p
                       for p in (os.path.join(BUILT, n) for n in sorted(os.listdir(BUILT)) if n.endswith(".whl"))}
        self._rules: dict[str, list[str]] = {}
        self.chosen: dict[str, dict] = {}

    def fetch(self, name: str, rules: str) -> str:
        """Downloads the newest fitting wheel, the locked version first, and returns its path."""
        tries = [f"{name}=={self._locked[name]}"] if name in self._locked else []
        for wanted in [*tries, name + rules]:
            with tempfile.TemporaryDirectory(dir=self._folder) as fresh:
                answer = self._pip.download(self._settings, fresh, wanted)
                if answer.returncode == 0:
                    file = os.listdir(fresh)[0]
                    path = os.path.join(self._folder, file)
                    os.replace(os.path.join(fresh, file), path)
                    if self.fits(rules, read_metadata(path)["Version"]):
                        return path
        sys.exit(f"{name}{rules}: no wheel for the tab: {last_error(answer)}")

    @staticmethod
    def fits(rules: str, version: str) -> bool:
        from packaging.specifiers import SpecifierSet
        return SpecifierSet(rules).contains(version, prereleases=True)

    def want(self, text: str) -> list[str]:
        """Takes one requirement up; returns the requirements that follow from it, if a wheel was chosen (anew)."""
        from packaging.requirements import Requirement
        requirement = Requirement(text)
        if not self.applies(requirement):
            return []
        if requirement.extras:
            sys.exit(f"{text}: the lock does not follow extras; name the packages behind them in shelf.toml")
        name = normal(requirement.name)
        rules = self._rules.setdefault(name, [])
        if str(requirement.specifier) and str(requirement.specifier) not in rules:
            rules.append(str(requirement.specifier))
        joined = ",".join(rules)
        if name in self.chosen and self.fits(joined, self.chosen[name]["version"]):
            return []
        if name in self._built:
            found = entry(self._built[name], "built")
            if not self.fits(joined, found["version"]):
                sys.exit(f"built/{found['file']} does not fit {name}{joined}")
        else:
            found = entry(self.fetch(name, joined), "pypi")
        print(f"{found['name']} {found['version']} ({found['origin']}, {found['size']} bytes)", flush=True)
        self.chosen[name] = found
        return found["requires"]

    def applies(self, requirement: "Requirement") -> bool:
        """Says whether the requirement holds in the tab, for a package taken without extras."""
        return not requirement.marker or requirement.marker.evaluate({**self._settings["markers"], "extra": ""})

    def grow(self, roots: list[str]) -> None:
        """Chooses wheels until every requirement is met, then writes down which wheel needs which."""
        from packaging.requirements import Requirement
        waiting = list(roots)
        while waiting:
            waiting += self.want(waiting.pop(0))
        for wheel in self.chosen.values():
            needs = (Requirement(text) for text in wheel["requires"])
            wheel["depends"] = sorted({normal(r.name) for r in needs if self.applies(r)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions, also where the lock has one")
    upgrade = parser.parse_args().upgrade
    with open(os.path.join(HERE, "shelf.toml"), "rb") as file:
        settings = tomllib.load(file)
    locked = {}
    if os.path.exists(LOCK) and not upgrade:
        with open(LOCK) as file:
            locked = {w["name"]: w["version"] for w in json.load(file)["wheels"] if w["origin"] == "pypi"}
    try:
        with Pip() as pip, tempfile.TemporaryDirectory() as folder:
            shelf = Shelf(pip, settings, locked, folder)
            with tempfile.TemporaryDirectory() as first:
                pip.download(settings, first, "packaging" + (f"=={locked['packaging']}" if "packaging" in locked else ""))
                if not os.listdir(first):
                    sys.exit("the packaging wheel, which judges versions here, cannot be fetched")
                sys.path.insert(0, os.path.join(first, os.listdir(first)[0]))
                shelf.grow(settings["shelf"]["roots"])
    except PipMissing as missing:
        sys.exit(str(missing))
    wheels = [shelf.chosen[name] for name in sorted(shelf.chosen)]
    target = {key: settings[key] for key in ("python", "implementation", "abis", "platforms")}
    with open(LOCK, "w") as file:
        json.dump({"format": 1, "target": target, "markers": settings["markers"],
                   "roots": settings["shelf"]["roots"], "wheels": wheels}, file, indent=2)
        file.write("\n")
    print(f"{len(wheels)} wheels, {sum(w['size'] for w in wheels)} bytes")


if __name__ == "__main__":
    main()
