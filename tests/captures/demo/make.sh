#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes demo.pcap, truth.json and planted.txt.gz with real programs in network namespaces of its own.
# Needs root and: iproute2 ethtool iputils-ping tcpdump curl openssl python3 dnsmasq-base nginx-light vsftpd
# exim4-daemon-light swaks. Takes about half a minute. Nothing leaves the namespaces: they have no way out.
#
#   wards   10.20.0.0/16 ──┐
#                          router ── uplink (the mirror: each packet is seen once) ── outside
#   servers 10.30.0.0/16 ──┘                   192.0.2.0/24, 198.18.80.0/24, 198.51.100.0/24, 203.0.113.0/24
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/servers.sh"
source "$here/traffic.sh"
max_bytes=$((3 * 1024 * 1024))

[ "$(id -u)" -eq 0 ] || { echo "make.sh: network namespaces need root" >&2; exit 2; }
for program in ip ethtool ping tcpdump curl openssl python3 dnsmasq nginx vsftpd exim4 swaks; do
  command -v "$program" >/dev/null || { echo "make.sh: $program is missing, see the head of this file" >&2; exit 2; }
done

work=$(mktemp -d)
chmod 755 "$work"
router=gander-$$-router wards=gander-$$-wards servers=gander-$$-servers outside=gander-$$-outside
namespaces=("$router" "$wards" "$servers" "$outside")
pids=()

clean_up() {
  local pid name
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  for name in "${namespaces[@]}"; do
    ip netns del "$name" 2>/dev/null || true
    rm -rf "/etc/netns/$name"
  done
  rmdir /etc/netns 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# spawn NAMESPACE COMMAND... : in the background, ended by clean_up.
spawn() {
  local name=$1
  shift
  ip netns exec "$name" timeout 180 "$@" >>"$work/servers.log" 2>&1 &
  pids+=($!)
}

# Offloads make frames larger than any wire carries and leave checksums to hardware that is not there.
wire_like() { ip netns exec "$1" ethtool -K "$2" tso off gso off gro off tx off rx off >/dev/null 2>&1; }

# join NAMESPACE ROUTER_SIDE : a cable to the router.
join() {
  ip link add "$2" netns "$router" type veth peer name eth0 netns "$1"
  ip -n "$router" link set "$2" up
  ip -n "$1" link set eth0 up
  wire_like "$router" "$2"
  wire_like "$1" eth0
}

build_network() {
  local name address
  for name in "${namespaces[@]}"; do
    ip netns add "$name"
    ip netns exec "$name" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    ip -n "$name" link set lo up
    mkdir -p "/etc/netns/$name"
    echo 'nameserver 192.0.2.53' >"/etc/netns/$name/resolv.conf"
  done
  join "$wards" wards
  join "$servers" servers
  join "$outside" uplink
  ip netns exec "$router" sysctl -qw net.ipv4.ip_forward=1
  ip -n "$router" addr add 10.20.0.1/16 dev wards
  ip -n "$router" addr add 10.30.0.1/16 dev servers
  ip -n "$router" addr add 172.31.255.1/30 dev uplink
  for address in 192.0.2.0 198.18.80.0 198.51.100.0 203.0.113.0; do ip -n "$router" route add "$address/24" via 172.31.255.2; done

  for address in 10.20.0.{10..16} $(cat "$work/send/clients"); do ip -n "$wards" addr add "$address/16" dev eth0; done
  ip -n "$wards" route add default via 10.20.0.1
  ip -n "$servers" addr add 10.30.0.9/16 dev eth0
  ip -n "$servers" route add default via 10.30.0.1
  ip -n "$outside" addr add 172.31.255.2/30 dev eth0
  for address in 192.0.2.{10,25,53} 198.51.100.20 198.18.80.80 203.0.113.{25,44,66,90,91}; do
    ip -n "$outside" addr add "$address/32" dev eth0
  done
  ip -n "$outside" route add default via 172.31.255.1
}

# await ADDRESS PORT : until somebody listens there.
await() {
  local tries
  for tries in {1..50}; do
    ip netns exec "$outside" bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null && return 0
    sleep 0.1
  done
  echo "make.sh: nothing listens on $1:$2" >&2
  cat "$work/servers.log" >&2
  return 3
}

start_capture() {
  ip netns exec "$router" tcpdump -i uplink -n -s 262144 -B 16384 -U -Z root -w "$work/demo.pcap" 2>"$work/tcpdump.log" &
  tcpdump=$!
  pids+=("$tcpdump")
  local tries
  for tries in {1..50}; do
    grep -q 'listening on' "$work/tcpdump.log" && return 0
    sleep 0.1
  done
  return 3
}

stop_capture() {
  sleep 1
  kill -INT "$tcpdump"
  wait "$tcpdump" || true
  grep -q '^0 packets dropped by kernel' "$work/tcpdump.log" || { cat "$work/tcpdump.log" >&2; return 3; }
}

mkdir "$work/out"
python3 -B "$here/invent.py" "$work" "$work/out"
build_network
start_dns
start_web
start_ftp
start_mail 192.0.2.25 mail.example.com
start_mail 203.0.113.25 mail.example.org
for listener in 192.0.2.53/53 192.0.2.10/443 203.0.113.66/21 192.0.2.25/25 203.0.113.25/25; do
  await "${listener%/*}" "${listener#*/}"
done
start_capture
tell_story
stop_capture

size=$(stat -c %s "$work/demo.pcap")
[ "$size" -le "$max_bytes" ] || { echo "make.sh: $size bytes are more than $max_bytes" >&2; exit 3; }
mv "$work/demo.pcap" "$work/out/"
python3 -B "$here/verify.py" "$work/out"
cp "$work/out/"* "$here/"
chmod 644 "$here/demo.pcap" "$here/truth.json" "$here/planted.txt.gz"
echo "demo.pcap: $size bytes"
