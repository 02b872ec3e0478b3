. /w/recipe/steps/env.sh
fresh pillow 12.2.0
rm -rf /w/trees/pillow /w/zlib && mkdir -p /w/trees/pillow/site /w/zlib
# Only the headers: the code of zlib is in Pyodide's main module.
cp /usr/include/zlib.h /usr/include/zconf.h /w/zlib/
cp -r src/PIL /w/trees/pillow/site/PIL
cd src
flags="-O2 -DNDEBUG -DHAVE_LIBZ -DHAVE_LIBJPEG -DPILLOW_VERSION=\"12.2.0\" $INCLUDE -I/w/prefix/include -I/w/prefix/include/freetype2 -IlibImaging -I/w/zlib"
objects() { for file in "$@"; do emcc $flags -c "$file" -o "$(basename "$file" .c).o"; done; }
link() { name=$1; shift; emcc -shared "$@" -o "/w/trees/pillow/site/PIL/$name$SUFFIX"; }
objects _imaging.c decode.c encode.c map.c display.c outline.c path.c libImaging/*.c
link _imaging *.o -L/w/prefix/lib -ljpeg
# Mode.o goes into _imagingft too: it calls findModeID, and side modules do not see each other's functions.
cp Mode.o /w/build/pillow-mode.o; rm -f *.o
objects _imagingmath.c; link _imagingmath _imagingmath.o
objects _imagingmorph.c; link _imagingmorph _imagingmorph.o
objects _imagingft.c; link _imagingft _imagingft.o /w/build/pillow-mode.o -L/w/prefix/lib -lfreetype
