. /w/recipe/steps/env.sh
rm -rf /w/src/libjpeg-turbo-2.1.5 /w/build/libjpeg && mkdir -p /w/src
tar -xf /w/sources/libjpeg-turbo_2.1.5.orig.tar.gz -C /w/src --no-same-owner
cd /w/src/libjpeg-turbo-2.1.5
# With the patches of Debian, as its own package has it.
tar -xf /w/sources/libjpeg-turbo_2.1.5-4.debian.tar.xz
for patch in $(grep -v '^#' debian/patches/series); do patch -p1 --no-backup-if-mismatch < "debian/patches/$patch"; done
cmake -S . -B /w/build/libjpeg -G Ninja -DCMAKE_SYSTEM_NAME=Generic -DCMAKE_SYSTEM_PROCESSOR=wasm32 \
  -DCMAKE_C_COMPILER=/w/bin/emcc -DCMAKE_AR=/usr/bin/emar -DCMAKE_RANLIB=/usr/bin/emranlib \
  -DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY -DCMAKE_SIZEOF_VOID_P=4 -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_INSTALL_PREFIX=/w/prefix -DCMAKE_INSTALL_LIBDIR=lib -DENABLE_SHARED=OFF -DENABLE_STATIC=ON -DWITH_SIMD=OFF \
  -DWITH_TURBOJPEG=OFF -DWITH_JAVA=OFF
ninja -C /w/build/libjpeg -j "$JOBS" jpeg-static
mkdir -p /w/prefix/include /w/prefix/lib
cp /w/build/libjpeg/libjpeg.a /w/prefix/lib/
cp jpeglib.h jmorecfg.h jerror.h /w/build/libjpeg/jconfig.h /w/prefix/include/
