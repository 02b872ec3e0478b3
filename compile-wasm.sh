#!/usr/bin/env bash
# Compiles the example workers, or the folders that are named, into wasm_output/. Where this machine lacks a compiler, the modules
# that stand in the folder are packed as they are, and it says so.
set -euo pipefail
ROOT=$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
OUTPUT=$ROOT/wasm_output
mkdir -p "$OUTPUT"
[ $# -gt 0 ] || set -- "$ROOT"/examples/workers/*/
for folder in "$@"; do
  folder=${folder%/}
  [ -f "$folder/worker.json" ] || [ $# -eq 1 ] || continue
  name=$(sed -n 's/^ *"name": *"\([^"]*\)".*/\1/p' "$folder/worker.json" 2>/dev/null | head -1)
  file=$OUTPUT/${name:-$(basename "$folder")}.worker
  status=0
  "$ROOT/cloche" worker build "$folder" --output "$file" || status=$?
  # 5: a compiler is missing
  if [ "$status" = 5 ]; then
    echo "compile-wasm: packing the modules that are in $folder" >&2
    "$ROOT/cloche" worker build "$folder" --packed --output "$file"
  elif [ "$status" != 0 ]; then
    exit "$status"
  fi
done
