#!/bin/sh
# chroot.sh ROOT: makes the Debian 13 root folder that the wheels are built in.
#
# debootstrap knows Debian's mirror itself; a machine with its own mirror sets DEBIAN_MIRROR. Python 3.14 is not in
# Debian 13, so the one package set that needs it comes from the next release, pinned so low that nothing else does.
set -eu
root=$1
mirror=${DEBIAN_MIRROR:-}

if [ ! -e "$root/.bootstrapped" ]; then
  command -v debootstrap > /dev/null || { echo "debootstrap is missing: apt-get install debootstrap" >&2; exit 1; }
  debootstrap --variant=minbase \
    --include=emscripten,ninja-build,pkg-config,xz-utils,ca-certificates,nodejs trixie "$root" ${mirror:+"$mirror"}
  touch "$root/.bootstrapped"
fi

# Runs again when this script changes.
stamp=$root/.packages-$(cksum < "$0" | cut -d" " -f1)
if [ ! -e "$stamp" ]; then
  # The mirror that debootstrap chose is the one for the other lists too.
  url=$(sed -n 's/^deb \([^ ]*\) trixie main.*/\1/p' "$root/etc/apt/sources.list" | head -n 1)
  printf '%s\n' "deb $url trixie main" "deb-src $url trixie main" "deb $url forky main" > "$root/etc/apt/sources.list"
  printf 'Package: *\nPin: release n=forky\nPin-Priority: 50\n' > "$root/etc/apt/preferences.d/forky"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  # A machine that reads a frozen copy of the archive has told its own apt to accept lists past their date.
  apt-config dump 2> /dev/null | grep '^Acquire::Check-' > "$root/etc/apt/apt.conf.d/90as-on-the-machine" || true
  run() { chroot "$root" env LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"; }
  run apt-get update
  # First what Debian 13 has, so that the next release replaces as little as it can.
  run apt-get install -y --no-install-recommends cmake dpkg-dev zlib1g-dev
  run apt-get install -y --no-install-recommends -t forky python3.14-dev python3.14-venv
  touch "$stamp"
fi
