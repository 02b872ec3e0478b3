# Builds CPython twice from the pinned source: for this machine, to freeze modules with exactly this version, and as a
# static library for WebAssembly. Both stay in the work folder, so that later runs only link.

COMPILER=(clang-16 --target=wasm32-wasi)
# sign extension and saturating conversion are in every engine since 2020; bulk memory is left to the linker's library
WASM_FLAGS='-O2 -msign-ext -mnontrapping-fptoint'
# no file system, no processes, no sockets, no C libraries that Debian has not for WebAssembly
DISABLED='zlib _lzma _bz2 _uuid _ssl _hashlib _ctypes _tkinter _curses _curses_panel readline _sqlite3 _dbm _gdbm
  _socket select mmap termios resource syslog _posixsubprocess _multiprocessing _posixshmem
  _interpreters _interpchannels _interpqueues _elementtree pyexpat _asyncio _zoneinfo _lsprof _scproxy
  _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _multibytecodec
  _testcapi _testinternalcapi _testbuffer _testimportmultiple _testmultiphase _testsinglephase _testexternalinspection
  _testclinic _testclinic_limited _testlimitedcapi _ctypes_test xxlimited xxlimited_35 xxsubtype fcntl grp pwd'

need_compiler() {
  local tool missing=()
  for tool in clang-16 wasm-ld-16 llvm-ar-16 llvm-strip-16 gcc make xz python3; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ -e /usr/lib/wasm32-wasi/libc.a ] || missing+=(wasi-libc)
  [ -e /usr/lib/llvm-16/lib/clang/16/lib/wasi/libclang_rt.builtins-wasm32.a ] || missing+=(libclang-rt-16-dev-wasm32)
  [ ${#missing[@]} = 0 ] && return 0
  echo "missing: ${missing[*]}" >&2
  echo "on Debian 12: apt-get install --no-install-recommends clang-16 lld-16 llvm-16 wasi-libc libclang-rt-16-dev-wasm32 wabt gcc make xz-utils" >&2
  return 1
}

# Debian's source package, in a list of packages of its own: the machine's lists stay as they are.
fetch_source() {
  local target=$WORK/$file
  if [ -n "${CPYTHON_SOURCE:-}" ]; then cp "$CPYTHON_SOURCE" "$target"; fi
  if [ ! -f "$target" ]; then
    mkdir -p "$WORK/apt/lists/partial" "$WORK/apt/parts"
    # the machine's own mirror of Debian, whatever release it is
    local mirror=${DEBIAN_MIRROR:-$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -1)}
    [ -n "$mirror" ] || { echo "no mirror of Debian in /etc/apt: set DEBIAN_MIRROR, or CPYTHON_SOURCE to $file" >&2; return 1; }
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$WORK/apt/parts/source.list"
    local options=(-qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$WORK/apt/parts" -o "Dir::State::lists=$WORK/apt/lists")
    apt-get "${options[@]}" update
    (cd "$WORK" && apt-get "${options[@]}" source --download-only "$package")
  fi
  echo "$sha256  $target" | sha256sum --check --quiet
  [ -d "$WORK/$folder" ] || tar -C "$WORK" -xf "$target"
}

build_native() {
  [ -x "$WORK/$folder/native/python" ] && return 0
  mkdir -p "$WORK/$folder/native"
  cd "$WORK/$folder/native"
  # from a fixed locale, without the person's site packages
  ../configure -q --disable-test-modules --without-ensurepip CFLAGS=-O1 OPT=-DNDEBUG
  make -s -j"$JOBS" python
}

build_wasm_library() {
  local out=$WORK/$folder/wasm
  [ -f "$out/libpython3.13.a" ] && return 0
  rm -rf "$out"
  mkdir -p "$out/Modules"
  printf '%s\n' '*disabled*' $DISABLED >"$out/Modules/Setup.local"
  cd "$out"
  local map="-ffile-prefix-map=$WORK=."
  CONFIG_SITE=../Tools/wasm/config.site-wasm32-wasi PKG_CONFIG=false ../configure -q --host=wasm32-unknown-wasi --build="$(../config.guess)" \
    --with-build-python="$WORK/$folder/native/python" --disable-test-modules --with-pymalloc --disable-ipv6 \
    CC="${COMPILER[*]}" AR=llvm-ar-16 RANLIB=llvm-ranlib-16 LDFLAGS=-fuse-ld=lld CFLAGS="-Wno-int-conversion $WASM_FLAGS $map" OPT="-O2 -DNDEBUG"
  # wasi-libc of Debian 12 has the type but no size that configure can find
  echo '#define SIZEOF_PTHREAD_T 4' >>pyconfig.h
  make -s -j"$JOBS" libpython3.13.a Modules/_decimal/libmpdec/libmpdec.a Modules/_hacl/libHacl_Hash_SHA2.a
}
