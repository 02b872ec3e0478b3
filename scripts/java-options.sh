# The Java options of the server and of a worker node; a person's own come last and win.

# Tables of live databases are in memory, so the server may use up to two fifths of the machine's, or of what the container may
# use; it takes only what it needs.
heap_limit() {
  local total allowed
  total=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null || :)
  allowed=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || :)
  case $allowed in '' | *[!0-9]*) ;; *) allowed=$((allowed / 1048576)); [ "$allowed" -ge "${total:-0}" ] || total=$allowed ;; esac
  local limit=$((${total:-1280} * 2 / 5))
  echo $((limit < 512 ? 512 : limit))
}

server_options() {
  printf '%s\n' -XX:+UseG1GC -XX:G1PeriodicGCInterval=300000 -Xms48m "-Xmx$(heap_limit)m" -XX:MaxMetaspaceSize=192m -Xss512k -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=25 \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
}

node_options() {
  printf '%s\n' -XX:+UseG1GC -XX:G1PeriodicGCInterval=300000 -Xms32m "-Xmx$(heap_limit)m" -Xss512k -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=25 --enable-native-access=ALL-UNNAMED
}
