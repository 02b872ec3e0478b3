#!/bin/sh
# build.sh DIR PYODIDE [STEP...]: builds the wheels of ../built from their published sources.
#
# DIR receives the Debian root folder (2 GB), the logs and the wheels; PYODIDE is the folder of the npm package
# (node_modules/pyodide of the release that sources.lock.json names). Runs as root, for debootstrap and chroot; needs
# debootstrap, python3 with pip or venv, and node. With STEPs (names in steps/) only those run before packing.
# JOBS says how many compilers run at once (1). Ends with 0 when the wheels are those of ../built/SHA256SUMS.
set -eu
[ $# -ge 2 ] || { sed -n '2,9s/^# \?//p' "$0" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "build.sh makes a Debian root folder and needs root: sudo $0 $*" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
dir=$(cd "$1" && pwd)
pyodide=$(cd "$2" && pwd)
shift 2
root=$dir/root
logs=$dir/logs
mkdir -p "$logs"

say() { echo "$(date +%H:%M:%S) $*"; }

say "root folder (log: $logs/chroot.log)"
"$here/chroot.sh" "$root" > "$logs/chroot.log" 2>&1 || { tail -n 5 "$logs/chroot.log" >&2; exit 1; }
say "sources"
python3 "$here/fetch_sources.py" "$root" "$pyodide"
rm -rf "$root/w/recipe" && cp -r "$here" "$root/w/recipe"

for step in ${*:-tools markupsafe freetype qhull libjpeg kiwisolver pillow numpy matplotlib pandas}; do
  say "$step (log: $logs/$step.log)"
  chroot "$root" env -i JOBS="${JOBS:-1}" sh "/w/recipe/steps/$step.sh" > "$logs/$step.log" 2>&1 || {
    echo "$step failed; the end of its log:" >&2
    tail -n 20 "$logs/$step.log" >&2
    exit 1
  }
done

say "packing"
rm -rf "$root/w/out" "$dir/wheels"
chroot "$root" env -i SOURCE_DATE_EPOCH=1767225600 /w/tools/bin/python /w/recipe/pack.py /w/trees /w/sources /w/out
cp -r "$root/w/out" "$dir/wheels"

say "symbols"
node "$here/../test/check_symbols.mjs" "$pyodide" "$dir/wheels"

say "comparing with built/SHA256SUMS"
if (cd "$dir/wheels" && sha256sum -c "$here/../built/SHA256SUMS"); then
  say "the wheels of the repository, byte for byte"
else
  echo "The wheels in $dir/wheels differ from those of the repository. To take them: run ../test on them, then" >&2
  echo "  cp $dir/wheels/* $here/../built/ && python3 $here/../lock_shelf.py" >&2
  exit 1
fi
