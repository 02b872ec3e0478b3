. /w/recipe/steps/env.sh
fresh matplotlib 3.10.8
rm -rf /w/build/matplotlib /w/trees/matplotlib
export SETUPTOOLS_SCM_PRETEND_VERSION=3.10.8
meson setup /w/build/matplotlib --cross-file /w/recipe/cross.ini --prefix=/usr --buildtype=release \
  -Dsystem-freetype=true -Dsystem-qhull=true -DrcParams-backend=agg -Dmacosx=false \
  -Dpython.purelibdir=/site -Dpython.platlibdir=/site
ninja -C /w/build/matplotlib -j "$JOBS"
meson install -C /w/build/matplotlib --destdir /w/trees/matplotlib --no-rebuild --quiet
