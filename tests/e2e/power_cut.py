#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A sensor that loses its power.

Kills: `gander run`, with a supervisor and without by turns, is killed at random moments of its life, from its start on,
under traffic, over the same state. After
each: the evidence is good and holds all that any earlier look saw signed; each alert that left by file longer ago than the
stated window (a checkpoint, an epoch) is in it; lines of the file are whole but for those that a kill cut, one a kill; the
next start goes well.

Cuts: each file of the state that was left is cut at every 512th byte, as file systems leave what was not synced, and the
sensor started twice over it. It starts, with a warning that names the file or without loss of what another run may use, and
the second start has nothing more to complain of.

  power_cut.py [--kills 200] [--cuts-per-file 0] [--seed N]     0 = every 512th byte

Needs root (namespaces of its own), iproute2, openssl; exits 77 (skipped) without them."""
import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from scanning import GANDER, SKIPPED, Checks, gander
from wrapping import pcap

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'captures', 'demo'))
import identifiers  # noqa: E402

STEP = 512
WAIT_S = 90
LIFE_S = 4       # a killed run's longest
WINDOW_S = 3       # a checkpoint each second, an epoch of a second, and the disk
KEYS = {'sign.pem', 'snapshot.key', 'tags.key'}
CONFIGURATION = '''
runtime: {epoch_s: 1}
detect:
  snapshot: {file: state/snapshot, key_file: state/snapshot.key, interval_s: 1}
  acknowledgements: state/acks.json
evidence: {directory: state/evidence, key_file: state/sign.pem, checkpoint_records: 16, checkpoint_interval_s: 1}
quarantine: {directory: state/quarantine, certificate: officer.pem, select: all}
control: {socket: control.sock}
report:
  outputs:
    - {type: file, name: file, path: state/events.json, append: true}
    - {type: kafka, name: broker, brokers: ["127.0.0.1:9"], topic: gander, spool: state/spool}
'''


def people(first, count):
    return '\n'.join(f'phone: {identifiers.it_phone(i)}, name: Person {i}' for i in range(first, first + count)).encode()


class Traffic(threading.Thread):
    """Twenty people's telephone numbers in a post, from other hosts to other recipients."""

    def __init__(self, pause_s=0.02):
        super().__init__(daemon=True)
        self.ends, self.posts, self.pause_s = threading.Event(), 0, pause_s

    def run(self):
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
            out.bind(('far', 0))
            while not self.ends.is_set():
                n = self.posts
                post = pcap.posted(f'10.80.{n // 250 % 250}.{n % 250 + 1}', f'198.51.{n // 250 % 250}.{n % 250 + 1}',
                                   people(20 * n, 20), content_type='text/plain')
                for frame in post.frames:
                    out.send(frame)
                self.posts += 1
                time.sleep(self.pause_s)


class Site:
    def __init__(self, folder):
        self.folder, self.state = folder, os.path.join(folder, 'state')
        self.events = os.path.join(self.state, 'events.json')
        self.log = os.path.join(self.state, 'evidence')
        os.makedirs(self.state, exist_ok=True)
        self.configuration = os.path.join(folder, 'gander.yaml')
        with open(self.configuration, 'w', encoding='utf-8') as out:
            out.write(CONFIGURATION)

    def certificate(self):
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', self.folder + '/officer.key',
                        '-out', self.folder + '/officer.pem', '-subj', '/CN=officer', '-days', '2'],
                       check=True, capture_output=True)

    def start(self, said, supervised=False):
        return subprocess.Popen([GANDER, 'run', '--quiet', '--config', self.configuration, '--interface', 'near', '--set',
                                 f'process.supervise={str(supervised).lower()}'], stdout=subprocess.DEVNULL, stderr=said,
                                start_new_session=True)

    def ctl(self, *arguments):
        return gander('ctl', *arguments, '--socket', os.path.join(self.folder, 'control.sock'))

    def verify(self):
        """(exit code, what it says), or None before the first run made its key."""
        if not os.path.exists(os.path.join(self.log, 'public.pem')):
            return None
        done = gander('evidence', 'verify', '--json', '--key', os.path.join(self.log, 'public.pem'), self.log)
        return done.returncode, json.loads(done.stdout) if done.stdout else {}

    def recorded(self):
        """The ids of alerts in the log."""
        ids = set()
        for name in os.listdir(self.log) if os.path.isdir(self.log) else ():
            if name.startswith('records-'):
                with open(os.path.join(self.log, name), encoding='utf-8', errors='replace') as f:
                    ids.update(re.findall(r'"event_type":"alert".*?"id":"([0-9a-f-]{36})"', f.read()))
        return ids


def lines_of(path):
    """(whole events, lines that are none)"""
    events, broken = [], 0
    if os.path.exists(path):
        with open(path, encoding='utf-8', errors='replace') as f:
            for line in f:
                try:
                    events.append(json.loads(line))
                except ValueError:
                    broken += 1
    return events, broken


def seconds_of(event):
    whole, _, fraction = event['timestamp'].partition('.')
    return time.mktime(time.strptime(whole, '%Y-%m-%dT%H:%M:%S')) - time.timezone + float('0.' + fraction.split('+')[0])


def complaints(text):
    """Warnings and errors on standard error."""
    return [line for line in text.splitlines() if re.search(r'warning|error|remedy|cannot|damaged', line)]


def end_at_once(process):
    """It and the sensor it watches over, which has a process group of its own and may do nothing in between."""
    with open(f'/proc/{process.pid}/task/{process.pid}/children', encoding='utf-8') as f:
        sensors = [int(pid) for pid in f.read().split()]
    for order in (signal.SIGSTOP, signal.SIGKILL):
        for pid in [process.pid, *sensors]:
            try:
                os.kill(pid, order)
            except ProcessLookupError:
                pass
    process.wait()
    while any(alive(pid) for pid in sensors):
        time.sleep(0.01)


def alive(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8') as f:
            return f.read().rsplit(')', 1)[1].split()[0] not in 'ZX'
    except OSError:
        return False


def kill_once(site, moment, checks, what, supervised):
    with open(os.path.join(site.folder, 'said'), 'w+', encoding='utf-8') as said:
        process = site.start(said, supervised)
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            pass
        ended = process.poll()
        died = time.time()
        end_at_once(process)
        said.seek(0)
        text = said.read()
    checks.that(ended is None, f'{what}: it was running ({ended}: {text[-500:]})')
    told = [line for line in complaints(text) if 'broker' not in line and 'built with a sanitizer' not in line]
    checks.that(not told, f'{what}: nothing of what the last kill left is complained of: {told[:3]}')
    return died


def kills(site, rounds, chance, checks):
    signed = done = 0
    most_cut = 0
    for i in range(rounds):
        died = kill_once(site, chance.uniform(0, LIFE_S), checks, f'kill {i}', supervised=i % 2 == 1)
        verified = site.verify()
        if verified is not None:
            code, said = verified
            checks.that(code == 0 and said['good'], f'kill {i}: the evidence is good: {said.get("faults")}')
            checks.that(said['signed'] >= signed, f'kill {i}: what was signed stays: {said["signed"]} of {signed}')
            signed = said['signed']
        events, broken = lines_of(site.events)
        most_cut = max(most_cut, broken)
        checks.that(broken <= i + 1, f'kill {i}: one line cut a kill: {broken}')
        alerts = [e for e in events if e['event_type'] == 'alert']
        done = len(alerts)
        recorded = site.recorded()
        missing = [e for e in alerts if e['alert']['context']['id'] not in recorded and seconds_of(e) < died - WINDOW_S]
        checks.that(not missing, f'kill {i}: what was told is in the evidence: {len(missing)} of {done} are not')
    print(f'{rounds} kills: {signed} records signed and all of them there, {done} alerts in the file, {most_cut} cut lines')
    checks.that(rounds < 20 or done > 0, 'alerts left')


def last_run(site, checks, acknowledges):
    """Ends well, over all those kills and behind a line that was cut; leaves an acknowledgement where one is wanted."""
    torn = '{"timestamp":"2026-11-30T1'
    with open(site.events, 'a', encoding='utf-8') as out:
        out.write(torn)
    with open(os.path.join(site.folder, 'said'), 'w+', encoding='utf-8') as said:
        process = site.start(said)
        deadline = time.monotonic() + WAIT_S
        alerts = []
        while time.monotonic() < deadline and process.poll() is None and not alerts:
            answer = site.ctl('alerts', '--json')
            if answer.returncode == 0 and not acknowledges:  # what was told before the kills is not told again
                break
            alerts = json.loads(answer.stdout) if answer.returncode == 0 else []
            time.sleep(0.2)
        checks.that(alerts or not acknowledges, 'the last run tells alerts')
        if alerts:
            done = site.ctl('ack', alerts[0]['id'], '--until', '7d', '--reason', 'power cut')
            checks.that(done.returncode == 0, f'acknowledged: {done.stderr.decode()}')
        process.send_signal(signal.SIGTERM)
        process.wait(WAIT_S)
        said.seek(0)
        with open(site.events, encoding='utf-8') as f:
            checks.that(torn + '\n' in f, 'no event is lost behind a cut line')
        checks.that(process.returncode == 0, f'the last run ends well: {process.returncode} {said.read()[-500:]}')


def state_files(state):
    for folder, _, names in os.walk(state):
        yield from (os.path.join(folder, n) for n in names)


def thinned(state, kept=2):
    """Of files of one sort in the quarantine `kept` are enough: they are written alike and read by nobody at a start."""
    folder = os.path.join(state, 'quarantine')
    if os.path.isdir(folder):
        for name in sorted(os.listdir(folder))[kept:]:
            os.remove(os.path.join(folder, name))


def over_a_copy(site):
    """A site with the same state, in a folder of its own."""
    folder = tempfile.mkdtemp(dir=site.folder)
    copy = Site(folder)
    shutil.copy(os.path.join(site.folder, 'officer.pem'), folder)
    os.rmdir(copy.state)
    shutil.copytree(site.state, copy.state)
    return copy


def cut_once(copy, name, place, capture, checks):
    os.truncate(os.path.join(copy.state, name), place)
    first = gander('scan', '--quiet', '--config', copy.configuration, capture)
    what = f'{name} cut at {place}'
    if os.path.basename(name) in KEYS:
        # Without its key a log is not that log, a snapshot not that snapshot: to be told, not passed over.
        checks.that(first.returncode == 2 and name.encode() in first.stderr and b'remedy' in first.stderr,
                    f'{what}: one clear error ({first.returncode}: {first.stderr.decode()})')
        return 'refused'
    told = complaints(first.stderr.decode())
    told = [t for t in told if 'broker' not in t]
    sort = 'warned' if told else 'silent'
    checks.that(first.returncode == 0, f'{what}: it starts ({first.returncode}: {first.stderr.decode()})')
    checks.that(len(told) <= 2, f'{what}: told once: {told}')
    again = gander('scan', '--quiet', '--config', copy.configuration, capture)
    told = [t for t in complaints(again.stderr.decode()) if 'broker' not in t]
    checks.that(again.returncode == 0 and not told, f'{what}: the second start is clean ({again.returncode}: {told})')
    code, said = copy.verify() or (0, {})
    checks.that(code == 0, f'{what}: the evidence is good: {said.get("faults")}')
    return sort


def cut(site, checks, per_file, chance):
    """Of each file: cuts, starts that went on without a word, with a warning, and refusals."""
    thinned(site.state)
    capture = os.path.join(site.folder, 'one.pcap')
    pcap.write(capture, pcap.posted('10.81.0.1', '198.51.100.1', people(0, 20), content_type='text/plain').frames)
    pristine = site.state
    rows = []
    for path in sorted(state_files(pristine)):
        if path == site.events:
            continue  # a scan begins it anew; last_run() goes on behind a cut line
        name, size = os.path.relpath(path, pristine), os.path.getsize(path)
        places = list(range(0, size, STEP))
        if per_file and len(places) > per_file:
            places = sorted(chance.sample(places, per_file))
        tally = dict(silent=0, warned=0, refused=0)
        for place in places:
            copy = over_a_copy(site)
            try:
                sort = cut_once(copy, name, place, capture, checks)
            finally:
                shutil.rmtree(copy.folder)
            tally[sort] += 1
        rows.append((name, size, len(places), *tally.values()))
    print(f'{"file":<44} {"bytes":>8} {"cuts":>5} {"silent":>6} {"warned":>6} {"refused":>7}')
    for name, size, *counts in rows:
        print(f'{name[:44]:<44} {size:>8} {counts[0]:>5} {counts[1]:>6} {counts[2]:>6} {counts[3]:>7}')


def main():
    if os.geteuid() != 0 or not all(shutil.which(p) for p in ('unshare', 'ip', 'openssl')):
        print('skipped: needs root, unshare, iproute2 and openssl')
        sys.exit(SKIPPED)
    if os.environ.get('GANDER_POWER_INSIDE') != '1':
        os.environ['GANDER_POWER_INSIDE'] = '1'
        os.execvp('unshare', ['unshare', '-n', '-m', '--propagation', 'private', sys.executable, '-B', *sys.argv])
    parser = argparse.ArgumentParser()
    parser.add_argument('--kills', type=int, default=200)
    parser.add_argument('--cuts-per-file', type=int, default=0)
    parser.add_argument('--seed', type=int, default=10)
    options = parser.parse_args()
    for command in ('link set lo up', 'link add near type veth peer name far', 'link set near arp off up',
                    'link set far arp off up', 'addr add 192.0.2.1/24 dev far'):
        subprocess.run(['ip', *command.split()], check=True)
    checks, chance = Checks(), random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder)
        site.certificate()
        traffic = Traffic()
        traffic.start()
        kills(site, options.kills, chance, checks)
        last_run(site, checks, False)
        traffic.ends.set()
        traffic.join()
        # Of a state of its own: small, since each of its bytes is in one of so many starts.
        small = Site(os.path.join(folder, 'small'))
        shutil.copy(os.path.join(folder, 'officer.pem'), small.folder)
        traffic = Traffic(pause_s=0.2)
        traffic.start()
        last_run(small, checks, True)
        traffic.ends.set()
        traffic.join()
        cut(small, checks, options.cuts_per_file, chance)
    checks.exit()


if __name__ == '__main__':
    main()
