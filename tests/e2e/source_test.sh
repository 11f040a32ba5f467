#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same packets from a file, through DPDK's net_pcap and through an interface give the same judgement.
# Needs root, iproute2 and tcpreplay; exits 77 (skipped) without them. GANDER names the binary.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
gander=${GANDER:-$top/build/release/gander}
demo=$top/tests/captures/demo

[ "$(id -u)" -eq 0 ] || { echo "needs root"; exit 77; }
# In a chroot `ip netns exec` cannot remount /, and would leave a mount behind.
mountpoint -q / || { echo "needs a root file system of its own, not a chroot"; exit 77; }
for program in ip tcpreplay; do command -v "$program" >/dev/null || { echo "needs $program"; exit 77; }; done

work=$(mktemp -d)
space=gander-source-$$
sensor=
clean_up() {
  [ -z "$sensor" ] || { kill "$sensor" 2>/dev/null || true; wait "$sensor" 2>/dev/null || true; }
  ip netns del "$space" 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

same_as_file() {
  echo "== $1 and file"
  PYTHONDONTWRITEBYTECODE=1 python3 "$here/compare_sources.py" "$work/file.json" "$work/$1.json"
}

from_file() {
  "$gander" scan --quiet --config "$demo/demo.yaml" --events "$work/file.json" "$demo/demo.pcap" >/dev/null
}

from_dpdk() {
  cat >"$work/dpdk.yaml" <<CONF
capture:
  dpdk:
    eal: [--no-huge, -m, "256", --no-pci, --no-shconf, --no-telemetry, "--vdev=net_pcap0,rx_pcap=$demo/demo.pcap"]
    idle_limit_ms: 1500
CONF
  timeout 120 "$gander" run --quiet --config "$demo/demo.yaml" --dpdk "$work/dpdk.yaml" --events "$work/dpdk.json" \
    >"$work/dpdk.out" 2>&1
}

# The sensor listens on one end of a cable, the capture is replayed into the other.
from_interface() {
  ip netns add "$space"
  ip netns exec "$space" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip -n "$space" link add replay mtu 9000 type veth peer name mirror mtu 9000
  ip -n "$space" link set replay arp off up
  ip -n "$space" link set mirror arp off up
  ip netns exec "$space" timeout --foreground 120 "$gander" run --config "$demo/demo.yaml" --interface mirror \
    --events "$work/interface.json" >"$work/interface.out" 2>&1 &
  sensor=$!
  local tries
  for tries in {1..100}; do
    grep -q 'reading mirror' "$work/interface.out" && break
    sleep 0.1
  done
  ip netns exec "$space" timeout 60 tcpreplay --quiet --pps=2000 --intf1=replay "$demo/demo.pcap" >/dev/null
  sleep 2
  kill -TERM "$sensor"
  wait "$sensor" || { cat "$work/interface.out"; return 1; }
  sensor=
}

from_file
failed=0
if from_dpdk; then
  same_as_file dpdk || failed=1
elif grep -qi 'without dpdk' "$work/dpdk.out"; then
  echo "== dpdk: this binary is built without it"
else
  cat "$work/dpdk.out"
  failed=1
fi
from_interface
same_as_file interface || failed=1
exit "$failed"
