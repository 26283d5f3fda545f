# Reading JSON results and writing the demo's report, with awk and bash alone. Sourced by demo.sh.

# Fields of a row are joined by a character that no text has.
sep=$'\037'
join_fields() {
  local IFS=$sep
  printf '%s' "$*"
}

# json_root FILE KEY: a number or plain string at the top of a result of `check --json`.
json_root() {
  awk -v key="  \"$2\": " 'index($0, key) == 1 { v = substr($0, length(key) + 1); gsub(/[",]/, "", v); print v; exit }' "$1"
}

# json_count FILE KEY: a count in the summary of `simulate --json`.
json_count() {
  awk -v key="\"$2\":" '{ at = index($0, key); if (at) { v = substr($0, at + length(key)); sub(/[^0-9].*/, "", v); print v; exit } }' "$1"
}

# Of a JSON string that begins after its quote: the text up to the closing quote, runs of blanks as one.
json_awk='
function text_of(s,   out, i, c) {
  out = ""
  for (i = 1; i <= length(s); i++) {
    c = substr(s, i, 1)
    if (c == "\"") break
    if (c == "\\") { c = substr(s, ++i, 1); if (c == "n" || c == "t" || c == "r") c = " " }
    out = out c
  }
  gsub(/[ \t]+/, " ", out)
  return out
}
function value_of(s, key,   at) {
  at = index(s, "\"" key "\":")
  if (!at) return ""
  s = substr(s, at + length(key) + 3)
  if (substr(s, 1, 1) == "\"") return text_of(substr(s, 2))
  sub(/[,}].*/, "", s)
  return s
}'

# json_false_conjuncts FILE: the conjuncts that a result of `check --json` shows as false, one a line.
json_false_conjuncts() {
  awk "$json_awk"'
    { line = $0; sub(/^ +/, "", line) }
    index(line, "\"text\": \"") == 1 { text = text_of(substr(line, 10)) }
    index(line, "\"value\": false") == 1 { print text }' "$1"
}

# json_bugs FILE: name, check, action, conjunct and description of each planted bug, a row each.
json_bugs() {
  awk -v sep="$sep" "$json_awk"'BEGIN { RS = "[{]\"name\":" }
    NR > 1 { s = "\"name\":" $0
      print value_of(s, "name") sep value_of(s, "check") sep value_of(s, "action") sep value_of(s, "conjunct") sep value_of(s, "description") }' "$1"
}

html() { sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e 's/"/\&quot;/g' <<<"$1"; }

json_text() { sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' <<<"$1"; }

# cells TAG TEXT...: one row of a table.
cells() {
  local tag=$1 text
  shift
  printf '<tr>'
  for text in "$@"; do printf '<%s>%s</%s>' "$tag" "$(html "$text")" "$tag"; done
  printf '</tr>\n'
}

# clean_table ROW...: what is beneath a table's head.
clean_table() {
  local row fields
  for row in "$@"; do
    IFS=$sep read -ra fields <<<"$row"
    fields[3]=$(printf '%.2f' "${fields[3]}")
    cells td "${fields[@]}" | sed -e 's|<td>conforms<|<td class="good">conforms<|' -e 's|<td>violates<|<td class="bad">violates<|'
  done
  printf '</table></div>\n'
}

# The whole report on standard output. Reads clean_rows, log_rows, move_rows, bug_rows and the files in $out.
write_report() {
  local row fields name
  cat <<'HTML'
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kelpie demo</title>
<style>
:root { color-scheme: light dark; --line: #8885; --good: #2a7d3f; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --good: #7bd88f; --bad: #ff8a80; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; }
th, td { text-align: left; padding: .3rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td:not(:first-child) { font-variant-numeric: tabular-nums; }
pre { overflow-x: auto; font-size: .82rem; line-height: 1.4; padding: .8rem; border: 1px solid var(--line); }
summary { cursor: pointer; padding: .3rem 0; }
.good { color: var(--good); } .bad { color: var(--bad); } code { font-size: .92em; }
</style></head><body>
<h1>Kelpie demo</h1>
<p>Simulated clusters wrote traces; each trace was checked step by step against its TLA+ specification.
Clean runs have to conform. A planted bug changes one decision of the system and has to be caught where it is wrong.</p>
HTML
  printf '<p>%s simulated systems, clusters of leases with %s nodes, %s steps a run.</p>\n' "$((${#clean_rows[@]} + ${#log_rows[@]} + ${#move_rows[@]} + ${#bug_rows[@]}))" "$nodes" "$steps"
  printf '<h2>Clean runs</h2>\n<div class="wide"><table>\n'
  cells th seed verdict events seconds grants takeovers writes 'fenced off' 'unknown outcomes' 'late landings' 'lapsed sessions' \
    crashes pauses 'replies lost'
  clean_table "${clean_rows[@]}"
  printf '<h2>Clean runs of a log</h2>\n<div class="wide"><table>\n'
  cells th seed verdict events seconds operations syncs accepted committed expired conflicts crashes 'power failures' 'records torn' \
    'syncs failed' 'opened again'
  clean_table "${log_rows[@]}"
  printf '<h2>Clean runs of migrations</h2>\n<div class="wide"><table>\n'
  cells th seed verdict events seconds 'calls served' moves 'given up' superseded elections 'fenced off' 'unknown outcomes' crashes \
    'within a migration' 'replies lost'
  clean_table "${move_rows[@]}"
  printf '<h2>Planted bugs</h2>\n<div class="wide"><table>\n'
  cells th bug outcome seed event check action 'conjunct that fails' 'what the bug does'
  for row in "${bug_rows[@]}"; do
    IFS=$sep read -ra fields <<<"$row"
    cells td "${fields[@]}" | sed -e 's|<td>caught<|<td class="good">caught<|' -e 's|<td>missed<|<td class="bad">missed<|'
  done
  printf '</table></div>\n<h2>Explanations</h2>\n'
  for row in "${bug_rows[@]}"; do
    name=${row%%"$sep"*}
    [ -s "$out/bug-$name.txt" ] || continue
    printf '<details><summary><code>%s</code></summary>\n<pre>%s</pre></details>\n' "$(html "$name")" "$(html "$(cat "$out/bug-$name.txt")")"
  done
  printf '<p>The meaning of verdicts and checks is in <code>docs/SEMANTICS.md</code>. '
  printf '<em>Conforms</em> is about what was observed, and says nothing about runs that did not happen.</p>\n</body></html>\n'
}

# clean_json NAME FIELD ROW...: an object for each row, whose field FIELD is called NAME.
clean_json() {
  local name=$1 field=$2 row separator='' fields
  for row in "${@:3}"; do
    IFS=$sep read -ra fields <<<"$row"
    printf '%s{"seed":%s,"verdict":"%s","events":%s,"seconds":%s,"%s":%s}' "$separator" "${fields[0]}" "${fields[1]}" \
      "${fields[2]}" "${fields[3]}" "$name" "${fields[$field]}"
    separator=,
  done
}

# write_json EXIT: the demo's result as one object.
write_json() {
  local row separator='' fields
  printf '{"format":"kelpie.demo/1","exit":%s,"report":"%s","clean":[' "$1" "$(json_text "$out/report.html")"
  clean_json takeovers 5 "${clean_rows[@]}"
  printf '],"logs":['
  clean_json committed 7 "${log_rows[@]}"
  printf '],"migrations":['
  clean_json moves 5 "${move_rows[@]}"
  printf '],"bugs":['
  separator=''
  for row in "${bug_rows[@]}"; do
    IFS=$sep read -ra fields <<<"$row"
    printf '%s{"name":"%s","caught":%s,"seed":%s,"event":%s,"check":%s,"action":"%s","conjunct":"%s"}' "$separator" "${fields[0]}" \
      "$([ "${fields[1]}" = caught ] && echo true || echo false)" "${fields[2]/#-/null}" "${fields[3]/#-/null}" "${fields[4]}" \
      "${fields[5]}" "$(json_text "${fields[6]}")"
    separator=,
  done
  printf ']}\n'
}
