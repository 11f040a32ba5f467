#!/bin/sh
# Runs libFuzzer targets and prints a table: target, seconds, executions, covered edges, corpus, findings.
#   tests/fuzz/run.sh [--seconds N] [--jobs N] [TARGET ...]      default: all targets, 600 s each, one at a time
# Needs clang with compiler-rt. New inputs stay under build/fuzz/found/, beside what a crash left.
set -eu
cd "$(dirname "$0")/../.."
seconds=600 jobs=1
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=$2; shift 2 ;;
    --jobs) jobs=$2; shift 2 ;;
    -*) echo "run.sh: unknown option $1" >&2; exit 2 ;;
    *) break ;;
  esac
done
if ! command -v clang++ >/dev/null; then
  echo "run.sh: clang++ is missing; apt-get install clang libclang-rt-14-dev" >&2
  exit 2
fi
[ $# -gt 0 ] || set -- $(cd tests/fuzz && ls *_fuzz.cc | sed 's/_fuzz\.cc$//')
cmake --preset fuzz >/dev/null
ninja -C build/fuzz $(printf '%s_fuzz ' "$@") >build/fuzz/build.log

# One target: its last line of statistics, and what it left behind.
run_one() {
  target=$1 seconds=$2
  work=build/fuzz/found/$target
  mkdir -p "$work/corpus"
  log=$work/log
  build/fuzz/tests/${target}_fuzz "$work/corpus" "tests/fuzz/corpus/$target" -max_total_time="$seconds" \
    -rss_limit_mb=4096 -timeout=20 -artifact_prefix="$work/" -print_final_stats=1 -use_value_profile=1 >"$log" 2>&1 || true
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
  findings=$(find "$work" -maxdepth 1 \( -name 'crash-*' -o -name 'leak-*' -o -name 'timeout-*' -o -name 'oom-*' \) | wc -l)
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$target" "$seconds" "${executions:-0}" "${coverage:-0}" \
    "$(ls "$work/corpus" | wc -l)" "$findings"
}

printf 'target\tseconds\texecutions\tedges\tcorpus\tfindings\n'
running=0
for target in "$@"; do
  run_one "$target" "$seconds" &
  running=$((running + 1))
  if [ "$running" -ge "$jobs" ]; then wait; running=0; fi
done
wait
