# What the launcher says goes to standard error: standard output belongs to the commands.

say() { printf '%s\n' "$*" >&2; }

fail() { printf 'cloche: %s\n' "$*" >&2; exit 1; }

# Seconds since this shell started, with one decimal.
seconds_since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }'; }
