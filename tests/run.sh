#!/usr/bin/env bash
# Installs what the tests need, builds, and runs all tests.
#   ./tests/run.sh                  the release build
#   ./tests/run.sh dev              another preset: debug, dev (ASan + UBSan), tsan
#   ./tests/run.sh release -R flow  further arguments go to ctest
set -euo pipefail
cd "$(dirname "$0")/.."
source sensor/packaging/build.sh

preset=${1:-release}
[ $# -eq 0 ] || shift
install_packages build test
build_preset "$preset" all
exec ctest --test-dir "build/$preset" --output-on-failure -j "$(nproc)" "$@"
