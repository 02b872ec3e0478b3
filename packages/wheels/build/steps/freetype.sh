. /w/recipe/steps/env.sh
rm -rf /w/src/freetype-2.13.3 /w/build/freetype && mkdir -p /w/src
tar -xf /w/sources/freetype_2.13.3+dfsg.orig.tar.xz -C /w/src --no-same-owner
cd /w/src/freetype-2.13.3
# Debian's corrections of security faults; its other patches change defaults that these wheels do not want.
tar -xf /w/sources/freetype_2.13.3+dfsg-1+deb13u1.debian.tar.xz
for patch in debian/patches/CVE-*.patch; do patch -p1 --no-backup-if-mismatch < "$patch"; done
meson setup /w/build/freetype --cross-file /w/recipe/cross.ini --prefix=/w/prefix --libdir=lib --buildtype=release \
  -Ddefault_library=static -Dbrotli=disabled -Dbzip2=disabled -Dharfbuzz=disabled -Dpng=disabled -Dmmap=disabled \
  -Dzlib=internal
ninja -C /w/build/freetype -j "$JOBS" install
