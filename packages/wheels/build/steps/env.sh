# Sourced by each step inside the root folder: the fixed places and the environment of a build.
set -eu
export WHEELS_TARGET=/w/target WHEELS_PYTHON=python3.14
export PATH=/w/bin:/w/tools/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C.UTF-8 TZ=UTC PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0 HOME=/w/home
# 2026-01-01T00:00:00Z: whatever writes a date writes this one.
export SOURCE_DATE_EPOCH=1767225600
# In a cross build meson reads these for the build machine.
unset CC CXX CFLAGS CXXFLAGS LDFLAGS
mkdir -p "$HOME"
JOBS=${JOBS:-1}
SUFFIX=.cpython-314-wasm32-emscripten.so
INCLUDE=-I$WHEELS_TARGET/include/$WHEELS_PYTHON

# fresh NAME VERSION: unpacks the source archive anew and goes there.
fresh() {
  rm -rf "/w/src/$1-$2" && mkdir -p /w/src
  tar -xf "/w/sources/$1-$2.tar.gz" -C /w/src --no-same-owner
  cd "/w/src/$1-$2"
  for patch in /w/recipe/patches/"$1"-*.patch; do
    [ ! -e "$patch" ] || patch -p1 --no-backup-if-mismatch < "$patch"
  done
}
