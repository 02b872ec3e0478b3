"""Stands in for a build back end while pip downloads a source archive.

pip asks the back end of every source archive for its metadata, and for the packages here that would be a whole native
build. The answer is in PKG-INFO, which the archive has.
"""
import os


def get_requires_for_build_wheel(config_settings=None):
    return []


def prepare_metadata_for_build_wheel(folder, config_settings=None):
    with open("PKG-INFO", encoding="utf-8") as file:
        text = file.read()
    head = dict(line.split(": ", 1) for line in text.split("\n\n")[0].splitlines() if ": " in line)
    info = f"{head['Name'].replace('-', '_')}-{head['Version']}.dist-info"
    os.makedirs(os.path.join(folder, info))
    with open(os.path.join(folder, info, "METADATA"), "w", encoding="utf-8") as file:
        file.write(text)
    return info


class _Backend:
    def build_wheel(self, *_):
        raise NotImplementedError("only for downloading")

    build_editable = build_wheel


# Back ends that a package keeps in its own archive are subclasses of what these are methods of.
build_wheel = _Backend().build_wheel
build_editable = _Backend().build_editable
