#!/usr/bin/env bash
# Runs the matrix worker on a port: run-wasm-worker.sh [PORT [WORD...]]. Further words are those of 'cloche worker'.
set -euo pipefail
ROOT=$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
WORKER=${WORKER:-$ROOT/wasm_output/matrix.worker}
PORT=${1:-8081}
[ $# -eq 0 ] || shift
if [ ! -f "$WORKER" ]; then
  echo "Error: $WORKER not found" >&2
  echo "Run ./compile-wasm.sh first" >&2
  exit 1
fi
exec "$ROOT/cloche" worker --port "$PORT" "$@" "$WORKER"
