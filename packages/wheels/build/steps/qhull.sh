. /w/recipe/steps/env.sh
rm -rf /w/src/qhull-2020.2
mkdir -p /w/src /w/prefix/include/libqhull_r /w/prefix/lib/pkgconfig
tar -xf /w/sources/qhull_2020.2.orig.tar.gz -C /w/src --no-same-owner
cd /w/src/qhull-2020.2/src/libqhull_r
# All files, also user*_r.c: without them the side module loads and dies at the first message that Qhull prints.
for file in *.c; do emcc -O2 -DNDEBUG -I.. -c "$file"; done
rm -f /w/prefix/lib/libqhull_r.a
emar rcsD /w/prefix/lib/libqhull_r.a *.o
cp *.h /w/prefix/include/libqhull_r/
cat > /w/prefix/lib/pkgconfig/qhull_r.pc <<'PC'
prefix=/w/prefix
Name: qhull_r
Description: Qhull, reentrant
Version: 8.0.2
Libs: -L${prefix}/lib -lqhull_r
Cflags: -I${prefix}/include
PC
