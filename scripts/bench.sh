# Runs the measurements in bench/, all or those named. Each prints ratios against a peer or a wanted figure of the same run.

run_bench() {
  local names=("$@") name file
  build_all
  export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
  [ ${#names[@]} -gt 0 ] || mapfile -t names < <(cd "$ROOT/bench" && ls ./*.mjs | sed 's|^\./||; s|\.mjs$||' | grep -v '^support$')
  for name in "${names[@]}"; do
    file=$ROOT/bench/$name.mjs
    [ -f "$file" ] || fail "there is no measurement '$name'; there are $(cd "$ROOT/bench" && ls ./*.mjs | sed 's|^\./||; s|\.mjs$||' | grep -v '^support$' | paste -sd' ')"
    say "== $name"
    case $name in
      engine-start) node "$file" --snapshots "$(echo "$ASSETS"/engine/pyodide/*/snapshots)" --pyodide "$(echo "$ASSETS"/engine/pyodide/*)" --wheels "$ASSETS/wheels" ;;
      app-start) node "$file" --engine "$(echo "$ASSETS"/engine/pyodide/*)" --wheels "$ASSETS/wheels" ;;
      *) node "$file" ;;
    esac
  done
}
