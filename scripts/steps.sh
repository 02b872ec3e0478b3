# Build steps with stamps: a step runs again only when one of its inputs, or what it made, is not what it was.

BUILD=$ROOT/build
STAMPS=$BUILD/stamps

# One line "hash path" for each file of the repository that is tracked or new; wheels count by their list of digests.
list_inputs() {
  cd "$ROOT"
  if git -c safe.directory="$ROOT" rev-parse --git-dir >/dev/null 2>&1; then
    git -c safe.directory="$ROOT" ls-files -co --exclude-standard -- ':!*.whl' ':!docs' ':!e2e' | while IFS= read -r file; do
      [ -f "$file" ] && printf '%s\n' "$file"
    done | sort >"$BUILD/inputs.paths"
    git hash-object --stdin-paths <"$BUILD/inputs.paths" | paste -d ' ' - "$BUILD/inputs.paths"
  else
    find . \( -name node_modules -o -name target -o -name dist -o -path ./build -o -path ./e2e \) -prune -o -type f ! -name '*.whl' -print |
      sed 's|^\./||' | sort | tr '\n' '\0' | xargs -0 sha1sum | awk '{ hash = $1; sub(/^[^ ]+ +/, ""); print hash, $0 }'
  fi
}

# The hash of all inputs whose path matches an extended regular expression, and of further words.
stamp_of() {
  local pattern=$1; shift
  { grep -E "^[0-9a-f]+ ($pattern)" "$BUILD/inputs" || :; printf '%s\n' "$@"; } | sha1sum | cut -c1-16
}

fresh() { [ "$(cat "$STAMPS/$1" 2>/dev/null)" = "$2" ]; }

stamp() { mkdir -p "$STAMPS"; printf '%s\n' "$2" >"$STAMPS/$1"; }

# step NAME STAMP "what it does" COMMAND...: runs the command unless the stamp stands; shows the end of its log on failure.
step() {
  local name=$1 stamp=$2 what=$3; shift 3
  fresh "$name" "$stamp" && return 0
  local started=$EPOCHREALTIME log=$BUILD/logs/$name.log
  mkdir -p "$BUILD/logs"
  say "$what ..."
  if ! "$@" >"$log" 2>&1; then
    say "cloche: failed after $(seconds_since "$started") s: $what"
    tail -n 30 "$log" | sed 's/^/    /' >&2
    say "cloche: the whole log is $log"
    return 1
  fi
  stamp "$name" "$stamp"
  say "$what: done in $(seconds_since "$started") s"
}

# Puts a freshly made folder in the place of the old one; the moment without either is short.
swap_in() {
  rm -rf "$2.old"
  mkdir -p "$(dirname "$2")"
  [ ! -e "$2" ] || mv "$2" "$2.old"
  mv "$1" "$2"
  rm -rf "$2.old"
}
