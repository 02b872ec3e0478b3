#!/bin/sh
# Builds chat.wasm anew: needs cargo and `rustup target add wasm32-unknown-unknown`. Paths of this machine are kept out of it.
set -eu
cd "$(dirname "$0")"
HOMES="${CARGO_HOME:-$HOME/.cargo}/registry/src"
FLAGS="--remap-path-prefix=$PWD=chat -C strip=symbols"
for registry in "$HOMES"/*; do FLAGS="$FLAGS --remap-path-prefix=$registry=crates"; done
RUSTFLAGS="$FLAGS" cargo build --release --target wasm32-unknown-unknown --target-dir "${TMPDIR:-/tmp}/cloche-rust-chat"
cp "${TMPDIR:-/tmp}/cloche-rust-chat/wasm32-unknown-unknown/release/chat.wasm" chat.wasm
rm -f Cargo.lock
