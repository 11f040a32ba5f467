#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same packets give the same judgement from a file, through DPDK's net_pcap (one queue; two, with the directions on
# different ones) and through an interface (1, 2 and 4 sockets); as they are, mirrored inside VXLAN in fragments, and cut,
# reordered, repeated and wrapped by gander-mangle. Needs root, iproute2 and tcpreplay; exits 77 (skipped) without them.
# GANDER and GANDER_MANGLE name the binaries.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
gander=${GANDER:-$top/build/release/gander}
mangle=${GANDER_MANGLE:-$(dirname "$gander")/gander-mangle}
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

recast() { PYTHONDONTWRITEBYTECODE=1 python3 "$here/recast.py" "$@"; }

failed=0
# same_as_file NAME [--mirrored]
same_as_file() {
  echo "== $1 and file"
  PYTHONDONTWRITEBYTECODE=1 python3 "$here/compare_sources.py" "$work/file.json" "$work/$1.json" "${@:2}" || failed=1
}

# from_file NAME CAPTURE WORKERS
from_file() {
  "$gander" scan --quiet --config "$demo/demo.yaml" --workers "$3" --events "$work/$1.json" "$2" >/dev/null
}

# Workers must not show in a single byte, but for their number.
same_bytes() {
  echo "== $1 and $2, byte by byte"
  cmp <(sed 's/"workers":[0-9]*//' "$work/$1.json") <(sed 's/"workers":[0-9]*//' "$work/$2.json") || failed=1
}

# from_dpdk NAME QUEUES PARAMETERS_OF_NET_PCAP
from_dpdk() {
  cat >"$work/dpdk.yaml" <<CONF
capture:
  dpdk:
    eal: [--no-huge, -m, "256", --no-pci, --no-shconf, --no-telemetry, "--vdev=net_pcap0,$3"]
    rx_queues: $2
    idle_limit_ms: 1500
runtime:
  shed: false
CONF
  timeout 120 "$gander" run --quiet --config "$demo/demo.yaml" --dpdk "$work/dpdk.yaml" --events "$work/$1.json" \
    >"$work/dpdk.out" 2>&1
}

make_cable() {
  ip netns add "$space"
  ip netns exec "$space" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip -n "$space" link add replay mtu 9000 type veth peer name mirror mtu 9000
  ip -n "$space" link set replay arp off up
  ip -n "$space" link set mirror arp off up
}

# The sensor listens on one end of a cable, the capture is replayed into the other; a signal ends it within two seconds.
# from_interface NAME SOCKETS CAPTURE
from_interface() {
  ip netns exec "$space" timeout --foreground 120 "$gander" run --config "$demo/demo.yaml" --interface mirror \
    --set "capture.live.sockets=$2" --set runtime.shed=false --events "$work/$1.json" >"$work/interface.out" 2>&1 &
  sensor=$!
  for _ in {1..100}; do
    grep -qs 'Ctrl-C' "$work/interface.out" && break
    sleep 0.1
  done
  sleep 1
  ip netns exec "$space" timeout 60 tcpreplay --quiet --pps=2000 --intf1=replay "$3" >/dev/null
  sleep 2
  kill -TERM "$sensor"
  local begin=$SECONDS
  wait "$sensor" || { cat "$work/interface.out"; return 1; }
  sensor=
  [ $((SECONDS - begin)) -le 3 ] || { echo "the end took $((SECONDS - begin)) seconds"; failed=1; }
}

from_file file "$demo/demo.pcap" 1
recast split "$demo/demo.pcap" "$work/there.pcap" "$work/back.pcap"
recast vxlan "$demo/demo.pcap" "$work/vxlan.pcap"
"$mangle" "$demo/demo.pcap" "$work/mangled.pcap" segment=1,2000 overlap=20 wrap=1000 reorder=8 timestamps \
  duplicate=20,500 vlan=7 gre=700

for workers in 1 2 4; do from_file "vxlan-$workers" "$work/vxlan.pcap" "$workers"; done
same_bytes vxlan-1 vxlan-2
same_bytes vxlan-1 vxlan-4
same_as_file vxlan-2 --mirrored

if from_dpdk dpdk-1 1 "rx_pcap=$demo/demo.pcap"; then
  same_as_file dpdk-1
  from_dpdk dpdk-2 2 "rx_pcap=$work/there.pcap,rx_pcap=$work/back.pcap" || { cat "$work/dpdk.out"; exit 1; }
  same_as_file dpdk-2
  from_dpdk dpdk-vxlan 1 "rx_pcap=$work/vxlan.pcap" || { cat "$work/dpdk.out"; exit 1; }
  same_as_file dpdk-vxlan --mirrored
  from_dpdk dpdk-mangled 1 "rx_pcap=$work/mangled.pcap" || { cat "$work/dpdk.out"; exit 1; }
  same_as_file dpdk-mangled --mirrored
elif grep -qi 'without dpdk' "$work/dpdk.out"; then
  echo "== dpdk: this binary is built without it"
else
  cat "$work/dpdk.out"
  failed=1
fi

make_cable
for sockets in 1 2 4; do
  from_interface "sockets-$sockets" "$sockets" "$demo/demo.pcap"
  same_as_file "sockets-$sockets"
done
from_interface sockets-vxlan 2 "$work/vxlan.pcap"
same_as_file sockets-vxlan --mirrored
from_interface sockets-mangled 2 "$work/mangled.pcap"
same_as_file sockets-mangled --mirrored
exit "$failed"
