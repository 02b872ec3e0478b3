#!/bin/sh
# Puts Debian 13's OpenJDK 25 into a private folder, with the C library it wants beside it; nothing is installed on the
# machine. Works on Debian 12 and later (x86-64); apt checks Debian's signatures. Usage: fetch-jdk.sh FOLDER
set -eu
TARGET=${1:?target folder}
stop() { echo "fetch-jdk: $*" >&2; exit 1; }
[ "$(uname -m)" = x86_64 ] || stop "made for x86-64 only; install a JDK 25 and set JAVA_HOME"
for tool in apt-get dpkg-deb; do command -v $tool >/dev/null || stop "'$tool' is missing (this needs Debian or Ubuntu); install a JDK 25 and set JAVA_HOME"; done
KEYS=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r $KEYS ] || stop "Debian's keys are missing: apt-get install debian-archive-keyring"

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$WORK/lists/partial" "$WORK/archives/partial"
# the mirror that this machine uses already, else Debian's public name
MIRROR=$(awk '/^URIs:/{print $2;exit}' /etc/apt/sources.list.d/debian.sources 2>/dev/null || :)
[ -n "$MIRROR" ] || MIRROR=$(awk '/^deb /{for(i=2;i<=NF;i++)if($i ~ /^http.*debian\/?$/){print $i;exit}}' /etc/apt/sources.list 2>/dev/null || :)
[ -n "$MIRROR" ] || stop "no Debian mirror in /etc/apt/sources.list*; install a JDK 25 and set JAVA_HOME"
echo "deb [signed-by=$KEYS] $MIRROR trixie main" >"$WORK/sources.list"
apt() {
  apt-get -qq -o "Dir::Etc::sourcelist=$WORK/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$WORK/lists" \
    -o "Dir::Cache::archives=$WORK/archives" -o "Dir::Cache::pkgcache=" -o "Dir::Cache::srcpkgcache=" -o APT::Sandbox::User=root "$@"
}
apt update || stop "the package lists of $MIRROR cannot be fetched"
(cd "$WORK" && apt download openjdk-25-jdk-headless openjdk-25-jre-headless libc6 libgcc-s1 libstdc++6 zlib1g patchelf) || stop "the packages cannot be fetched"
for package in "$WORK"/*.deb; do dpkg-deb -x "$package" "$WORK/x"; done

# programs carry the absolute path of their loader: they are patched in their final place
rm -rf "$TARGET"
mkdir -p "$TARGET"
cp -a "$WORK/x/usr/lib/jvm/java-25-openjdk-amd64" "$TARGET/jdk.new"
cp -a "$WORK/x/usr/lib/x86_64-linux-gnu" "$TARGET/lib"
[ -e "$TARGET/lib/ld-linux-x86-64.so.2" ] || cp -aL "$WORK/x/lib64/ld-linux-x86-64.so.2" "$TARGET/lib/"
find "$TARGET/jdk.new" -type l | while read -r link; do
  case $(readlink "$link") in
    /etc/java-25-openjdk/*) real=$WORK/x$(readlink "$link"); rm "$link"; cp -aL "$real" "$link" 2>/dev/null || : ;;
  esac
done
# Debian 13's patchelf, run by the loader and C library that came with it
patchelf() { "$TARGET/lib/ld-linux-x86-64.so.2" --library-path "$TARGET/lib" "$WORK/x/usr/bin/patchelf" "$@"; }
for program in "$TARGET"/jdk.new/bin/* "$TARGET/jdk.new/lib/jspawnhelper"; do
  patchelf --set-interpreter "$TARGET/lib/ld-linux-x86-64.so.2" --force-rpath \
    --set-rpath "\$ORIGIN/../lib:\$ORIGIN/../lib/server:\$ORIGIN:$TARGET/lib" "$program"
done
mv "$TARGET/jdk.new" "$TARGET/jdk"
"$TARGET/jdk/bin/java" -version
