#!/usr/bin/env bash
# ./kelpie bench [FILTER]: runs the benchmarks, keeps their results, compares with the newest kept.
# Exit 0; 1 when a benchmark became slower than the stated factor; 3 for a bad option; 70 when one fails.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bin=${KELPIE_BIN:-$root/build/release/bin}
results=${KELPIE_BENCH_RESULTS:-$root/bench/results}
factor=${KELPIE_BENCH_FACTOR:-2}
programs=(parse_bench trace_read_bench record_bench explore_bench check_bench simulate_bench store_bench wal_bench process_bench)
filter='' is_json=''

usage() {
  cat <<'TEXT'
usage: ./kelpie bench [FILTER] [--json]
  FILTER   a regular expression for names such as CheckLease/1000_events; nothing is kept then
  Results go to bench/results/<bench>-<date>-<commit>.json and are compared with the newest there:
  1 is as fast as before, 2 takes twice as long. Over KELPIE_BENCH_FACTOR (2) the exit is 1, when
  both were measured on a machine with the same number and speed of processors.
TEXT
}

for argument in "$@"; do
  case $argument in
    --help | -h) usage; exit 0 ;;
    --json) is_json=yes ;;
    -*) printf 'kelpie bench: unknown option %s\n' "$argument" >&2; usage >&2; exit 3 ;;
    *) [ -z "$filter" ] || { usage >&2; exit 3; }; filter=$argument ;;
  esac
done
exec 3>&1
[ -z "$is_json" ] || exec 1>&2
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
commit=$(git -C "$root" rev-parse --short=10 HEAD 2>/dev/null || echo unversioned)
export KELPIE_BIN=$bin

# best FILE: name, processor time in ns, items a second (or 0); a line a benchmark, the fastest of its
# repetitions: others compute too, and only ever make it slower. Of whole processes it is the children's time.
best() {
  awk '
    function number(line) { sub(/^[^:]*: /, "", line); sub(/,$/, "", line); return line + 0 }
    function text(line) { sub(/^[^:]*: "/, "", line); sub(/",?$/, "", line); return line }
    /^ *"run_name":/ { name = text($0); is_run = 0; time = 0; items = 0; cpu_ms = -1 }
    /^ *"run_type":/ { is_run = text($0) == "iteration" }
    /^ *"cpu_time":/ { time = number($0) }
    /^ *"time_unit":/ { unit = text($0); time *= unit == "ms" ? 1e6 : unit == "us" ? 1e3 : unit == "s" ? 1e9 : 1 }
    /^ *"items_per_second":/ { items = number($0) }
    /^ *"cpu_ms":/ { cpu_ms = number($0) }
    /^    }/ {
      if (!is_run) next
      if (cpu_ms >= 0) time = cpu_ms * 1e6
      if (!(name in least)) order[++count] = name
      if (!(name in least) || time < least[name]) least[name] = time
      if (items > most[name]) most[name] = items
    }
    END { for (i = 1; i <= count; i++) printf "%s %.0f %.0f\n", order[i], least[order[i]], most[order[i]] }' "$1"
}

# machine FILE: what must be equal for times to be comparable.
machine() { awk '/^ *"(num_cpus|mhz_per_cpu)":/ { gsub(/[ ,]/, ""); printf "%s ", $0 }' "$1"; }

# newest BENCH: the kept result that was measured last.
newest() {
  local file
  for file in "$results/$1"-*.json; do
    [ -f "$file" ] && printf '%s %s\n' "$(awk -F'"' '/^ *"date":/ { print $4; exit }' "$file")" "$file"
  done | sort | tail -n 1 | cut -d' ' -f2-
}

worse=0
ran=0
: >"$work/rows"
for program in "${programs[@]}"; do
  [ -x "$bin/$program" ] || { echo "kelpie bench: $bin/$program is not built" >&2; exit 70; }
  wanted=${filter:--/tiny}
  [ -n "$("$bin/$program" --benchmark_list_tests --benchmark_filter="$wanted" 2>/dev/null)" ] || continue
  ran=$((ran + 1))
  echo "$program ..."
  "$bin/$program" --benchmark_filter="$wanted" --benchmark_min_time=0.2 --benchmark_repetitions=3 \
    --benchmark_context=commit="$commit" \
    --benchmark_out="$work/raw.json" --benchmark_out_format=json >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; echo "kelpie bench: $program failed" >&2; exit 70; }
  # What is kept names no machine and no folder of it.
  grep -vE '^ *"(host_name|executable)":' "$work/raw.json" >"$work/new.json"
  old=$(newest "$program")
  comparable=no
  [ -n "$old" ] && [ "$(machine "$old")" = "$(machine "$work/new.json")" ] && comparable=yes
  { [ -n "$old" ] && best "$old" | sed 's/^/old /'; best "$work/new.json" | sed 's/^/new /'; } |
    awk -v bench="$program" -v factor="$factor" -v comparable=$comparable '
      $1 == "old" { before[$2] = $3 }
      $1 == "new" {
        ratio = before[$2] > 0 ? $3 / before[$2] : 0
        print bench, $2, $3, $4, ratio, (comparable == "yes" && ratio > factor) ? "slower" : "-"
      }' >"$work/compared"
  cat "$work/compared" >>"$work/rows"
  awk '{
      time = $3 >= 1e9 ? sprintf("%.2f s", $3 / 1e9) : $3 >= 1e6 ? sprintf("%.2f ms", $3 / 1e6) : sprintf("%.1f us", $3 / 1e3)
      printf "  %-48s %11s  %12s  %s%s\n", $2, time, ($4 > 0 ? sprintf("%.0f/s", $4) : ""), ($5 > 0 ? sprintf("x %.2f", $5) : "new"), ($6 == "slower" ? "  SLOWER" : "")
    }' "$work/compared"
  [ -z "$old" ] || [ $comparable = yes ] || echo "  (the kept result is of another machine: its ratios decide nothing)"
  grep -q ' slower$' "$work/compared" && worse=1
  if [ -z "$filter" ]; then
    mkdir -p "$results"
    cp "$work/new.json" "$results/$program-$(date -u +%F)-$commit.json"
  fi
done
[ $ran -gt 0 ] || { echo "kelpie bench: no benchmark is named like '$filter'" >&2; exit 3; }

# The two figures that the project promises.
awk '
  $2 ~ /^CheckLease\/20000_events/ { printf "events checked a second: %.0f of processor time, %.0f of wall time (wanted: 20000)\n", 20000 / ($3 / 1e9), $4 }
  $2 ~ /^CheckLease\/1000_events/ { printf "a check of 1,000 events, process start included: %.0f ms of processor time, %.0f ms of wall time (wanted: 100 ms)\n", $3 / 1e6, ($4 > 0 ? 1e6 / $4 : 0) }' "$work/rows"
[ -n "$filter" ] || echo "kept in ${results#"$root"/}; commit those that a comparison should start from"
[ $worse -eq 0 ] || echo "slower than $factor times the kept result: see SLOWER above"
if [ -n "$is_json" ]; then
  awk -v exit_code=$worse 'BEGIN { printf "{\"format\":\"kelpie.bench/1\",\"exit\":%d,\"results\":[", exit_code }
    { printf "%s{\"bench\":\"%s\",\"name\":\"%s\",\"cpu_ns\":%s,\"items_per_second\":%s,\"ratio\":%s}", (NR > 1 ? "," : ""), $1, $2, $3, ($4 > 0 ? $4 : "null"), ($5 > 0 ? $5 : "null") }
    END { print "]}" }' "$work/rows" >&3
fi
exit $worse
