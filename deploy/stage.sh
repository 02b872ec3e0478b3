#!/usr/bin/env bash
# Lays out what runs, without what builds it: stage.sh server|worker FOLDER. Needs a built tree (./cloche build) and, for a worker,
# wasm_output (./compile-wasm.sh).
set -euo pipefail
ROOT=$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
stop() { echo "stage: $*" >&2; exit 1; }
[ $# -eq 2 ] || stop "usage: stage.sh server|worker FOLDER"
kind=$1 target=$(realpath -m -- "$2")
lib=$(cat "$ROOT/build/java.current" 2>/dev/null || :)
[ -d "$lib" ] || stop "nothing is built here; run ./cloche build first"
[ ! -e "$target" ] || stop "$target is there already"
mkdir -p "$target/lib" "$target/scripts" "$target/assets"
install -m 755 "$ROOT/deploy/cloche" "$ROOT/deploy/healthy" "$target/"
install -m 644 "$ROOT/scripts/java-options.sh" "$target/scripts/"
case $kind in
  server)
    cp -R "$lib/." "$target/lib/"
    cp -R "$ROOT/build/assets/." "$target/assets/"
    ;;
  worker)
    # the database and what only the server signs and unpacks with stay out
    for jar in "$lib"/*.jar; do
      case ${jar##*/} in
        embedded-postgres-* | postgresql-* | bcp* | flyway-* | jdbi3-* | HikariCP-* | commons-compress-* | commons-lang3-* | commons-io-* | xz-*) ;;
        *) cp "$jar" "$target/lib/" ;;
      esac
    done
    [ ! -d "$ROOT/build/assets/native" ] || cp -R "$ROOT/build/assets/native" "$target/assets/"
    [ -d "$ROOT/wasm_output" ] || stop "there is no wasm_output; run ./compile-wasm.sh first"
    cp -R "$ROOT/wasm_output" "$target/"
    install -m 755 "$ROOT/run-wasm-worker.sh" "$target/"
    ;;
  *) rm -r "$target"; stop "stage what: server or worker?" ;;
esac
