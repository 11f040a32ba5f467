#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# clang-tidy, with the checks of .clang-tidy, over rooms or files of sensor/: exit code 1 when one speaks. By hand and before
# a release, for all takes three quarters of an hour on two cores. Needs clang-tidy (Debian: apt-get install clang-tidy).
#   tests/tidy.sh [ROOM | FILE ...]     default: all rooms
set -euo pipefail
cd "$(dirname "$0")/.."
command -v clang-tidy >/dev/null || { echo 'tidy.sh: clang-tidy is missing; apt-get install clang-tidy' >&2; exit 2; }
cmake --preset debug -B build/tidy -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DGANDER_PCH=OFF >/dev/null
[ $# -gt 0 ] || set -- $(cd sensor && echo */)
files=()
for what in "$@"; do
  if [ -f "$what" ]; then files+=("$what"); else mapfile -t -O ${#files[@]} files < <(find "sensor/${what%/}" -name '*.cc' | sort); fi
done
said=$(printf '%s\0' "${files[@]}" |
  xargs -0 -P "${JOBS:-$(nproc)}" -n 4 clang-tidy -p build/tidy --quiet 2>/dev/null | grep -E '(warning|error): ' | sort -u || true)
[ -z "$said" ] || printf '%s\n' "$said"
echo "${#files[@]} files, $(printf '%s' "$said" | grep -c . || true) findings"
[ -z "$said" ]
