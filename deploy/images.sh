#!/usr/bin/env bash
# Builds the images cloche-server and cloche-worker from this tree: images.sh [TAG]. ENGINE=podman takes another program than docker.
set -euo pipefail
ROOT=$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
TAG=${1:-latest}
"$ROOT/cloche" build
"$ROOT/compile-wasm.sh"
rm -rf "$ROOT/deploy/stage"
for kind in worker server; do
  "$ROOT/deploy/stage.sh" "$kind" "$ROOT/deploy/stage/$kind"
  "${ENGINE:-docker}" build --file "$ROOT/deploy/Containerfile" --target "$kind" --tag "cloche-$kind:$TAG" "$ROOT/deploy"
done
