#!/bin/sh
# Builds rust-NAME/NAME.wasm anew: build-rust.sh NAME. Needs cargo and `rustup target add wasm32-unknown-unknown`. Paths of
# this machine are kept out of it.
set -eu
cd "$(dirname "$0")/rust-$1"
HOMES="${CARGO_HOME:-$HOME/.cargo}/registry/src"
FLAGS="--remap-path-prefix=$PWD=$1 -C strip=symbols"
for registry in "$HOMES"/*; do FLAGS="$FLAGS --remap-path-prefix=$registry=crates"; done
RUSTFLAGS="$FLAGS" cargo build --release --target wasm32-unknown-unknown --target-dir "${TMPDIR:-/tmp}/cloche-rust-$1"
cp "${TMPDIR:-/tmp}/cloche-rust-$1/wasm32-unknown-unknown/release/$1.wasm" "$1.wasm"
rm -f Cargo.lock
