#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`gander run` as two processes, under real faults: a sensor that crashes, is killed or hangs is followed by another
that knows what its detectors knew and says what nobody saw; a flow that kills twice is left out, and nothing else is.
Needs root, iproute2 and a C compiler; exits 77 (skipped) without them."""
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from scanning import GANDER, SKIPPED, TOP, Checks, fates, of_type, skip_if_sanitized, valid
from wrapping import pcap

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'captures', 'demo'))
import identifiers  # noqa: E402

WAIT_S = 60
CLIENT = '10.80.0.1'
CRASHES, HANGS = 'QZX-CRASH-770011', 'QZX-HANG-770011'
# Hyperscan is asked about text with a literal of an operator's expression, whichever engine finds literals here.
RULES = '''rules:
  - {id: test.fault, sid: 3099901, title: fault, class: national_id, sensitivity: personal, chance: 0.0001,
     shape: {kind: expression, expression: 'QZX-[A-Z]{4,5}-[0-9]{6}'}, match: [QZX-CRASH-123456], no_match: [QZX-12]}
'''
# In its place: what a fault in a parser would do, on text that says so.
FAULTS = '''
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
#include <unistd.h>
typedef int (*scan_t)(const void*, const char*, unsigned, unsigned, void*, void*, void*);
int hs_scan(const void* db, const char* data, unsigned length, unsigned flags, void* scratch, void* match,
            void* context) {
  static scan_t real;
  if (!real) real = (scan_t)dlsym(RTLD_NEXT, "hs_scan");
  if (memmem(data, length, "CRASHES", strlen("CRASHES"))) *(volatile int*)8 = 1;
  while (memmem(data, length, "HANGS", strlen("HANGS"))) { }
  return real(db, data, length, flags, scratch, match, context);
}
'''.replace('CRASHES', CRASHES).replace('HANGS', HANGS)


def enter_namespace():
    if os.geteuid() != 0:
        print('needs root')
        sys.exit(SKIPPED)
    for program in ('unshare', 'ip', 'cc'):
        if shutil.which(program) is None:
            print(f'needs {program}')
            sys.exit(SKIPPED)
    if os.environ.get('GANDER_SUPERVISE') != '1':
        os.environ['GANDER_SUPERVISE'] = '1'
        os.execvp('unshare', ['unshare', '--net', sys.executable, '-B', *sys.argv])
    ip = ['ip', 'link']
    for name in ('all', 'default'):
        with open(f'/proc/sys/net/ipv6/conf/{name}/disable_ipv6', 'w', encoding='ascii') as f:
            f.write('1')
    subprocess.run([*ip, 'add', 'near', 'type', 'veth', 'peer', 'name', 'far'], check=True)
    for end in ('near', 'far', 'lo'):
        subprocess.run([*ip, 'set', end, *(['arp', 'off'] if end != 'lo' else []), 'up'], check=True)


def until(what, holds, limit_s=WAIT_S):
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        time.sleep(0.02)
    raise TimeoutError(f'{what}: not within {limit_s} s')


class Wire:
    """Sends conversations; beside them a datagram every few milliseconds, so that no sensor is without packets."""

    def __init__(self):
        self.out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.out.bind(('near', 0))
        self.port = 20_000
        self.ended = threading.Event()
        self.pulse = threading.Thread(target=self.beat, daemon=True)
        self.pulse.start()

    def beat(self):
        beat = pcap.Conversation('10.80.9.9', '198.51.100.99', 9).frames[0]
        while not self.ended.wait(0.005):
            self.out.send(beat)

    def post(self, body, server='198.51.100.9', port=None):
        self.port += 1
        talk = pcap.Conversation(CLIENT, server, client_port=port or self.port)
        request = pcap.http_request(body.encode(), content_type='text/plain', name=f'p{self.port}')
        talk.send(request.replace(b'files.example.org', f'r{server.replace(".", "-")}.example.org'.encode()))
        talk.send(pcap.HTTP_DONE, side=1)
        for frame in talk.close().frames:
            self.out.send(frame)
        return port or self.port


class Run:
    begun = []

    def __init__(self, folder, *more, **environment):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.events, self.log = os.path.join(folder, 'events.json'), os.path.join(folder, 'log')
        settings = {'runtime.epoch_s': 1, 'detect.snapshot.file': f'{folder}/state',
                    'detect.snapshot.key_file': f'{folder}/state.key', 'detect.snapshot.interval_s': 1,
                    'control.socket': f'{folder}/control', 'report.metrics.listen': '127.0.0.1:9961',
                    'evidence.directory': f'{folder}/evidence', 'evidence.key_file': f'{folder}/evidence.pem',
                    'process.restart.pause_ms': 50}
        options = [x for key, value in settings.items() for x in ('--set', f'{key}={value}')]
        own = os.path.join(folder, 'own.yaml')
        with open(own, 'w', encoding='utf-8') as rules:
            rules.write(RULES)
        options += ['--rules', os.path.join(TOP, 'rules'), '--rules', own]
        with open(self.log, 'w', encoding='utf-8') as err:
            self.process = subprocess.Popen(
                [GANDER, 'run', '--quiet', '--interface', 'far', '--events', self.events, *options, *more],
                stdout=subprocess.DEVNULL, stderr=err, env=dict(os.environ, **environment), cwd=folder)
        self.begun.append(self.process)

    def sensor(self):
        """The process id of the sensor, None while there is none."""
        with open(f'/proc/{self.process.pid}/task/{self.process.pid}/children', encoding='ascii') as f:
            children = f.read().split()
        return int(children[0]) if children else None

    def ask(self, path):
        try:
            with urllib.request.urlopen('http://127.0.0.1:9961' + path, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return ''

    def read(self, but=None):
        """The process id of a sensor, not `but`, that reads traffic."""
        def reads():
            pid = self.sensor()
            return pid if pid not in (None, but) and self.ask('/readyz') and self.sensor() == pid else None
        return until(f'a sensor that reads ({self.said()})', reads)

    def metric(self, name):
        """Once an epoch is judged; 0 where there is no such series."""
        text = until('metrics', lambda: self.ask('/metrics'))
        found = re.search(rf'^{re.escape(name)} (\S+)$', text, re.M)
        return float(found[1]) if found else 0

    def told(self):
        events = []
        if os.path.exists(self.events):
            with open(self.events, encoding='utf-8') as f:
                for line in f:
                    if line.endswith('\n'):
                        events.append(json.loads(line))
        return events

    def spots(self, kind):
        return [e for e in of_type(self.told(), 'blind_spot') if e['blind_spot']['kind'] == kind]

    def reports(self):
        return sorted(n for n in os.listdir(self.folder) if n.startswith('crash-'))

    def said(self):
        with open(self.log, encoding='utf-8') as f:
            return f.read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT_S)


def phones(first, count):
    return '\n'.join(f'phone: {identifiers.it_phone(first + i)}' for i in range(count))


def gone(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8') as f:
            return f.read().rsplit(')', 1)[1].split()[0] == 'Z'
    except FileNotFoundError:
        return True


def alerts(run, detector):
    return [e for e in of_type(run.told(), 'alert') if e['alert']['signature_id'] == 2_090_000 + detector]


def kills(checks, wire, folder):
    """kill -SEGV and kill -9: state is kept, the blind spot is told, each cause is counted."""
    run = Run(os.path.join(folder, 'kills'))
    first = run.read()
    checks.that(first != run.process.pid, 'the sensor is a process of its own')
    status = {}
    for pid in (run.process.pid, first):
        with open(f'/proc/{pid}/status', encoding='utf-8') as f:
            status[pid] = dict(line.rstrip('\n').split(':\t', 1) for line in f if ':\t' in line)
    checks.that(status[first]['Name'] == 'gander', f'it has its name: {status[first]["Name"]}')
    checks.that(all(s['NoNewPrivs'] == '1' and s['Seccomp'] == '2' for s in status.values()), 'both are confined')
    checks.that(int(status[run.process.pid]['CapEff'], 16) & 1 << 21 == 0, 'the supervisor has no CAP_SYS_ADMIN')
    for i in range(6):
        wire.post(phones(20 * i, 20), f'198.51.100.{10 + i}')
    saved = run.metric('gander_snapshot_writes_total{result="success"}')
    until('state saved after it', lambda: run.metric('gander_snapshot_writes_total{result="success"}') >= saved + 2)
    checks.that(not alerts(run, 4), 'D04 has not seen enough')
    died = time.time()
    os.kill(first, signal.SIGSEGV)
    second = run.read(but=first)
    restart = until('the blind spot', lambda: run.spots('restart'))[0]
    body = restart['blind_spot']
    checks.that((body['reason'], body['signal'], body['restarts']) == ('crash', 'SIGSEGV', 1), f'it says why: {body}')
    print(f'kill -SEGV: blind for {body["seconds"]:.3f} s, from the last round to the first packet')
    checks.that('flow_hash' not in body, f'no flow is blamed for a signal that was sent: {body}')
    for i in range(6, 12):
        wire.post(phones(20 * i, 20), f'198.51.100.{10 + i}')
    until('D04 counts the recipients of both sensors', lambda: alerts(run, 4))
    os.kill(second, signal.SIGKILL)
    third = run.read(but=second)
    restarts = until('the second blind spot', lambda: run.spots('restart')[1:])
    body = restarts[0]['blind_spot']
    checks.that((body['reason'], body['signal'], body['restarts']) == ('killed', 'SIGKILL', 2), f'of a kill: {body}')
    print(f'kill -9: blind for {body["seconds"]:.3f} s')
    checks.that(run.metric('gander_restarts_total{cause="crash"}') == 1, 'counted by cause')
    checks.that(run.metric('gander_restarts_total{cause="killed"}') == 1, 'counted by cause, too')
    checks.that(run.metric('gander_last_death_timestamp_seconds') > died, 'the moment is there')
    checks.that(run.metric('gander_poison_flows') == 0, 'no flow is left out')
    asked = subprocess.run([GANDER, 'ctl', 'status', '--socket', f'{run.folder}/control'], stdout=subprocess.PIPE,
                           check=False)
    checks.that(b'RESTARTED: crash 1, killed 1' in asked.stdout, f'`gander ctl status` tells: {asked.stdout}')
    checks.that(len(run.reports()) == 2, f'a report each: {run.reports()}')
    with open(os.path.join(run.folder, run.reports()[0]), encoding='utf-8') as f:
        report = json.load(f)
    checks.that(report['signal'] == 'SIGSEGV' and report['thread'] == 'judge', f'it says which and where: {report}')
    checks.that(len(report['build_id']) == 40, f'of which build: {report}')
    run.process.send_signal(signal.SIGHUP)
    until('a reload by way of the supervisor', lambda: of_type(run.told(), 'rules_reload'))
    checks.that(run.stop() == 0, 'it ends well when told')
    checks.that(gone(third), 'both are gone')
    checks.that(valid(run.events), 'each event is what the schema says')
    public, evidence = f'{run.folder}/public.pem', f'{run.folder}/evidence'
    with open(public, 'wb') as key:
        subprocess.run([GANDER, 'evidence', 'key', evidence], stdout=key, check=True)
    proof = subprocess.run([GANDER, 'evidence', 'verify', '--key', public, evidence], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, check=False)
    checks.that(proof.returncode == 0, f'the evidence is whole: {proof.stdout}')
    checks.that('system call' not in run.said(), f'nothing that it needs is refused: {run.said()}')


def poison(checks, wire, folder, faults):
    """One flow kills two sensors: the third leaves it out, and reads the others."""
    run = Run(os.path.join(folder, 'poison'), '--set', 'runtime.workers=2', '--set', 'capture.live.sockets=2',
              LD_PRELOAD=faults)
    first = run.read()
    port = wire.post(f'{phones(0, 5)}\n{CRASHES}\n')
    second = run.read(but=first)
    checks.that(run.metric('gander_poison_flows') == 0, 'once proves nothing')
    for i in range(3):
        wire.post(phones(10 * i, 10))
    wire.post(f'{phones(0, 5)}\n{CRASHES}\n', port=port)
    run.read(but=second)
    checks.that(run.metric('gander_poison_flows') == 1, 'twice does')
    third = run.sensor()
    wire.post(f'{phones(0, 5)}\n{CRASHES}\n', port=port)
    spot = until('the flow is told', lambda: run.spots('flow'))[0]
    checks.that((spot['src_ip'], spot['src_port'], spot['dest_port']) == (CLIENT, port, 80), f'with its ends: {spot}')
    checks.that(spot['community_id'].startswith('1:') and spot['blind_spot']['deaths'] == 2, f'... and why: {spot}')
    restarts = [e['blind_spot'] for e in run.spots('restart')]
    name = spot['blind_spot']['flow_hash']
    checks.that([r.get('flow_hash') for r in restarts] == [name, name], f'one hash over restarts: {restarts}')
    before = len(of_type(run.told(), 'http'))
    for i in range(3):
        wire.post(phones(10 * i, 10))
    until('other flows are read', lambda: len(of_type(run.told(), 'http')) >= before + 3)
    checks.that(run.sensor() == third, 'nobody dies of it any more')
    lost = run.metric('gander_ledger_bytes_total{category="lost",reason="poison"}')
    checks.that(lost > 100, f'its bytes have their fate: {lost}')
    checks.that(run.stop() == 0, 'it ends well')
    ledger = of_type(run.told(), 'stats')[-1]['gander']['ledger']
    checks.that(fates(ledger) == ledger['received'], f'the sum equals: {ledger}')
    text = run.said()
    for report in run.reports():
        with open(os.path.join(run.folder, report), encoding='utf-8') as f:
            text += f.read()
    checks.that(all(word not in text for word in ('CRASH-', CLIENT, '198.51.100', 'phone', identifiers.it_phone(0))),
                f'nothing that was seen is in a report or the log: {text}')
    checks.that(not [n for n in os.listdir(run.folder) if n.startswith('core')], 'no core was left')
    report = json.loads(text[text.rindex('\n{') + 1:])
    checks.that(report['thread'].startswith('worker') and report['poison'] == [name], f'who did it: {report}')
    checks.that(len(report['frames']) > 3, f'it says where: {report["frames"]}')
    checks.that(valid(run.events), 'each event is what the schema says')


def hang(checks, wire, folder, faults):
    run = Run(os.path.join(folder, 'hang'), '--set', 'process.watchdog_seconds=1', LD_PRELOAD=faults)
    first = run.read()
    wire.post(f'{phones(0, 5)}\n{HANGS}\n')
    run.read(but=first)
    body = until('the blind spot', lambda: run.spots('restart'))[0]['blind_spot']
    checks.that(body['reason'] == 'watchdog' and 'flow_hash' in body, f'a thread that hangs is found: {body}')
    print(f'hang, watchdog of 1 s: blind for {body["seconds"]:.3f} s')
    checks.that('packet thread 1 hung' in run.said(), f'the log says so: {run.said()}')
    checks.that(run.stop() == 0, 'it ends well')


def orphan(checks, folder):
    """Started as root, the sensor is another user: it is watched, ended and reported all the same."""
    user = pwd.getpwnam('nobody')
    place = os.path.join(folder, 'orphan')
    os.mkdir(place)
    os.chown(place, user.pw_uid, user.pw_gid)
    os.chmod(folder, 0o755)
    run = Run(place, '--set', 'process.user=nobody')
    first = run.read()
    checks.that(os.stat(f'/proc/{first}/environ').st_uid == 0, 'its memory is nobody\'s to read')
    os.kill(first, signal.SIGABRT)
    second = run.read(but=first)
    report = os.stat(os.path.join(place, run.reports()[0]))
    checks.that((report.st_uid, report.st_mode & 0o777) == (user.pw_uid, 0o640), 'the report is the sensor\'s user\'s')
    run.process.send_signal(signal.SIGHUP)
    until('signals reach the other user', lambda: of_type(run.told(), 'rules_reload'))
    os.kill(run.process.pid, signal.SIGKILL)
    run.process.wait(WAIT_S)
    until('a sensor without supervisor ends', lambda: gone(second))
    checks.that(os.path.getsize(f'{place}/state') > 0, '... having saved its state')


def no_start(checks, folder):
    for wrong, code in ((['--set', 'nothing.such=1'], 2), (['--rules', '/nowhere'], 2), (['--interface', 'none0'], 2)):
        run = Run(os.path.join(folder, 'wrong'), *wrong)
        checks.that(run.process.wait(WAIT_S) == code, f'{wrong} ends with {code}: {run.said()}')
        checks.that(run.said().count('remedy') == 1, f'{wrong} is tried once: {run.said()}')


def main():
    skip_if_sanitized()
    enter_namespace()
    checks = Checks()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        faults = os.path.join(folder, 'faults.so')
        subprocess.run(['cc', '-shared', '-fPIC', '-O1', '-x', 'c', '-', '-o', faults, '-ldl'], input=FAULTS.encode(),
                       check=True)
        wire = Wire()
        try:
            kills(checks, wire, folder)
            poison(checks, wire, folder, faults)
            hang(checks, wire, folder, faults)
            orphan(checks, folder)
            no_start(checks, folder)
        finally:
            for process in Run.begun:
                process.kill()  # its sensor ends with it
            wire.ended.set()
            wire.pulse.join()
    print(f'{time.monotonic() - began:.1f} s')
    checks.exit()


if __name__ == '__main__':
    main()
