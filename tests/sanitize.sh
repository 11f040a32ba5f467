#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What CI runs under sanitizers, in minutes: with ASan and UBSan each parser over its corpus of attacks and the program
# itself over captures and bad input; with TSan what has threads. The whole suite so: tests/run.sh dev, tests/run.sh tsan.
#   tests/sanitize.sh [address] [thread]     default: both
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

[ $# -gt 0 ] || set -- address thread
for sanitizer in "$@"; do
  case $sanitizer in
    address)
      suite dev '^(fuzz|evidence|supervise)/|^e2e/(demo|bad_input|caps_ledger|stacked|documents)' gander evidence_test \
        supervise_test $(cd tests/fuzz && ls -- *_fuzz.cc | sed 's/\.cc$//')
      ;;
    thread)
      suite tsan '^(runtime|report|evidence|supervise)/|^e2e/(ctl|reload|metrics|evidence)_test' gander runtime_test report_test \
        evidence_test supervise_test
      ;;
    *) echo "sanitize.sh: there is no $sanitizer; known: address, thread" >&2; exit 2 ;;
  esac
done
