#!/usr/bin/env bash
# Builds python.wasm, the module that every Python database is made from, and packs it for the repository.
#
#   build.sh           builds and replaces built/python.wasm.xz and built/SHA256SUMS
#   build.sh --check   builds and compares with built/SHA256SUMS; fails where the bytes differ
#   build.sh --out F   builds and writes the module to F
#
# The work folder (WORK, by default build/python below the repository) keeps the interpreter; the first build takes
# some five minutes on two cores, later ones seconds.
set -euo pipefail
HERE=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
WORK=${WORK:-$(cd -P "$HERE/../.." && pwd)/build/python}
JOBS=${JOBS:-$(nproc)}
. "$HERE/source.lock"
. "$HERE/interpreter.sh"
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP
export LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=$epoch PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
mkdir -p "$WORK"

link() {
  local source=$WORK/$folder library=$WORK/$folder/wasm out=$WORK/link
  mkdir -p "$out"
  # the same state in each run, because what is compiled shares names with it: hash seed 0, and nothing from a cache
  "$source/native/python" -S -s -P -B -X pycache_prefix="$out/none" "$HERE/freeze.py" "$source/Lib" "$HERE/stdlib.list" "$HERE/cloche" "$out/frozen.c"
  local flags=($WASM_FLAGS -D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_GETPID -D_WASI_EMULATED_PROCESS_CLOCKS -Wno-int-conversion -Wno-macro-redefined
    -ffile-prefix-map="$WORK"=. -ffile-prefix-map="$HERE"=guest -I"$source/Include" -I"$library")
  local name
  for name in order embed host wasi; do "${COMPILER[@]}" "${flags[@]}" -c "$HERE/c/$name.c" -o "$out/$name.o"; done
  "${COMPILER[@]}" "${flags[@]}" -c "$out/frozen.c" -o "$out/frozen.o"
  # no crt1 and no _initialize: embed.c calls the constructors itself, in the pre-init
  "${COMPILER[@]}" -fuse-ld=lld -nostartfiles -Wl,--no-entry "$out"/{order,embed,host,wasi,frozen}.o "$library/libpython3.13.a" \
    "$library/Modules/_decimal/libmpdec/libmpdec.a" "$library/Modules/_hacl/libHacl_Hash_SHA2.a" \
    -lwasi-emulated-signal -lwasi-emulated-getpid -lwasi-emulated-process-clocks -lm \
    -Wl,-z,stack-size=4194304 -Wl,--stack-first -Wl,--strip-all -Wl,--initial-memory=10485760 -o "$out/python.wasm"
}

main() {
  need_compiler
  fetch_source
  build_native
  build_wasm_library
  link
  local wasm=$WORK/link/python.wasm
  case ${1:-} in
    --check) (cd "$WORK/link" && sha256sum --check "$HERE/built/SHA256SUMS") ;;
    --out) cp "$wasm" "$2" ;;
    '')
      mkdir -p "$HERE/built"
      xz -9e --keep --force --threads=1 --stdout "$wasm" >"$HERE/built/python.wasm.xz"
      (cd "$WORK/link" && sha256sum python.wasm) >"$HERE/built/SHA256SUMS"
      ls -l "$wasm" "$HERE/built/python.wasm.xz" ;;
    *) echo "usage: build.sh [--check | --out FILE]" >&2; exit 2 ;;
  esac
}
main "$@"
