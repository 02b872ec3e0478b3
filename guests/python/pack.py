#!/usr/bin/env python3
"""Puts Python files into python.wasm: the result is a module of the public module ABI by itself.

    pack.py PYTHON_WASM MAIN.py [MORE.py ...] -o OUT.wasm
    pack.py --files MODULE.wasm            prints the names of the files inside

Nothing is compiled. The base has a record in its data: "PYTHON-SOURCE-1", a zero, then address and size of a room for
the source, two little-endian u32. The packer appends one active data segment at that address: u32 length of what
follows, then for each file, the main one first: u16 length of the name, name, u32 length of the text, text (UTF-8).
Imports at the end of the list that the source has no word for become functions that trap: as many functions as before,
so no number in the code changes.
"""

import argparse
import pathlib
import re
import sys

MARK = b"PYTHON-SOURCE-1\0"
IMPORT, FUNCTION, CODE, DATA, DATA_COUNT = 2, 3, 10, 11, 12
TRAP = b"\x03\x00\x00\x0b"
# an import goes if none of its words is in the source; only those at the end of the list can
WORDS = {
    **dict.fromkeys(("procedure_start_mut_tx", "procedure_commit_mut_tx", "procedure_abort_mut_tx", "procedure_sleep_until", "procedure_http_request"),
                    ("procedure", "http_handler")),
    "get_jwt": ("claims",), "console_timer_start": ("timer",), "console_timer_end": ("timer",),
    **dict.fromkeys(("datastore_clear", "datastore_delete_all_by_eq_bsatn", "datastore_delete_by_index_scan_range_bsatn",
                     "datastore_delete_by_index_scan_point_bsatn"), ("delete", "scheduled")),
}


class PackError(Exception):
    """Why a module cannot be packed or read."""


def unsigned(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def signed(value):
    out = bytearray()
    while True:
        low = value & 127
        value >>= 7
        if value == 0 and not low & 64:
            return bytes(out) + bytes([low])
        out.append(low | 128)


def read_unsigned(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def sections(module):
    """Pairs of number and body."""
    if module[:8] != b"\0asm\1\0\0\0":
        raise PackError("this is no WebAssembly module")
    at = 8
    while at < len(module):
        number = module[at]
        size, at = read_unsigned(module, at + 1)
        if at + size > len(module):
            raise PackError("the module ends in the middle of a section")
        yield number, module[at:at + size]
        at += size


def slot(module):
    """Address and size of the room for the source."""
    if module.count(MARK) != 1:
        raise PackError("this module has no room for Python source; is it python.wasm?")
    at = module.index(MARK) + len(MARK)
    return int.from_bytes(module[at:at + 4], "little"), int.from_bytes(module[at + 4:at + 8], "little")


def records(files):
    out = b""
    for name, text in files:
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*(/[A-Za-z_][A-Za-z0-9_]*)*\.py", name):
            raise PackError(f"{name!r} is no name of a Python module: letters, digits and underscores, then .py")
        out += len(name).to_bytes(2, "little") + name.encode() + len(text).to_bytes(4, "little") + text
    return out


def imports(body):
    """The imports as triples of name, type number and bytes."""
    count, at = read_unsigned(body, 0)
    found = []
    for _ in range(count):
        start = at
        size, at = read_unsigned(body, at)
        at += size
        size, at = read_unsigned(body, at)
        name = body[at:at + size].decode()
        at += size
        if body[at] != 0:
            raise PackError(f"the import {name} is no function")
        kind, at = read_unsigned(body, at + 1)
        found.append((name, kind, body[start:at]))
    return found


def unused(found, source):
    """How many imports at the end the source has no word for."""
    count = 0
    for name, _, _ in reversed(found):
        words = WORDS.get(name)
        if words is None or any(word.encode() in source for word in words):
            break
        count += 1
    return count


def prepended(body, items):
    count, at = read_unsigned(body, 0)
    return unsigned(count + len(items)) + b"".join(items) + body[at:]


def pack(base, files):
    """The module with these files, pairs of name and bytes; ``PackError`` where they do not fit."""
    address, room = slot(base)
    source = records(files)
    # four bytes hold the length
    if len(source) > room - 4:
        raise PackError(f"the source has {len(source)} bytes, and there is room for {room - 4}")
    out, dropped = bytearray(base[:8]), []
    for number, body in sections(base):
        if number == IMPORT:
            found = imports(body)
            keep = len(found) - unused(found, b"".join(text for _, text in files))
            dropped = [kind for _, kind, _ in found[keep:]]
            body = unsigned(keep) + b"".join(data for _, _, data in found[:keep])
        elif number == FUNCTION:
            body = prepended(body, [unsigned(kind) for kind in dropped])
        elif number == CODE:
            body = prepended(body, [TRAP] * len(dropped))
        elif number in (DATA, DATA_COUNT):
            count, at = read_unsigned(body, 0)
            body = unsigned(count + 1) + body[at:]
            if number == DATA:
                content = len(source).to_bytes(4, "little") + source
                body += b"\0\x41" + signed(address) + b"\x0b" + unsigned(len(content)) + content
        out += bytes([number]) + unsigned(len(body)) + body
    return bytes(out)


def files_of(module):
    """The files of a packed module, pairs of name and bytes; none for a base without."""
    address, _ = slot(module)
    # the packer's segment is the last, and an active one at the address of the room
    head = b"\0\x41" + signed(address) + b"\x0b"
    body = next((body for number, body in sections(module) if number == DATA), b"")
    at = body.rfind(head)
    if at < 0:
        return []
    size, at = read_unsigned(body, at + len(head))
    if at + size != len(body):
        return []
    at, end, found = at + 4, at + 4 + int.from_bytes(body[at:at + 4], "little"), []
    while at < end:
        size = int.from_bytes(body[at:at + 2], "little")
        name = body[at + 2:at + 2 + size].decode()
        at += 2 + size
        size = int.from_bytes(body[at:at + 4], "little")
        found.append((name, body[at + 4:at + 4 + size]))
        at += 4 + size
    return found


def main():
    parser = argparse.ArgumentParser(description="Puts Python files into python.wasm.")
    parser.add_argument("base", type=pathlib.Path, nargs="?")
    parser.add_argument("files", type=pathlib.Path, nargs="*")
    parser.add_argument("-o", "--out", type=pathlib.Path)
    parser.add_argument("--files", dest="module", type=pathlib.Path, metavar="MODULE", help="print the names of the files in a module")
    arguments = parser.parse_args()
    try:
        if arguments.module:
            print("\n".join(name for name, _ in files_of(arguments.module.read_bytes())))
            return 0
        if not arguments.base or not arguments.files or not arguments.out:
            parser.error("give python.wasm, a file and --out")
        root = arguments.files[0].parent
        files = [(path.relative_to(root).as_posix(), path.read_bytes()) for path in arguments.files]
        for name, text in files:
            compile(text, name, "exec")  # a syntax error is found here
        arguments.out.write_bytes(pack(arguments.base.read_bytes(), files))
    except (PackError, OSError, SyntaxError, ValueError) as error:
        print(f"pack.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
