. /w/recipe/steps/env.sh
rm -rf /w/tools /w/bin /w/target /w/prefix && mkdir -p /w/bin /w/prefix/lib/pkgconfig
python3.14 -m venv /w/tools
/w/tools/bin/pip install --quiet --no-index --find-links /w/sources/tools --no-deps /w/sources/tools/*.whl
for name in emcc em++; do cp /w/recipe/compiler.py /w/bin/$name; chmod 755 /w/bin/$name; done
printf '#!/bin/sh\nPKG_CONFIG_PATH= PKG_CONFIG_LIBDIR=/w/prefix/lib/pkgconfig exec /usr/bin/pkg-config "$@"\n' > /w/bin/pkg-config-cross
chmod 755 /w/bin/pkg-config-cross
/w/tools/bin/python /w/recipe/target.py /w/sources/python_stdlib.zip /w/target /usr/include/python3.14 \
  emscripten_5_0_3_wasm32 /w/tools/bin/python3.14
