#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A running sensor asked over its control socket: status, top, alerts, reload, acknowledgement, suppression, drain; who
may not is refused; what was done is in the evidence. Needs root, iproute2 and tcpreplay; exits 77 (skipped) without."""
import collections
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from reload_test import Cable
from scanning import CAPTURES, GANDER, SKIPPED, Checks, gander, of_type, read_events, skip_if_sanitized, valid

DEMO = os.path.join(CAPTURES, 'demo', 'demo.pcap')
WAIT_S = 90
REASONS = {'known, ticket 4711', 'ticket 1'}  # of what the second run does not tell


class Sensor:
    def __init__(self, cable, folder, *settings):
        self.cable, self.folder = cable, folder
        self.socket, self.log = os.path.join(folder, 'control.sock'), os.path.join(folder, 'evidence')
        self.events = os.path.join(folder, f'events-{time.monotonic_ns()}.json')
        chosen = [f'control.socket={self.socket}', f'evidence.directory={self.log}', 'control.group=nogroup',
                  f'evidence.key_file={folder}/sign.pem', f'detect.acknowledgements={folder}/acks.json',
                  'runtime.epoch_s=1', *settings]
        self.process = subprocess.Popen(
            [*cable.inside(), GANDER, 'run', '--quiet', '--json', '--interface', 'far', '--events', self.events,
             *[x for s in chosen for x in ('--set', s)]], stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def ctl(self, *arguments):
        return gander('ctl', *arguments, '--socket', self.socket)

    def body(self, *arguments):
        done = self.ctl(*arguments, '--json')
        return json.loads(done.stdout) if done.returncode == 0 else None

    def wait_reading(self):
        """Until it answers, which it does once its interface is open; of a state it can tell an epoch later."""
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline and self.process.poll() is None and self.body('alerts') is None:
            time.sleep(0.05)

    def wait(self, holds):
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline and self.process.poll() is None:
            status = self.body('status')
            if status is not None and holds(status):
                return status
            time.sleep(0.1)
        if self.process.poll() is None:
            self.process.kill()
        sys.exit(f'waited {WAIT_S} s in vain: {self.process.communicate()[1].decode()}')

    def play(self, judged):
        """The demo, compressed in time, then silence until `judged` holds of a status."""
        subprocess.run([*self.cable.inside(), 'tcpreplay', '-q', '-i', 'near', '--multiplier=60', DEMO],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        return self.wait(judged)

    def told(self):
        """Ids of the alerts in the file of events."""
        with open(self.events, encoding='utf-8') as f:
            events = [json.loads(line) for line in f.read().split('\n')[:-1]]  # the last one may be half there
        return {a['alert']['context']['id'] for a in of_type(events, 'alert')}

    def end(self):
        out, err = self.process.communicate(timeout=WAIT_S)
        return self.process.returncode, json.loads(out) if out else {}, err.decode()


def first_run(checks, cable, folder):
    sensor = Sensor(cable, folder)
    sensor.wait_reading()
    status = sensor.play(lambda s: {'D01', 'D02', 'D03'} <= {a['detector'] for a in s['alerts']})
    checks.that(status['movements'] and status['alerts'], 'status tells movements and alerts')
    bounds = status['confinement']
    checks.that(bounds['seccomp'] in ('enforce', 'kill') and bounds['system_calls'] > 100 and bounds['landlock'] > 0 and
                bounds['no_new_privileges'] and not bounds['core_dumps'], f'status tells what was given away: {bounds}')
    checks.that(bounds['refused'] == {}, f'and that nothing was refused: {bounds}')
    text = sensor.ctl('status').stdout.decode()
    checks.that(all(word in text for word in ('ALERTS', 'PEOPLE', 'confined user ', 'nothing refused')) and
                max(map(len, text.splitlines())) <= 200, f'status for people: {text}')
    screen = sensor.ctl('top', '--once', '--interval', '0.5').stdout.decode()
    checks.that('packets/s' in screen and '\x1b' not in screen, 'top draws a screen, without escapes where it is no terminal')
    print(screen)
    sensor.wait(lambda s: {a['id'] for a in sensor.body('alerts')} == sensor.told())  # the ids are those of the events
    alerts = sensor.body('alerts')
    matter = next(a for a in alerts if a['detector'] == 'D01')

    done = sensor.ctl('ack', 'no-such-id', '--until', '7d', '--reason', 'x')
    checks.that(done.returncode == 2 and b'remedy' in done.stderr, 'an unknown id is an error with a remedy')
    done = sensor.ctl('ack', matter['id'], '--until', '2020-01-01', '--reason', 'x')
    checks.that(done.returncode == 2 and b'within a year' in done.stderr, 'an end that is past is refused')
    done = sensor.ctl('ack', matter['id'], '--until', '7d', '--reason', 'known, ticket 4711')
    checks.that(done.returncode == 0, f'acknowledged: {done.stderr.decode()}')
    acks = sensor.body('acks')
    checks.that(len(acks) == 1 and acks[0]['user'] == 'root' and acks[0]['reason'] == 'known, ticket 4711', f'{acks}')

    done = sensor.ctl('reload')
    checks.that(done.returncode == 0 and b'rules:' in done.stdout and b'policy:' in done.stdout, f'reloaded: {done}')
    others(checks, sensor)
    second = gander('run', '--interface', 'lo', '--set', f'control.socket={sensor.socket}')
    checks.that(second.returncode == 2 and b'another sensor answers there' in second.stderr, f'two sensors, one socket: {second}')
    done = sensor.ctl('drain')
    code, summary, err = sensor.end()
    checks.that(done.returncode == 0 and code == 0 and summary.get('finished'), f'drained: {code} {err}')
    checks.that(not os.path.exists(sensor.socket), 'the socket goes with the sensor')
    checks.that(valid(some_of_each(sensor.events)), 'events are as the schema says')
    return matter


def some_of_each(path):
    """A file of the first events of each type."""
    chosen = path + '.some'
    with open(path, encoding='utf-8') as events, open(chosen, 'w', encoding='utf-8') as out:
        seen = collections.Counter()
        for line in events:
            kind = json.loads(line)['event_type']
            seen[kind] += 1
            if seen[kind] <= 10:
                out.write(line)
    return chosen


def ask_as(path, verb, user, group):
    """The answer, or the name of the error, of a process that is `user` in `group` and nothing else."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(group)
            os.setuid(user)
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(path)
                s.sendall(json.dumps({'verb': verb}).encode() + b'\n')
                answer = s.makefile('rb').readline()
        except OSError as error:
            answer = type(error).__name__.encode()
        os.write(writer, answer[:4000])
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, 'rb') as answer:
        return answer.read().decode()


def others(checks, sensor):
    """Somebody else on this machine: may ask as a member of the group, may not change anything."""
    nobody = pwd.getpwnam('nobody')
    os.chmod(sensor.folder, 0o755)
    checks.that('"ok":true' in ask_as(sensor.socket, 'status', nobody.pw_uid, nobody.pw_gid), 'a member of the group may ask')
    answer = ask_as(sensor.socket, 'drain', nobody.pw_uid, nobody.pw_gid)
    checks.that('nobody may not drain' in answer, f'and may not end it: {answer}')
    answer = ask_as(sensor.socket, 'status', nobody.pw_uid, 65533)
    checks.that('PermissionError' in answer, f'who is not in the group is not heard: {answer}')


def untold(sensor):
    """The records of the evidence, and the reasons of alerts in it that were told to nobody else."""
    with open(os.path.join(sensor.log, 'records-00000000000000000000.jsonl'), encoding='utf-8') as f:
        records = [json.loads(line) for line in f.read().split('\n')[:-1]]
    contexts = [r['body'].get('alert', {}).get('context', {}) for r in records if r['kind'] == 'event']
    return records, [c['suppressed']['reason'] for c in contexts if 'suppressed' in c]


def second_run(checks, cable, folder, matter):
    suppress = os.path.join(folder, 'suppress.yaml')
    with open(suppress, 'w', encoding='utf-8') as f:
        f.write('suppress:\n  - {name: no-tunnels, detector: D03, until: 2099-01-01, reason: ticket 1}\n')
    sensor = Sensor(cable, folder, f'detect.suppress={suppress}', 'report.metrics.listen=127.0.0.1:0')
    sensor.wait_reading()
    sensor.play(lambda s: 'D02' in {a['detector'] for a in s['alerts']} and REASONS <= set(untold(sensor)[1]))
    sensor.ctl('drain')
    code, _, err = sensor.end()
    alerts = of_type(read_events(sensor.events), 'alert')
    checks.that(code == 0 and alerts, f'the second run told alerts: {err}')
    checks.that(not any(a['alert']['signature'] == matter['signature'] for a in alerts), 'what was acknowledged is not told')
    checks.that(any('D02' in a['alert']['metadata']['gander_detector'] for a in alerts), 'what was not is')
    checks.that(not any('D03' in a['alert']['metadata']['gander_detector'] for a in alerts), 'what is suppressed is not')
    records, kept = untold(sensor)
    checks.that(set(kept) == REASONS, f'evidence has what was not told, and why: {kept}')
    actions = [r['body']['action'] for r in records if r['kind'] == 'audit']
    checks.that(actions == ['control_ack', 'control_reload', 'control_drain', 'control_drain'], f'and who did what: {actions}')
    done = gander('evidence', 'verify', '--key', os.path.join(sensor.log, 'public.pem'), sensor.log)
    checks.that(done.returncode == 0, f'which verifies: {done.stdout.decode()}')


def main():
    skip_if_sanitized()
    if os.geteuid() != 0 or not shutil.which('ip') or not shutil.which('tcpreplay'):
        print('skipped: needs root, iproute2 and tcpreplay')
        sys.exit(SKIPPED)
    checks = Checks()
    done = gander('ctl', 'status', '--socket', '/nonexistent/socket')
    checks.that(done.returncode == 3 and b'no sensor answers there' in done.stderr, 'nobody there is an error')
    cable = Cable()
    try:
        with tempfile.TemporaryDirectory() as folder:
            matter = first_run(checks, cable, folder)
            second_run(checks, cable, folder, matter)
    finally:
        cable.close()
    checks.exit()


if __name__ == '__main__':
    main()
