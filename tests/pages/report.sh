#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The report page of the demo in headless Chromium: no request leaves, no error, two widths without scrolling sideways,
# light, dark and print, axe-core without a serious violation, focus in the order of reading.
#   ./tests/pages/report.sh [FOLDER]   pictures and the PDF are left in FOLDER; else they are removed
# Not part of tests/run.sh: it installs Chromium, and two test tools from npm into a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
source sensor/packaging/build.sh
install_packages build pages
gander=${GANDER:-build/release/gander}
[ -x "$gander" ] || build_preset release gander

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pictures=${1:-$work/pictures}
mkdir -p "$pictures"
npm install --silent --no-audit --no-fund --prefix "$work/tools" puppeteer-core@24 axe-core@4 >/dev/null

demo=tests/captures/demo
"$gander" scan --quiet --config $demo/demo.yaml --events "$work/events.json" --report "$work/scan.html" $demo/demo.pcap >/dev/null
"$gander" report --events "$work/events.json" -o "$work/events.html" >/dev/null
"$gander" scan --quiet --report "$work/empty.html" tests/captures/small/vlan_qinq.pcap >/dev/null

NODE_PATH="$work/tools/node_modules" node tests/pages/report_check.cjs "$pictures" \
  "$work/scan.html" "$work/events.html" "$work/empty.html"
