#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the scenarios are played with, builds gander, plays them and scores what it says. Needs root.
#   ./tests/scenario/run.sh                    all of them
#   ./tests/scenario/run.sh --only P01,B*      some; all further arguments are those of run.py
set -euo pipefail
cd "$(dirname "$0")/../.."
source sensor/packaging/build.sh

install_packages build scenario
build_preset release gander
exec python3 -B tests/scenario/run.py "$@"
