#!/usr/bin/env bash
# The demo: simulated clusters under faults, their traces checked, every planted bug caught and
# explained, a report written. Exit 0 when clean runs conform and each bug is caught at the
# check and the conjunct that impl/machines/bugs.def expects; else 1. Internal errors are 70.
# Needs kelpie-checker and kelpie-simulate in KELPIE_BIN, and nothing that a bare system lacks.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/cmake/demo_report.sh"
bin=${KELPIE_BIN:-$root/build/release/bin}
export KELPIE_SPECS=${KELPIE_SPECS:-$root/tla/specs}
steps=3000 nodes=3 clean_seeds=4 log_seeds=2 move_seeds=2 bug_seeds=8 out='' is_json=''

usage() {
  cat <<'TEXT'
usage: ./kelpie demo [--out DIR] [--steps N] [--json]
  --out DIR    where runs, results and report.html go   (default: out/demo)
  --steps N    length of each run                       (default: 3000)
  --json       one JSON object on standard output, text on standard error
TEXT
}

while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --json) is_json=yes ;;
    --out | --steps)
      [ $# -ge 2 ] || { usage >&2; exit 3; }
      [ "$1" = --out ] && out=$2 || steps=$2
      shift
      ;;
    *) printf 'kelpie demo: unknown option %s\n' "$1" >&2; usage >&2; exit 3 ;;
  esac
  shift
done
[[ $steps =~ ^[1-9][0-9]{0,6}$ ]] || { echo "kelpie demo: --steps needs a number from 1 to 9999999" >&2; exit 3; }
[ -n "$out" ] || { cd "$root" && out=out/demo; }  # so that the commands shown can be pasted
mkdir -p "$out" 2>/dev/null && [ -w "$out" ] || { echo "kelpie demo: cannot write to $out; name another with --out" >&2; exit 3; }
exec 3>&1
[ -z "$is_json" ] || exec 1>&2

fail() {
  printf 'kelpie demo: %s\n' "$*" >&2
  exit 70
}

# simulate NAME SEED [--system NAME | --bug NAME]: a run into $out/NAME; its facts stay in $out/NAME.run.json.
simulate() {
  "$bin/kelpie-simulate" --seed "$2" --steps "$steps" --nodes "$nodes" "${@:3}" --force --out "$out/$1" --json \
    >"$out/$1.run.json" || fail "the simulation failed: $1, seed $2"
}

# check NAME: the verdict into $out/NAME.check.json and, for people, $out/NAME.txt; exit code of check.
check() {
  rm -f "$out/$1.txt"
  "$bin/kelpie-checker" check "$out/$1" --json >"$out/$1.check.json"
  local code=$?
  [ $code -ne 70 ] && [ -s "$out/$1.check.json" ] || fail "the checker failed on $out/$1"
  [ $code -eq 0 ] || "$bin/kelpie-checker" check "$out/$1" >"$out/$1.txt"
  return $code
}

# clean_run ROWS NAME SEED SYSTEM COUNT...: simulates and checks; adds a row to ROWS, which is also left in $row.
clean_run() {
  local -n rows=$1
  local name=$2 seed=$3 result=$out/$2.check.json
  simulate "$name" "$seed" --system "$4"
  check "$name" || is_good=
  row=$(join_fields "$seed" "$(json_root "$result" verdict)" "$(json_root "$result" events)" "$(json_root "$result" seconds)")
  for count in "${@:5}"; do row+=$sep$(json_count "$out/$name.run.json" "$count"); done
  rows+=("$row")
}

# print_verdict NAME VERDICT EVENTS SECONDS
print_verdict() {
  printf '           -> %s: %s events in %.2f s\n' "$2" "$3" "$4"
  [ "$2" = conforms ] || { cat "$out/$1.txt"; all_conform=; }
}

begin=$(date +%s%N)
is_good=yes
# Rows of fields joined by $sep.
clean_rows=()  # seed verdict events seconds grants takeovers writes fenced unknown late lapses crashes pauses lost
log_rows=()    # seed verdict events seconds appended syncs accepted committed expired conflicts crashes power torn failed reopened
move_rows=()   # seed verdict events seconds served moved aborted superseded elections fenced unknown crashes in_migration lost
bug_rows=()    # name, caught or missed, seed event check action conjunct description
caught=0 all_conform=yes

printf 'Kelpie demo: clusters of %s nodes, %s steps a run, in %s/\n\n' "$nodes" "$steps" "$out"
echo "1. Clean runs: leases are taken, renewed, lost and taken over while messages and nodes fail."
for seed in $(seq 1 $clean_seeds); do
  clean_run clean_rows "seed-$seed" "$seed" lease grants takeovers writes fenced_writes unknown_outcomes late_landings lapses crashes \
    pauses replies_lost
  IFS=$sep read -r _ verdict events seconds grants takeovers writes fenced unknown late lapses crashes pauses lost <<<"$row"
  printf '   seed %s  %s grants, %s takeovers, %s writes (%s more fenced off), %s outcomes unknown, %s late landings,\n' \
    "$seed" "$grants" "$takeovers" "$writes" "$fenced" "$unknown" "$late"
  printf '           %s lapsed sessions, %s crashes, %s pauses, %s replies lost\n' "$lapses" "$crashes" "$pauses" "$lost"
  print_verdict "seed-$seed" "$verdict" "$events" "$seconds"
done

echo
echo "2. Clean runs of a node's log: operations are accepted, committed and repeated while power, disks and messages fail."
for seed in $(seq 1 $log_seeds); do
  clean_run log_rows "log-$seed" "$seed" log appended syncs accepted committed expired conflicts crashes power_failures torn_records \
    sync_failures reopened
  IFS=$sep read -r _ verdict events seconds appended syncs accepted committed expired conflicts crashes power torn failed reopened <<<"$row"
  printf '   seed %s  %s operations in %s syncs, %s times accepted, %s committed, %s expired, %s conflicts,\n' \
    "$seed" "$appended" "$syncs" "$accepted" "$committed" "$expired" "$conflicts"
  printf '           %s crashes (%s power failures, %s records torn), %s syncs failed, %s times opened again\n' \
    "$crashes" "$power" "$torn" "$failed" "$reopened"
  print_verdict "log-$seed" "$verdict" "$events" "$seconds"
done

echo
echo "3. Clean runs of migrations: actors are called and moved while primaries change and processes die."
for seed in $(seq 1 $move_seeds); do
  clean_run move_rows "migration-$seed" "$seed" migration calls_served MoveOwnership AbortMigration CloseSuperseded ElectPrimary fenced \
    unknown_outcomes crashes crashes_in_migration replies_lost
  IFS=$sep read -r _ verdict events seconds served moved aborted superseded elections fenced unknown crashes inside lost <<<"$row"
  printf '   seed %s  %s calls served, %s moves, %s given up, %s superseded, %s elections, %s activations fenced off,\n' \
    "$seed" "$served" "$moved" "$aborted" "$superseded" "$elections" "$fenced"
  printf '           %s outcomes unknown, %s crashes (%s within a migration), %s replies lost\n' "$unknown" "$crashes" "$inside" "$lost"
  print_verdict "migration-$seed" "$verdict" "$events" "$seconds"
done

echo
echo "4. Planted bugs: each changes one decision of a machine and nothing of what is traced."
"$bin/kelpie-simulate" --list-bugs --json >"$out/bugs.json" || fail "the planted bugs cannot be listed"
explained=''
while IFS=$sep read -r name check action conjunct description; do
  row=''
  for seed in $(seq 1 $bug_seeds); do
    simulate "bug-$name" "$seed" --bug "$name"
    check "bug-$name"
    [ $? -eq 1 ] || continue
    found=$(json_root "$out/bug-$name.check.json" check)
    [ "$found" = "$check" ] && json_false_conjuncts "$out/bug-$name.check.json" | grep -qxF -- "$conjunct" || continue
    row=$(join_fields "$name" caught "$seed" "$(json_root "$out/bug-$name.check.json" failed_at)")
    break
  done
  if [ -z "$row" ]; then
    row=$(join_fields "$name" missed - -)
    is_good=''
  fi
  row+=$sep$(join_fields "$check" "$action" "$conjunct" "$description")
  bug_rows+=("$row")
  printf '   %-24s %s\n' "$name" "$description"
  IFS=$sep read -r _ outcome seed event _ <<<"$row"
  if [ "$outcome" = caught ]; then
    caught=$((caught + 1))
    printf '   %-24s -> violates at event %s, %s, check %s: %s\n' '' "$event" "$action" "$check" "$conjunct"
    if [ -z "$explained" ] || [ "$name" = no_fencing ]; then explained=$name; fi
  else
    printf '   %-24s -> NOT CAUGHT in %s seeds (expected check %s of %s: %s)\n' '' "$bug_seeds" "$check" "$action" "$conjunct"
  fi
done < <(json_bugs "$out/bugs.json")
[ ${#bug_rows[@]} -gt 0 ] || fail "no planted bug is listed"

if [ -n "$explained" ]; then
  echo
  echo "5. One explanation in full, as \`./kelpie check $out/bug-$explained\` prints it:"
  echo
  sed '/./s/^/   /' "$out/bug-$explained.txt"
fi

echo
printf '   %-26s %-9s %5s %7s %6s\n' run verdict seed event check
print_clean() {
  local name=$1 row
  for row in "${@:2}"; do
    IFS=$sep read -r seed verdict _ <<<"$row"
    printf '   %-26s %-9s %5s %7s %6s\n' "$name" "$verdict" "$seed" - -
  done
}
print_clean clean "${clean_rows[@]}"
print_clean "clean log" "${log_rows[@]}"
print_clean "clean migration" "${move_rows[@]}"
for row in "${bug_rows[@]}"; do
  IFS=$sep read -r name outcome seed event check _ <<<"$row"
  [ "$outcome" = caught ] && outcome=violates
  printf '   %-26s %-9s %5s %7s %6s\n' "$name" "$outcome" "$seed" "$event" "$check"
done

elapsed_ms=$((($(date +%s%N) - begin) / 1000000))
write_report >"$out/report.html" || fail "the report cannot be written"
echo
printf '   %s of %s bugs caught; clean runs %s; %d.%d s in all\n' "$caught" "${#bug_rows[@]}" \
  "$([ -n "$all_conform" ] && echo conform || echo "do NOT all conform")" \
  $((elapsed_ms / 1000)) $((elapsed_ms % 1000 / 100))
echo "   report: $out/report.html"
exit_code=1
[ -n "$is_good" ] && exit_code=0
[ -z "$is_json" ] || write_json $exit_code >&3
exit $exit_code
