#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The .deb as an administrator meets it: built, looked at by lintian, installed in a fresh Debian 12 that systemd has booted, started
# on traffic, reloaded, logs rotated, upgraded to a higher version with its state kept, a second instance beside it, removed,
# purged. Not part of CI: it makes a root file system (some 100 MB from Debian's mirror). Needs root.
#   tests/package/run.sh            builds build/release first, unless PACKAGES names a folder with two .debs
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
source sensor/packaging/build.sh
[ "$(id -u)" -eq 0 ] || { echo "needs root" >&2; exit 2; }
install_packages build package

version=$(sed -n 's/^project(gander VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
next=${version%.*}.$((${version##*.} + 1))
packages=${PACKAGES:-build/release/packages}
if [ -z "${PACKAGES:-}" ]; then
  ./sensor/packaging/deb.sh "$version" "$next"
fi
first=$(realpath "$packages"/gander_"$version"_*.deb)
second=$(realpath "$packages"/gander_"$next"_*.deb)

checks=0 failed=0
# that WHAT COMMAND...: the command ends well.
that() {
  local what=$1
  shift
  checks=$((checks + 1))
  if "$@" >"$work/out" 2>&1; then echo "  ok      $what"; else
    failed=$((failed + 1))
    echo "  FAILED  $what"
    tail -n 8 "$work/out" | sed 's/^/          /'
  fi
}
not() { ! "$@"; }

work=$(mktemp -d /var/tmp/gander-package.XXXXXX)
root=$work/root
booted=
clean_up() {
  [ -z "$booted" ] || { kill "$booted" 2>/dev/null || true; wait "$booted" 2>/dev/null || true; }
  for m in proc sys dev; do umount -l "$root/$m" 2>/dev/null || true; done
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT

echo "== the package"
dpkg-deb --info "$first" | sed -n 's/^ \(Version\|Depends\|Recommends\|Installed-Size\): /  \1: /p'
for f in usr/bin/gander usr/share/gander/rules/ usr/share/gander/dashboards/ usr/share/man/man1/gander.1.gz \
  usr/share/man/man5/gander.yaml.5.gz usr/share/bash-completion/completions/gander usr/share/zsh/vendor-completions/_gander \
  usr/share/fish/vendor_completions.d/gander.fish usr/lib/systemd/system/gander.service usr/lib/systemd/system/gander@.service \
  usr/lib/sysusers.d/gander.conf usr/lib/tmpfiles.d/gander.conf etc/gander/gander.yaml etc/logrotate.d/gander \
  usr/share/doc/gander/copyright usr/share/doc/gander/gander.spdx.json; do
  that "has $f" sh -c "dpkg-deb --contents '$first' | grep -qF ' ./$f'"
done
that "owned by root" sh -c "! dpkg-deb --contents '$first' | grep -v ' root/root '"
echo "== lintian"
that "lintian finds no error and no warning" lintian --fail-on error,warning "$first"

echo "== a fresh root"
mirror=$(awk '/^URIs:/{print $2; exit} /^deb /{print $2; exit}' /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list \
  2>/dev/null | head -n 1)
base=${PACKAGE_ROOT:-$HOME/.cache/gander-package-root}
if [ ! -e "$base/.done" ]; then
  rm -rf "$base"
  mkdir -p "$(dirname "$base")"
  debootstrap --variant=minbase --include=ca-certificates,systemd,systemd-sysv,dbus,iproute2,python3-minimal,logrotate,curl,procps \
    bookworm "$base" "$mirror" >"$work/debootstrap" 2>&1 || { tail -n 5 "$work/debootstrap"; exit 3; }
  touch "$base/.done"
fi
cp -a "$base/." "$root"
cp -rL /etc/apt/sources.list.d /etc/apt/apt.conf.d "$root/etc/apt/" 2>/dev/null || true
rm -f "$root/etc/apt/sources.list" "$root/etc/resolv.conf"
cp /etc/hosts "$root/etc/"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
mkdir -p "$root/srv"
cp "$first" "$second" "$here/replay.py" tests/captures/demo/demo.pcap "$root/srv/"
pass=()
while IFS='=' read -r k v; do
  case "$k" in http_proxy | https_proxy | no_proxy | HTTP_PROXY | HTTPS_PROXY | NO_PROXY) pass+=("$k=$v") ;; esac
done < <(env)
for m in proc sys dev; do mkdir -p "$root/$m"; done
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --make-rslave "$root/dev"
in_root() { chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "${pass[@]}" "$@"; }
in_root apt-get update -qq
that "installs, with what it depends on" in_root sh -c \
  "DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends /srv/$(basename "$first")"
that "the user is there" in_root getent passwd gander
that "its folders are its own" in_root sh -c '[ "$(stat -c %U:%a /var/lib/gander)" = gander:750 ]'
that "all libraries are found" in_root sh -c '! ldd /usr/bin/gander | grep "not found"'
that "finds its rules" in_root sh -c 'gander rules list | grep -q codice_fiscale'
that "the configuration that came is good" in_root gander config check --config /etc/gander/gander.yaml
that "scans" in_root sh -c 'gander scan --quiet --json /srv/demo.pcap | grep -q ledger'
for m in proc dev; do umount -l "$root/$m"; done

echo "== systemd"
# Its own names, network and processes; systemd is its process 1. The container's own filter knows no Landlock, and does not
# let the clock be asked.
systemd-nspawn --quiet --register=no --keep-unit --private-network --boot \
  --system-call-filter="landlock_create_ruleset landlock_add_rule landlock_restrict_self adjtimex clock_adjtime" --directory="$root" --machine="gander-$$" \
  --console=passive >"$work/console" 2>&1 &
booted=$!
leader=
for _ in $(seq 120); do
  leader=$(pgrep -P "$booted" -x systemd || true)
  [ -z "$leader" ] || break
  sleep 0.25
done
[ -n "$leader" ] || { echo "systemd did not boot here:"; tail -n 20 "$work/console"; exit 3; }
at() { nsenter --target "$leader" --all --wdns=/ /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"; }
for _ in $(seq 120); do
  state=$(at systemctl is-system-running 2>/dev/null || true)
  case "$state" in running | degraded) break ;; esac
  sleep 0.5
done
echo "  systemd $(at systemctl --version | sed -n '1s/systemd \([0-9]*\).*/\1/p'), $state"
at ip link add mirror type veth peer name feed
for end in mirror feed; do at ip link set "$end" arp off mtu 9000 up; done
at ip link set lo up

that "installed, it does not run" not at systemctl is-active --quiet gander
that "without an interface it says so" not at systemctl start gander
at sh -c 'sed -i "s/^# capture: .*/capture: {live: {interface: mirror}}/; s/^# evidence: /evidence: /; s/^  # suppress: /  suppress: /" \
  /etc/gander/gander.yaml
printf "suppress:\n  - {name: known, detector: D03, until: 2099-01-01, reason: ticket 1}\n" > /etc/gander/suppress.yaml
useradd --groups gander officer; useradd passer-by'
at systemctl reset-failed gander
that "starts, and says when it is ready" at systemctl start gander
that "runs as its user, seccomp and no new privileges in force" at sh -c '
  s=/proc/$(systemctl show --value -p MainPID gander)/status
  [ "$(stat -c %U "$s" 2>/dev/null || ps -o user= -p "$(systemctl show --value -p MainPID gander)")" != "" ] &&
  grep -q "^Seccomp:.2" "$s" && grep -q "^NoNewPrivs:.1" "$s" && grep -q "^CapEff:.*0000002000" "$s"'
at systemctl status --no-pager gander | sed -n '/Status:/p;/confined/p' | sed 's/^ */  /'
events=/var/log/gander/events.json
that "reads traffic" at sh -c "python3 /srv/replay.py /srv/demo.pcap feed >/dev/null; for i in \$(seq 60); do grep -q '\"event_type\":\"alert\"' $events && exit 0; sleep 0.5; done; exit 1"
that "shows its metrics on this machine" at sh -c 'curl -sf http://127.0.0.1:9944/metrics | grep -q "^gander_capture_packets_total"'
that "knows whether the clock is kept" at sh -c 'curl -sf http://127.0.0.1:9944/metrics | grep -q "^gander_clock_synchronized"'
that "answers on its control socket" at gander ctl status --config /etc/gander/gander.yaml
that "says what it has given away" at sh -c 'gander ctl status | grep -A1 "^confined user gander, cap_net_raw only, .*enforce" | grep "Landlock.*nothing refused"
  curl -sf http://127.0.0.1:9944/status | grep -q "\"refused\":{}"'
that "answers a member of its group" at runuser -u officer -- gander ctl status
that "who may not end it" not at runuser -u officer -- gander ctl drain
that "answers nobody else" not at runuser -u passer-by -- gander ctl status
that "takes an acknowledgement" at sh -c 'gander ctl ack "$(gander ctl alerts | sed -n "1s/ .*//p")" --until 7d --reason "ticket 2"'
that "reloads" at sh -c 'systemctl reload gander && for i in $(seq 40); do grep -q rules_reload /var/log/gander/events.json && exit 0; sleep 0.5; done; exit 1'
that "the journal has levels" at sh -c 'journalctl -u gander -p info --output=cat | grep -q "^confined: user gander"'
that "opens its own files only" at sh -c \
  'journalctl -u gander --output=cat | grep -q "own files only (Landlock"'
that "a sensor that crashes is followed by another, the service goes on" at sh -c '
  main=$(systemctl show --value -p MainPID gander) && kill -SEGV "$(pgrep -P "$main")"
  for i in $(seq 60); do
    curl -sf http://127.0.0.1:9944/metrics | grep -q "^gander_restarts_total.*crash.* 1$" && break
    sleep 0.5
  done
  curl -sf http://127.0.0.1:9944/metrics | grep -q "^gander_restarts_total.*crash.* 1$" &&
  systemctl is-active --quiet gander && [ "$(systemctl show --value -p MainPID gander)" = "$main" ] && ls /var/lib/gander/crash-*.json'
that "nothing was refused" not at sh -c 'journalctl -u gander --output=cat | grep -q refused'
that "logs rotate, and go on" at sh -c 'logrotate -f /etc/logrotate.d/gander && [ -s /var/log/gander/events.json.1 ] &&
  python3 /srv/replay.py /srv/demo.pcap feed >/dev/null && for i in $(seq 60); do [ -s /var/log/gander/events.json ] && exit 0; sleep 0.5; done; exit 1'
that "what is suppressed is not told" at sh -c "! grep -q 'signature.*D03' $events && grep -q 'D03' /var/lib/gander/evidence/records-*.jsonl"
at systemctl stop gander
that "its state is kept when it stops" at test -s /var/lib/gander/state
that "what it learned can be read" at gander baseline show --config /etc/gander/gander.yaml
at systemctl start gander
before=$(at sha256sum /var/lib/gander/state.key)
verify='gander evidence verify --key /var/lib/gander/evidence/public.pem /var/lib/gander/evidence'
that "its evidence is whole" at sh -c "$verify"
records=$(at sh -c 'cat /var/lib/gander/evidence/records-*.jsonl | wc -l')

echo "== upgrade"
pid=$(at systemctl show --value -p MainPID gander)
that "installs over it" at dpkg -i "/srv/$(basename "$second")"
that "is the higher version" at sh -c "dpkg-query -W -f '\${Version}' gander | grep -qx '$next'"
that "what was changed in /etc is kept" at grep -q 'interface: mirror' /etc/gander/gander.yaml
that "runs again, as a new process" at sh -c "systemctl is-active --quiet gander && [ \$(systemctl show --value -p MainPID gander) != $pid ]"
that "has the key and the state of before" at sh -c "[ \"\$(sha256sum /var/lib/gander/state.key)\" = '$before' ] && [ -s /var/lib/gander/state ]"
that "took the state up" not at sh -c 'journalctl -u gander --output=cat | grep -qi "snapshot.*\(cannot\|foreign\|damaged\)"'

that "goes on with its evidence" at sh -c "python3 /srv/replay.py /srv/demo.pcap feed >/dev/null
  for i in \$(seq 60); do [ \$(cat /var/lib/gander/evidence/records-*.jsonl | wc -l) -gt $records ] && exit 0; sleep 0.5; done; exit 1"
that "which is one log" at sh -c "$verify"
that "knows what was acknowledged" at sh -c 'gander ctl acks | grep -q "ticket 2"'
that "and suppressed" at grep -q 'suppress: suppress.yaml' /etc/gander/gander.yaml

echo "== a second instance"
at sh -c 'sed -e "s#interface: mirror#interface: feed#; s#9944#9945#; s#/log/gander/#/log/gander/two/#; s#/lib/gander/#/lib/gander/two/#g; s#/run/gander/#/run/gander/two/#" \
  /etc/gander/gander.yaml > /etc/gander/two.yaml'
that "starts beside the first" at systemctl start gander@two
that "both run" at systemctl is-active --quiet gander gander@two
that "each with metrics of its own" at sh -c 'curl -sf http://127.0.0.1:9945/healthz && curl -sf http://127.0.0.1:9944/healthz'
at rm -f /etc/gander/two.yaml /etc/gander/suppress.yaml

echo "== exposure (systemd-analyze security)"
at systemctl daemon-reload
at systemd-analyze security --no-pager gander.service | tail -n 1 | sed 's/^[^a-zA-Z]*/  /'

echo "== removal"
that "removes" at dpkg -r gander
that "no process is left" not at pgrep -x gander
that "configuration, state and events stay" at sh -c 'test -s /etc/gander/gander.yaml && test -s /var/lib/gander/state && ls /var/log/gander/*.json*'
that "purges" at dpkg -P gander
that "nothing is left" at sh -c '! ls -d /etc/gander /var/lib/gander /var/log/gander /var/cache/gander /usr/share/gander 2>/dev/null'
that "nor its user" not at getent passwd gander
echo "$checks checks, $failed failed"
[ "$failed" -eq 0 ]
