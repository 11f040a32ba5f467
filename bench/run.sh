#!/usr/bin/env bash
# Prints, in one run on this machine, what Gander costs and how that stands to what a user would compare it with.
#   bench/run.sh [--quick] [MEGABYTES] [--only STEP]...      default 60 megabytes for each corpus
# --quick: two rounds, small runs, no million flows. The table is also written to build/bench/results.json.
set -euo pipefail
cd "$(dirname "$0")/.."
source sensor/packaging/build.sh

megabytes=60 arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick) arguments+=(--quick) ;;
    --only) arguments+=(--only "${2:?--only names a step}"); shift ;;
    [0-9]*) megabytes=$1 ;;
    *) sed -n '2,4p' "$0" >&2; exit 2 ;;
  esac
  shift
done

install_packages build bench
build=${GANDER_BENCH_BUILD:-build/bench-release}
mkdir -p build/bench
if [ ! -e "$build/build.ninja" ]; then
  cmake --preset release -B "$build" -DGANDER_TESTS=OFF -DGANDER_BENCH=ON >build/bench/build.log 2>&1 \
    || { tail -n 30 build/bench/build.log >&2; exit 3; }
fi
echo "Building ..." >&2
cmake --build "$build" >>build/bench/build.log 2>&1 || { grep -A12 -m3 -E 'error|FAILED' build/bench/build.log >&2; exit 3; }
# A pinned clock and an idle machine make better figures; ratios stand without.
exec python3 -B bench/e2e/contest.py --build "$build" --work build/bench --source . --megabytes "$megabytes" \
  ${arguments[@]+"${arguments[@]}"}
