"""Writes frozen.c: modules of the standard library and the package cloche as compiled code in a table of C.

Runs with exactly the interpreter that is frozen, so that the code is its own. Usage: freeze.py STDLIB LIST PACKAGE OUT
"""

import marshal
import pathlib
import sys

# not for use in a database: the harness for tests runs outside of it
LEFT_OUT = {"testing", "memory_host"}


def stdlib_modules(folder, listing):
    for line in listing.read_text().splitlines():
        for name in line.split("#")[0].split():
            path = folder.joinpath(*name.split("."))
            package = path.with_suffix("").is_dir() and (path / "__init__.py").is_file()
            # docstrings and assertions of the library are left out
            yield name, (path / "__init__.py" if package else path.with_suffix(".py")), package, 2


def own_modules(folder):
    yield "cloche", folder / "__init__.py", True, 2
    for path in sorted(folder.glob("*.py")):
        if path.stem not in LEFT_OUT and path.stem != "__init__":
            yield f"cloche.{path.stem}", path, False, 2


def held(code, holder):
    """Puts everything in a code object into ``holder``.

    marshal writes an object that nothing else refers to in another way, and whether the interpreter itself happens to
    have the same name somewhere differs from machine to machine. Held, all are written the same way.
    """
    for value in (code.co_name, code.co_qualname, code.co_filename, code.co_names, code.co_consts, *code.co_names, *code.co_varnames, *code.co_freevars,
                  *code.co_cellvars, code.co_linetable, code.co_exceptiontable):
        holder.append(value)
    constants = list(code.co_consts)
    while constants:
        value = constants.pop()
        holder.append(value)
        if isinstance(value, type(code)):
            held(value, holder)
        elif isinstance(value, (tuple, frozenset)):
            constants.extend(value)
    return code


def main(stdlib, listing, package, out):
    modules = [*stdlib_modules(pathlib.Path(stdlib), pathlib.Path(listing)), *own_modules(pathlib.Path(package))]
    lines, table, total = ["#include <Python.h>"], [], 0
    for number, (name, path, is_package, level) in enumerate(modules):
        code = compile(path.read_bytes(), f"<frozen {name}>", "exec", dont_inherit=True, optimize=level)
        holder = []
        data = marshal.dumps(held(code, holder))
        total += len(data)
        lines.append(f"static const unsigned char m{number}[]={{{','.join(map(str, data))}}};")
        table.append(f'{{"{name}",m{number},sizeof m{number},{int(is_package)}}},')
    lines += ["static const struct _frozen table[]={", *table, "{0,0,0,0}};", "void set_frozen(void){PyImport_FrozenModules=table;}", ""]
    pathlib.Path(out).write_text("\n".join(lines))
    print(f"{len(modules)} modules, {total} bytes")


main(*sys.argv[1:])
