#!/usr/bin/env python3
"""Makes the cross target for side modules of Pyodide: C headers and a Python that reports the tab's platform.

Usage: target.py STDLIB_ZIP TARGET NATIVE_HEADERS PLATFORM PYTHON

STDLIB_ZIP is python_stdlib.zip of the Pyodide release: the configuration of the CPython inside is in its sysconfig
data. NATIVE_HEADERS is a header folder of the same CPython minor version; all headers but pyconfig.h are the same on
every platform. PYTHON is the native interpreter that runs the build tools.
"""
import glob
import os
import re
import runpy
import shutil
import sys
import zipfile


def sysconfig_data(stdlib: str, folder: str) -> tuple[str, dict]:
    """Extracts the sysconfig module of the release and returns its path and its variables."""
    with zipfile.ZipFile(stdlib) as archive:
        name = next(n for n in archive.namelist() if n.startswith("_sysconfigdata"))
        path = archive.extract(name, folder)
    return path, runpy.run_path(path)["build_time_vars"]


def pyconfig(macros: list[str], values: dict) -> str:
    """Returns the text of pyconfig.h: each macro that CPython's configure knows, with the value of the release."""
    lines = ["#ifndef Py_PYCONFIG_H", "#define Py_PYCONFIG_H"]
    for macro in macros:
        value = values.get(macro)
        lines.append(f"/* #undef {macro} */" if value in (None, 0, "") else f"#define {macro} {value}")
    return "\n".join([*lines, "#endif", ""])


def main(stdlib: str, target: str, headers: str, platform: str, python: str) -> None:
    target = os.path.abspath(target)
    version = os.path.basename(headers)
    modules = os.path.join(target, "sysconfig")
    os.makedirs(modules, exist_ok=True)
    path, values = sysconfig_data(stdlib, modules)

    include = os.path.join(target, "include", version)
    shutil.rmtree(include, ignore_errors=True)
    shutil.copytree(headers, include)
    # The native generated header lists every macro that exists; the release's data says which of them are set.
    with open(glob.glob(f"/usr/include/*-linux-gnu/{version}/pyconfig.h")[0]) as file:
        known = dict.fromkeys(re.findall(r"^(?:#define|/\* #undef) (\w+)", file.read(), re.M))
    known.pop("Py_PYCONFIG_H", None)
    with open(os.path.join(include, "pyconfig.h"), "w") as file:
        file.write(pyconfig(list(known), values))

    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace(values["prefix"], target))
    wrapper = os.path.join(target, "python")
    with open(wrapper, "w") as file:
        file.write("\n".join([
            "#!/bin/sh",
            f"export _PYTHON_SYSCONFIGDATA_NAME={os.path.basename(path)[:-3]}",
            f"export _PYTHON_HOST_PLATFORM={platform}",
            f"export PYTHONPATH={modules}${{PYTHONPATH:+:$PYTHONPATH}}",
            f'exec {python} "$@"', ""]))
    os.chmod(wrapper, 0o755)
    print(f"{include}: {sum(bool(values.get(m)) for m in known)} macros set of {len(known)}")


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
