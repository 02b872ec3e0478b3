. /w/recipe/steps/env.sh
fresh numpy 2.4.6
rm -rf /w/build/numpy /w/trees/numpy
# numpy carries its own meson, which knows its SIMD feature module.
meson="/w/tools/bin/python vendored-meson/meson/meson.py"
$meson setup /w/build/numpy --cross-file /w/recipe/cross.ini --prefix=/usr --buildtype=release -Db_ndebug=if-release \
  -Dallow-noblas=true -Dblas=none -Dlapack=none -Dcpu-baseline=none -Dcpu-dispatch= -Ddisable-optimization=true \
  -Dpython.purelibdir=/site -Dpython.platlibdir=/site
ninja -C /w/build/numpy -j "$JOBS"
$meson install -C /w/build/numpy --destdir /w/trees/numpy --no-rebuild --quiet
