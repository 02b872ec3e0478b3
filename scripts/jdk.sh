# Finds a JDK 25, or fetches one into the private cache. Sets JAVA_HOME and JAVA.

CACHE=${CLOCHE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cloche}

# Whether a folder holds a whole JDK (not only a runtime) of version 25 or later; reads a file, starts nothing.
is_jdk() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ "${version:-0}" -ge 25 ]
}

# CLOCHE_JDK_SEARCH replaces the places on the machine, for trying what happens without them.
jdk_candidates() {
  if [ -n "${CLOCHE_JDK_SEARCH+set}" ]; then
    printf '%s\n' $CLOCHE_JDK_SEARCH
  else
    [ -z "${JAVA_HOME:-}" ] || printf '%s\n' "$JAVA_HOME"
    local java
    java=$(command -v java 2>/dev/null) && (cd -P "$(dirname "$(readlink -f "$java")")/.." && pwd)
    printf '%s\n' /usr/lib/jvm/*25* /usr/lib/jvm/*
  fi
  printf '%s\n' "$CACHE/jdk25/jdk"
}

find_jdk() {
  local home
  while IFS= read -r home; do
    if is_jdk "$home"; then JAVA_HOME=$home; JAVA=$home/bin/java; export JAVA_HOME; return 0; fi
  done < <(jdk_candidates)
  return 1
}

need_jdk() {
  find_jdk && return 0
  say "No JDK 25 on this machine (JAVA_HOME, PATH, /usr/lib/jvm): fetching Debian's openjdk-25 into $CACHE/jdk25, about 140 MB ..."
  local started=$EPOCHREALTIME
  mkdir -p "$CACHE"
  "$ROOT/scripts/fetch-jdk.sh" "$CACHE/jdk25" >&2 || fail "no JDK 25; install one by hand and set JAVA_HOME (Debian 13: apt-get install openjdk-25-jdk-headless)"
  find_jdk || fail "the fetched JDK in $CACHE/jdk25 does not work; remove that folder, install a JDK 25 and set JAVA_HOME"
  say "JDK 25 fetched in $(seconds_since "$started") s."
}

# Java tools need the machine's own authorities; a JDK with a store of its own does not know them.
trust_options() {
  local store bundle
  store=/etc/ssl/certs/java/cacerts
  if [ -r "$store" ]; then printf -- '-Djavax.net.ssl.trustStore=%s' "$store"; return; fi
  bundle=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
  [ -r "$bundle" ] || return 0
  store=$CACHE/trust-$(sha256sum "$bundle" | cut -c1-16).p12
  [ -r "$store" ] || { mkdir -p "$CACHE"; "$JAVA" "$ROOT/scripts/TrustStore.java" "$bundle" "$store" >&2; }
  printf -- '-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=changeit' "$store"
}
