#!/usr/bin/env bash
# Builds each example worker again and compares it with the modules in the repository: rebuild.sh [WORKER...]. Other versions of a
# compiler make other modules, so only the version that made them is compared; what cannot be compared is named.
set -euo pipefail
HERE=$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
CLOCHE=${CLOCHE:-$HERE/../../cloche}
CLANG=16.0.6 RUST=1.95.0
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
[ $# -gt 0 ] || set -- "$HERE"/*/worker.json
differs=no
for worker in "$@"; do
  folder=$HERE/$(basename "${worker%/worker.json}")
  name=$(basename "$folder") reason=
  if [ -f "$folder/Cargo.toml" ]; then rustc --version 2>/dev/null | grep -q " $RUST " || reason="rustc is not $RUST"
  elif [ -f "$folder/asconfig.json" ]; then [ -d "$folder/node_modules" ] || reason="npm install has not been run there"
  else { clang --version || clang-16 --version; } 2>/dev/null | grep -q "$CLANG" || reason="clang is not $CLANG"; fi
  if [ -n "$reason" ]; then echo "$name: not compared, $reason"; continue; fi
  status=0
  "$CLOCHE" worker build "$folder" --output "$WORK/built.worker" >"$WORK/said" 2>&1 || status=$?
  if [ "$status" = 5 ]; then echo "$name: not compared, $(head -1 "$WORK/said")"; continue; fi
  [ "$status" = 0 ] || { cat "$WORK/said"; differs=yes; continue; }
  "$CLOCHE" worker build "$folder" --packed --output "$WORK/packed.worker" >/dev/null
  if cmp -s "$WORK/built.worker" "$WORK/packed.worker"; then echo "$name: the same"; else echo "$name: DIFFERS"; differs=yes; fi
done
[ "$differs" = no ]
