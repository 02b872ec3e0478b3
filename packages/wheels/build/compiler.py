#!/usr/bin/python3
"""The compiler front: takes gcc's arguments, calls Emscripten with what a side module of Pyodide needs.

Installed under the names emcc and em++ in front of the real ones. The build systems of the packages think they talk to
a compiler for a native shared library; what they say about soname, rpath, threads or the build machine's own headers is
dropped here, and the exception and long-jump model of Pyodide's main module is added.
"""
import os
import sys

TARGET = os.environ["WHEELS_TARGET"]
PYTHON = os.environ["WHEELS_PYTHON"]
NATIVE_HEADERS = (f"/usr/include/{PYTHON}", f"/usr/include/x86_64-linux-gnu/{PYTHON}")

ASKING = (["--version"], ["-v"], ["-dumpversion"], ["-dumpmachine"], [])
DROPPED = {
    "-pthread", "-lpthread", "-sPTHREAD_POOL_SIZE=4", "-shared", "-bundle",
    "-Wl,--start-group", "-Wl,--end-group", "-Wl,--as-needed", "-Wl,--no-undefined", "-Wl,--allow-shlib-undefined",
    "-Wl,-O1", "-L/usr/lib", "-L/usr/lib/x86_64-linux-gnu", "-I/usr/include"}
DROPPED_PREFIXES = ("-Wl,-soname", "-Wl,-rpath", "-Wl,--version-script", "-Wl,-z", "-mpopcnt", "-msse", "-fstack-protector")


def translated(argument: str) -> str:
    """Returns the argument with the native Python headers replaced by those of the target."""
    for flag in ("-I", "-isystem"):
        if argument.startswith(flag) and argument[len(flag):] in NATIVE_HEADERS:
            return f"{flag}{TARGET}/include/{PYTHON}"
    return argument


def main(name: str, arguments: list[str]) -> None:
    plus = name in ("em++", "c++", "g++")
    compiler = "/usr/bin/em++" if plus else "/usr/bin/emcc"
    if arguments in ASKING:
        os.execv(compiler, [compiler, *arguments])
    kept = [translated(a) for a in arguments if a not in DROPPED and not a.startswith(DROPPED_PREFIXES)]
    added = ["-fPIC", "-fwasm-exceptions", "-sSUPPORT_LONGJMP=wasm"]
    added.append("-Wno-c++11-narrowing" if plus else "-D_GNU_SOURCE=1")
    if "-shared" in arguments:
        module = os.path.basename(kept[kept.index("-o") + 1]).split(".")[0]
        # WASM_BIGINT: the main module passes 64-bit integers as they are. Level 2 exports only what is named.
        added += ["-O2", "-g0", "-sSIDE_MODULE=2", "-sWASM_BIGINT", f"-sEXPORTED_FUNCTIONS=_PyInit_{module}",
                  "-Wno-unused-command-line-argument"]
    os.execv(compiler, [compiler, *kept, *added])


if __name__ == "__main__":
    main(os.path.basename(sys.argv[0]), sys.argv[1:])
