#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Draws the dashboards in Chromium from their JSON and live query results: a preview, not Grafana.
#   tests/pages/dashboards.sh [FOLDER [SECONDS]]    pictures to FOLDER (build/preview), of SECONDS of traffic (60)
set -euo pipefail
cd "$(dirname "$0")/../.."
source sensor/packaging/build.sh

install_packages build test pages
build_preset release gander
exec python3 -B tests/pages/dashboards/preview.py "${1:-build/preview}" "${2:-60}"
