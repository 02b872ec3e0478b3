# Runs a command in a root of its own: ROOT WRITABLE FOLDER READABLE... -- COMMAND... It is started as the first process of new
# namespaces; what it mounts is seen by nobody else, and goes with it.
set -eu
root=$1 own=$2 at=$3
shift 3

# Shows a file or folder at its place, for reading only. One that was mounted with more restrictions keeps them.
show() {
  if [ -L "$1" ]; then mkdir -p "$root${1%/*}"; ln -s "$(readlink "$1")" "$root$1"; return; fi
  [ -e "$1" ] || return 0
  if [ -d "$1" ]; then mkdir -p "$root$1"; else mkdir -p "$root${1%/*}"; : >"$root$1"; fi
  mount --rbind "$1" "$root$1"
  mount -o remount,bind,ro "$root$1" 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev "$root$1"
}

mount -t tmpfs -o mode=0755,size=1m,nosuid,nodev none "$root"
mkdir -p "$root/proc" "$root/dev" "$root/tmp" "$root$own"
for place in /usr /bin /sbin /lib /lib32 /lib64 /libx32 /etc/alternatives /etc/ld.so.cache; do show "$place"; done
while [ "$1" != -- ]; do
  [ "$1" = "$own" ] || show "$1"
  shift
done
shift
mount --bind "$own" "$root$own"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
for device in null zero full random urandom; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
# the right to mount, to trace, and all others that came with the namespaces end here
chroot=$(PATH=$PATH:/usr/sbin:/sbin command -v chroot)
exec "$chroot" "$root" env -C "$at" prlimit --nproc=512 -- setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@"
