. /w/recipe/steps/env.sh
fresh pandas 3.0.2
rm -rf /w/build/pandas /w/trees/pandas /w/numpy-headers
# pandas asks "the" numpy for its headers. A native numpy would answer with the wrong sizes, and the one for the tab
# cannot be imported here, so a package of that name knows nothing but where the headers of the tab's numpy are.
mkdir -p /w/numpy-headers/numpy
cp -r /w/trees/numpy/site/numpy/*.pxd /w/numpy-headers/numpy/
cp -r /w/trees/numpy/site/numpy/_core/include /w/numpy-headers/numpy/include
printf '__version__ = "2.4.6"\n\n\ndef get_include():\n    return "/w/numpy-headers/numpy/include"\n' \
  > /w/numpy-headers/numpy/__init__.py
export PYTHONPATH=/w/numpy-headers
meson setup /w/build/pandas --cross-file /w/recipe/cross.ini --prefix=/usr --buildtype=release -Db_ndebug=if-release \
  -Dpython.purelibdir=/site -Dpython.platlibdir=/site
ninja -C /w/build/pandas -j "$JOBS"
meson install -C /w/build/pandas --destdir /w/trees/pandas --no-rebuild --quiet
