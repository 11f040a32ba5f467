#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Parts of the suite under sanitizers. CI runs `parsers`, which is what its time allows; all of it so: tests/run.sh dev,
# tests/run.sh tsan.
#   tests/sanitize.sh [parsers] [program] [threads]     default: all three
#     parsers   ASan, UBSan: what reads hostile bytes, over its corpora and mutations of them
#     program   ASan, UBSan: the whole row and the program, over captures and bad input
#     threads   TSan: what has threads
set -euo pipefail
cd "$(dirname "$0")/.."
source sensor/packaging/build.sh
install_packages build test
export ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1

suite() {
  local preset=$1 pattern=$2
  shift 2
  cmake --preset "$preset" -DGANDER_TESTS=ON >/dev/null
  ninja -C "build/$preset" "$@"
  ctest --test-dir "build/$preset" --output-on-failure -j "$(nproc)" -R "$pattern"
}

# Fuzz targets of rooms.
targets() { (cd tests/fuzz && ls -- *_fuzz.cc | grep -E "^($1)_" | sed 's/\.cc$//'); }

[ $# -gt 0 ] || set -- parsers program threads
for part in "$@"; do
  case $part in
    parsers)
      rooms='capture|content|decode|identify|protocol|sketch|stream'
      suite replay "^fuzz/($rooms)_" $(targets "$rooms")
      ;;
    program)
      rooms='bundle|config|control|detect|evidence|fleet|report|runtime'
      suite dev "^fuzz/($rooms)_|^(evidence|supervise)/|^e2e/(demo|bad_input|caps_ledger|stacked|documents)" gander evidence_test \
        supervise_test $(targets "$rooms")
      ;;
    threads)
      suite tsan '^(capture|control|evidence|runtime|supervise)/' capture_test control_test evidence_test runtime_test \
        supervise_test
      ;;
    *) echo "sanitize.sh: there is no $part; known: parsers, program, threads" >&2; exit 2 ;;
  esac
done
