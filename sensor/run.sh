#!/usr/bin/env bash
# Installs what Gander needs, builds it optimised, and runs it.
#   ./sensor/run.sh                 scans the demo capture and says what it found
#   ./sensor/run.sh scan my.pcap    any command of gander, passed on as it is
#   ./sensor/run.sh run --interface eth0
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
source sensor/packaging/build.sh

install_packages build
build_preset release gander

gander=$here/build/release/gander
[ $# -eq 0 ] || { cd "${OLDPWD:-$here}" && exec "$gander" "$@"; }

out=$here/build/demo
mkdir -p "$out"
demo=tests/captures/demo
"$gander" scan --config "$demo/demo.yaml" --events "$out/events.json" --report "$out/report.html" "$demo/demo.pcap"
cat <<EOT

Next:
  ./sensor/run.sh scan my.pcap                   your own capture
  ./sensor/run.sh run --interface eth0           live, with metrics on http://127.0.0.1:9944/metrics
  ./sensor/run.sh --help                         everything else
EOT
