# What there is to build, from which inputs, and where it goes. Everything made is below build/ and node_modules/.

ASSETS=$BUILD/assets
JAVA_INPUTS='pom\.xml|[a-z]+/pom\.xml|[a-z]+/src/main/|openapi\.yaml|\.mvn/|mvnw'
WEB_INPUTS='web/(src|pages|public|package|vite|tsconfig|tools/openapi)|openapi\.yaml|scripts/precompress|workers/src/main/resources/dev/cloche/workers/kernel\.wasm|examples/workers/matrix/(worker\.json|matrix\.)'
ENGINE_INPUTS='web/tools/snapshot/|web/package-lock\.json|web/src/host/engines/|packages/wheels/(shelf\.|built/)'
NATIVE_INPUTS='wasm/(wasmtime\.lock|fetch_wasmtime\.py)|packages/wheels/pipclient\.py'
GUEST_INPUTS='guests/python/built/'
SHELF_INPUTS='packages/wheels/(fetch_shelf\.py|pipclient\.py|shelf\.|built/)|guests/python/(make_wheel\.py|cloche/)'

# Brings everything up to date; one build at a time.
build_all() {
  need_jdk
  mkdir -p "$BUILD"
  exec 9>"$BUILD/lock"
  flock -n 9 || { say "Another build is running; waiting for it ..."; flock 9; }
  list_inputs >"$BUILD/inputs"
  trap 'stop_steps' INT TERM
  local jobs=()
  java_steps & jobs+=($!)
  web_steps & jobs+=($!)
  guest_step & jobs+=($!)
  native_step & jobs+=($!)
  local job failed=no
  for job in "${jobs[@]}"; do wait "$job" || failed=yes; done
  [ "$failed" = no ] || exit 1
  LIB=$(cat "$BUILD/java.current")
  archive_step & wait $!
  trap - INT TERM
  exec 9>&-
}

# Interrupted: ends all that this shell started, children first, and nothing else.
stop_steps() {
  trap '' INT TERM
  end_children $$
  exit 130
}

end_children() {
  local child
  for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do
    end_children "$child"
    kill "$child" 2>/dev/null || :
  done
}

java_steps() {
  local id
  id=$(stamp_of "$JAVA_INPUTS" "$(sed -n 's/^JAVA_VERSION=//p' "$JAVA_HOME/release")")
  local lib=$BUILD/java/$id/lib
  if [ ! -d "$lib" ]; then rm -f "$STAMPS/java"; step java "$id" "Building the server (Maven; fetches libraries on the first run)" build_java "$lib"; fi
  printf '%s\n' "$lib" >"$BUILD/java.current"
}

# The engine of live databases. Stands for itself: without it the server takes the engine in Java, and the next build tries again.
native_step() {
  [ -d "$ASSETS/native" ] || rm -f "$STAMPS/native"
  step native "$(stamp_of "$NATIVE_INPUTS")" "Fetching wasmtime, which runs databases" fetch_native && return 0
  say "cloche: going on without wasmtime: databases will run on Endive, about ten times slower"
}

fetch_native() {
  command -v python3 >/dev/null || { echo "python3 is missing: apt-get install python3"; return 1; }
  python3 "$ROOT/wasm/fetch_wasmtime.py" "$ASSETS/native"
}

# After all else: what is asked for while recording must be there.
archive_step() {
  [ -e "$LIB/../recorded" ] || rm -f "$STAMPS/archive"
  step archive "$LIB" "Recording a start of the server, so that later ones are fast" record_start "$LIB"
  [ -e "$LIB/../node-recorded" ] || rm -f "$STAMPS/archive-node"
  step archive-node "$LIB" "Recording a start of a worker node" record_node "$LIB"
}

# The libraries go to a folder named after their inputs: a server that runs keeps its own.
build_java() {
  local lib=$1 work=$1.new
  export MAVEN_OPTS="-Duser.home=$HOME ${MAVEN_OPTS:-} $(trust_options)"
  export PATH="$ROOT/scripts/shims:$PATH"
  cd "$ROOT"
  rm -rf "$work"
  ./mvnw -B -ntp -DskipTests -pl server -am package -Dcloche.lib="$work" || return 1
  cp server/target/server-*[0-9].jar "$work/" || return 1
  mv "$work" "$lib"
  # keep this one and the one before: an older server may still run from it
  ls -1dt "$BUILD"/java/*/ | tail -n +4 | xargs -r rm -rf
}

# A start on an empty database, watched by the JVM: classes come loaded and linked from then on. Stands for itself: where
# it fails, the server starts without it.
record_start() {
  local lib=$1 recording=$1/../server.aot.new data options pid
  data=$(mktemp -d) || return 1
  mapfile -t options < <(server_options)
  "$JAVA" "${options[@]}" -XX:AOTCacheOutput="$recording" -cp "$lib/*" dev.cloche.server.Main \
    --data "$data" --port 0 --assets "$ASSETS" >"$data/out" &
  pid=$!
  for _ in $(seq 600); do
    grep -q '^Cloche is ready at' "$data/out" && break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  node "$ROOT/scripts/rehearse.mjs" "$data" || :
  kill -TERM "$pid" 2>/dev/null
  wait "$pid"
  cat "$data/out"
  forget_data "$data"
  touch "$lib/../recorded"
  [ -s "$recording" ] && mv "$recording" "$lib/../server.aot" || echo "no recording was made"
  return 0
}

# The same for a worker node, with a few calls of an example.
record_node() {
  local lib=$1 recording=$1/../node.aot.new work options pid url
  work=$(mktemp -d) || return 1
  mapfile -t options < <(node_options)
  "$JAVA" "${options[@]}" -XX:AOTCacheOutput="$recording" -cp "$lib/*" dev.cloche.node.Main --libraries "$ASSETS/native" \
    --port 0 --cache "$work/cache" "$ROOT/examples/workers/matrix/matrix.wasm" >"$work/out" &
  pid=$!
  for _ in $(seq 300); do
    grep -q 'is ready at' "$work/out" && break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  url=$(grep -o 'http://[^ ]*' "$work/out") && node "$ROOT/scripts/rehearse-node.mjs" "$url" || :
  kill -TERM "$pid" 2>/dev/null
  wait "$pid"
  cat "$work/out"
  rm -rf "$work"
  touch "$lib/../node-recorded"
  [ -s "$recording" ] && mv "$recording" "$lib/../node.aot" || echo "no recording was made"
  return 0
}

# Removes a data directory of ours, with the database that may lie elsewhere.
forget_data() {
  local place
  place=$(cat "$1/postgres/location" 2>/dev/null || :)
  case $place in /var/lib/cloche/?*) rm -rf "$place" ;; esac
  rm -rf "$1"
}

archive_options() {
  ARCHIVE_OPTIONS=()
  [ ! -r "$LIB/../server.aot" ] || ARCHIVE_OPTIONS=(-XX:AOTCache="$LIB/../server.aot" -Xlog:aot=off -Xlog:cds=off)
}

# The libraries for the client: those of the last build; built first where there are none.
need_lib() {
  need_jdk
  LIB=$(cat "$BUILD/java.current" 2>/dev/null || :)
  [ -n "$LIB" ] && [ -d "$LIB" ] && return 0
  mkdir -p "$BUILD"
  exec 9>"$BUILD/lock"
  flock 9
  list_inputs >"$BUILD/inputs"
  java_steps || exit 1
  LIB=$(cat "$BUILD/java.current")
  exec 9>&-
}

web_steps() {
  node_modules_step web || return 1
  local web shelf engine
  web=$(stamp_of "$WEB_INPUTS")
  shelf=$(stamp_of "$SHELF_INPUTS")
  engine=$(stamp_of "$ENGINE_INPUTS")
  [ -d "$ASSETS/ide" ] && [ -d "$ASSETS/host" ] || rm -f "$STAMPS/web"
  [ -d "$ASSETS/wheels" ] || rm -f "$STAMPS/shelf"
  [ -d "$ASSETS/engine" ] || rm -f "$STAMPS/engine"
  step shelf "$shelf" "Filling the shelf of Python wheels" build_shelf & local other=$! result=0
  step web "$web" "Building the pages (Vite)" build_web || result=1
  wait "$other" || result=1
  [ "$result" = 0 ] || return 1
  step engine "$engine" "Making the engine's memory snapshots" build_engine
}

# The interpreter that Python databases run on lies compressed in the repository; its digest is compared.
guest_step() {
  [ -f "$ASSETS/guest/python.wasm" ] || rm -f "$STAMPS/guest"
  step guest "$(stamp_of "$GUEST_INPUTS")" "Unpacking the interpreter for Python databases" unpack_guest
}

unpack_guest() {
  command -v python3 >/dev/null || { echo "python3 is missing: apt-get install python3"; return 1; }
  rm -rf "$ASSETS/guest.new"
  mkdir -p "$ASSETS/guest.new"
  python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[2], "wb"))' \
    "$ROOT/guests/python/built/python.wasm.xz" "$ASSETS/guest.new/python.wasm" || return 1
  (cd "$ASSETS/guest.new" && sha256sum --check --quiet "$ROOT/guests/python/built/SHA256SUMS") || return 1
  swap_in "$ASSETS/guest.new" "$ASSETS/guest"
}

need_node() {
  command -v node >/dev/null && command -v npm >/dev/null || fail "Node and npm are missing: install Node 20.19 or later"
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "Node $(node --version) is too old for the build: install Node 20.19 or later (22.12 or later of 22)"
}

# The packages of a folder with a lock file, exactly as locked.
node_modules_step() {
  local folder=$1 id
  id=$(sha1sum "$ROOT/$folder/package-lock.json" | cut -c1-16)
  [ -d "$ROOT/$folder/node_modules" ] || rm -f "$STAMPS/npm-${folder//\//-}"
  fresh "npm-${folder//\//-}" "$id" && return 0
  need_node
  step "npm-${folder//\//-}" "$id" "Fetching the npm packages of $folder/" npm_ci "$folder"
}

npm_ci() {
  cd "$ROOT/$1"
  [ -n "${NODE_EXTRA_CA_CERTS:-}" ] || [ ! -r /etc/ssl/certs/ca-certificates.crt ] || export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
}

build_web() {
  need_node
  if [ -f "$ROOT/web/tools/openapi/package-lock.json" ]; then npm_ci web/tools/openapi || return 1; fi
  cd "$ROOT/web"
  npm run types || return 1
  local part
  for part in ide host; do
    npm run "build:$part" || return 1
    [ -d "dist/$part" ] || { echo "the build of web/ made no dist/$part"; return 1; }
    rm -rf "$ASSETS/$part.new"
    mkdir -p "$ASSETS"
    cp -r "dist/$part" "$ASSETS/$part.new" || return 1
    node "$ROOT/scripts/precompress.mjs" "$ASSETS/$part.new" || return 1
    swap_in "$ASSETS/$part.new" "$ASSETS/$part"
  done
}

build_shelf() {
  command -v python3 >/dev/null || { echo "python3 is missing: apt-get install python3"; return 1; }
  mkdir -p "$ASSETS/wheels"
  python3 "$ROOT/packages/wheels/fetch_shelf.py" "$ASSETS/wheels" || return 1
  cp "$ROOT/packages/wheels/shelf.lock.json" "$ASSETS/wheels/shelf.lock.json" || return 1
  python3 "$ROOT/guests/python/make_wheel.py" "$ASSETS/wheels"
}

# The engine's folder is named after its version; its files never change under that name but for the snapshots' index.
build_engine() {
  need_node
  local source=$ROOT/web/node_modules/pyodide version target
  version=$(node -p 'require(process.argv[1]).version' "$source/package.json") || return 1
  target=$ASSETS/engine/pyodide/$version
  mkdir -p "$target"
  cp "$source"/pyodide.mjs "$source"/pyodide.asm.* "$source"/python_stdlib.zip "$source"/pyodide-lock.json "$target/" || return 1
  [ -f "$ROOT/web/tools/snapshot/make.mjs" ] || { echo "web/tools/snapshot/make.mjs is missing in this copy of the repository"; return 1; }
  node "$ROOT/web/tools/snapshot/make.mjs" --pyodide "$source" --wheels "$ASSETS/wheels" --out "$target/snapshots" || return 1
  node "$ROOT/scripts/precompress.mjs" "$target"
}
