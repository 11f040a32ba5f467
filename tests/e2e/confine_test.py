#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A sensor on an interface gives away what it no longer needs, on every thread, and goes on working: rules are read anew, an
interface that vanished is opened again, rotated files too; other programs of its user cannot read its memory. A dry run
opens everything and empties nothing. Needs root and iproute2; exits 77 (skipped) without them."""
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from reload_test import NEW, OLD, Cable, wait_for, write_rules
from scanning import GANDER, SKIPPED, Checks, gander, read_events, skip_if_sanitized

USER = 'nobody'
NET_RAW = 1 << 13
FOLDER_MODE = 0o755
KEY_HEAP_KB = 32  # base/locked.h


def threads(pid):
    """What the kernel says of each thread, by field."""
    found = []
    for task in os.listdir(f'/proc/{pid}/task'):
        with open(f'/proc/{pid}/task/{task}/status', encoding='utf-8') as f:
            found.append(dict(line.rstrip('\n').split(':\t', 1) for line in f if ':\t' in line))
    return found


def takes_refusals(thread):
    """Whether SIGSYS reaches it; where that is blocked, a refused call ends the process."""
    return int(thread['SigBlk'], 16) >> (signal.SIGSYS - 1) & 1 == 0


def as_user(*command):
    """Exit code of a command run by that user."""
    return subprocess.run(['setpriv', '--reuid', USER, '--clear-groups', *command], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode


def check_bounds(checks, pid):
    uid = str(pwd.getpwnam(USER).pw_uid)
    for t in threads(pid):
        name = t['Name']
        checks.that(set(t['Uid'].split()) == {uid}, f'{name} is {USER}: {t["Uid"]}')
        checks.that(t['Groups'].strip() in ('', str(pwd.getpwnam(USER).pw_gid)), f'{name} has no other group: {t["Groups"]}')
        for which in ('CapEff', 'CapPrm', 'CapBnd'):
            checks.that(int(t[which], 16) == NET_RAW, f'{name} {which} is NET_RAW alone: {t[which]}')
        checks.that(int(t['CapInh'], 16) == int(t['CapAmb'], 16) == 0, f'{name} hands no capability on')
        checks.that(t['NoNewPrivs'] == '1', f'{name} gains no privileges')
        checks.that(t['Seccomp'] == '2', f'{name} is filtered: {t["Seccomp"]}')
        checks.that(takes_refusals(t), f'{name} counts a refused call, and does not die of it: {t["SigBlk"]}')
        checks.that(int(t['VmLck'].split()[0]) >= KEY_HEAP_KB, f'{name}: keys are not swapped out: {t["VmLck"]}')
    with open(f'/proc/{pid}/limits', encoding='utf-8') as f:
        core = next(line for line in f if line.startswith('Max core file size'))
    checks.that(core.split()[4:6] == ['0', '0'], f'no core is dumped: {core}')
    checks.that(as_user('head', '-c', '1', f'/proc/{pid}/environ') != 0, 'its own user cannot look into it')


class Sensor:
    def __init__(self, cable, folder, *more):
        self.log = os.path.join(folder, 'own', 'gander.log')
        self.events = os.path.join(folder, 'own', 'events.json')
        command = [GANDER, 'run', '--json', '--interface', 'far', '--rules', os.path.join(folder, 'rules.yaml'), '--events',
                   self.events]
        for key, value in {'runtime.epoch_s': 1, 'process.user': USER, 'log.destination': 'file', 'log.file': self.log,
                           'capture.live.retry_max_s': 1, 'detect.snapshot.file': f'{folder}/own/state',
                           'detect.snapshot.key_file': f'{folder}/own/state.key', 'control.socket': f'{folder}/own/control',
                           'evidence.directory': f'{folder}/own/evidence', 'report.metrics.listen': '127.0.0.1:0',
                           'evidence.key_file': f'{folder}/own/evidence.pem'}.items():
            command += ['--set', f'{key}={value}']
        self.process = subprocess.Popen([*cable.inside(), *command, *more], stdout=subprocess.DEVNULL)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def remake(cable):
    """Takes the interface away and brings it back under its name."""
    run = ['ip', '-n', cable.space]
    subprocess.run([*run, 'link', 'del', 'near'], check=True)
    time.sleep(1.5)
    subprocess.run([*run, 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far'], check=True)
    for end in ('near', 'far'):
        subprocess.run([*run, 'link', 'set', end, 'arp', 'off', 'up'], check=True)


def send(cable, seconds):
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'reload_test.py')
    sender = subprocess.Popen([*cable.inside(), sys.executable, '-B', here, '--send', 'near'], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE)
    time.sleep(seconds)
    return int(sender.communicate(timeout=30)[0].split()[-1])


def check_life(checks, cable, folder):
    sensor = Sensor(cable, folder)
    while not os.path.exists(sensor.log) and sensor.process.poll() is None:
        time.sleep(0.05)
    wait_for(sensor.log, 'Ctrl-C')
    time.sleep(0.5)
    check_bounds(checks, sensor.process.pid)
    checks.that(f'user {USER}, cap_net_raw only' in wait_for(sensor.log, 'confined:'), 'it says what is in force')
    checks.that(send(cable, 1) > 0, 'traffic flows')
    write_rules(os.path.join(folder, 'rules.yaml'), OLD, NEW)
    sensor.process.send_signal(signal.SIGHUP)
    wait_for(sensor.log, 'rules reloaded')
    remake(cable)
    time.sleep(2.5)
    before = len(read_events(sensor.events))
    os.rename(sensor.log, sensor.log + '.1')
    sensor.process.send_signal(signal.SIGUSR2)
    deadline = time.monotonic() + 20
    while not os.path.exists(sensor.log) and time.monotonic() < deadline:
        time.sleep(0.05)
    checks.that(os.path.exists(sensor.log), 'the rotated log is opened anew')
    checks.that(send(cable, 2) > 0, 'traffic flows again')
    checks.that(sensor.stop() == 0, 'it ends well')
    events = read_events(sensor.events)
    checks.that(len(events) > before, f'the interface that came back was read: {before} and {len(events)} events')
    checks.that(os.stat(sensor.events).st_uid == pwd.getpwnam(USER).pw_uid, 'its files are its own')
    checks.that(os.path.exists(f'{folder}/own/state'), 'the state was written')
    with open(sensor.log, encoding='utf-8') as now, open(sensor.log + '.1', encoding='utf-8') as earlier:
        text = now.read() + earlier.read()
    checks.that('refused' not in text, f'nothing it needed was refused: {text[-600:]}')


def check_refusals(checks, cable, folder):
    """Outputs that the user may not write, and users that do not exist, are told before traffic."""
    done = subprocess.run([*cable.inside(), GANDER, 'run', '-i', 'far', '--events', f'{folder}/events.json', '--set',
                           f'process.user={USER}'], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, check=False, timeout=60)
    checks.that(done.returncode == 2 and b'may not write there' in done.stderr and b'chown' in done.stderr,
                f'a folder of root\'s: {done.returncode} {done.stderr}')
    done = subprocess.run([*cable.inside(), GANDER, 'run', '-i', 'far', '--set', 'process.user=no-such-user'],
                          stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, check=False, timeout=60)
    checks.that(done.returncode == 2 and b'useradd' in done.stderr, f'an unknown user: {done.returncode} {done.stderr}')
    done = gander('run', '-i', 'lo', '--set', 'log.destination=file')
    checks.that(done.returncode == 2 and b'log.file' in done.stderr, f'a log without a file: {done.stderr}')
    done = gander('run', '-i', 'lo', '--set', 'log.destination=file', '--set', f'log.file={folder}/missing/log')
    checks.that(done.returncode == 2 and b'directory exists' in done.stderr, f'a log without a folder: {done.stderr}')


def check_dry_run(checks, cable, folder):
    events = f'{folder}/own/kept.json'
    with open(events, 'w', encoding='utf-8') as f:
        f.write('{}\n')
    command = [*cable.inside(), GANDER, 'run', '-i', 'far', '--dry-run', '--events', events, '--rules', f'{folder}/rules.yaml']
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=60)
    checks.that(done.returncode == 0 and b'no packet was read' in done.stdout, f'a dry run: {done.stdout} {done.stderr}')
    checks.that(os.path.getsize(events) == 3, 'a dry run empties nothing')
    done = subprocess.run([*command, '--set', f'report.html={folder}/missing/report.html'], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=60)
    checks.that(done.returncode == 2 and b'CANNOT BE WRITTEN' in done.stdout, f'a dry run that fails: {done.stdout}')


def main():
    skip_if_sanitized()
    if os.geteuid() != 0 or shutil.which('ip') is None or not os.path.ismount('/'):
        print('needs root, iproute2 and a root file system of its own')
        sys.exit(SKIPPED)
    checks = Checks()
    cable = Cable()
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, FOLDER_MODE)
            write_rules(os.path.join(folder, 'rules.yaml'), OLD)
            os.mkdir(f'{folder}/own')
            shutil.chown(f'{folder}/own', USER)
            check_refusals(checks, cable, folder)
            check_dry_run(checks, cable, folder)
            check_life(checks, cable, folder)
    finally:
        cable.close()
    checks.exit()


if __name__ == '__main__':
    main()
