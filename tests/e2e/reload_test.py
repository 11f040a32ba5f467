#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules and policy are read anew under traffic: no packet is lost, none is judged twice, the new rule finds what comes
after, the new register judges it; a pack or a policy that is wrong changes nothing. Needs root and iproute2; exits 77
(skipped) without them."""
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

from scanning import GANDER, SKIPPED, TOP, Checks, of_type, read_events

RULE = '''
  - {{id: test.{name}, sid: {sid}, title: {name}, class: national_id, sensitivity: personal, chance: 0.0001,
     shape: {{kind: expression, expression: '{prefix}-[0-9]{{6}}'}}, match: [{prefix}-123456], no_match: [{prefix}-12]}}'''
OLD = RULE.format(name='old', sid=3099901, prefix='QZX')
NEW = RULE.format(name='new', sid=3099902, prefix='WVK')
WRONG = NEW.replace('[0-9]{6}', '[0-9')
WAIT_S = 60
POLICY = '''
policy: {{name: {name}, version: {version}}}
zones:
{zones}
overrides: [{{net: 203.0.113.0/24, jurisdiction: DE}}]
transfers:
  - {{id: kept, to: {{jurisdiction: DE}}, action: deny, classes: [health]}}
{entries}'''
ZONES = ['  - {id: near, nets: [10.20.0.0/16], jurisdiction: "NO"}\n', '  - {id: other, nets: [10.30.0.0/16], jurisdiction: SE}\n']
PERMIT = '  - {id: permit, from: near, to: {net: 203.0.113.0/24}, basis: {kind: law}, not_before: 2026-01-01, until: 2026-12-31}\n'
POLICIES = [POLICY.format(name='first', version=1, zones=''.join(ZONES), entries=''),
            POLICY.format(name='second', version=2, zones=''.join(reversed(ZONES)), entries=PERMIT),
            POLICY.format(name='wrong', version=3, zones=''.join(ZONES), entries=PERMIT.replace('near', 'nowhere')),
            POLICY.format(name='third', version=4, zones=ZONES[0], entries='')]


def checksum(header):
    total = sum(struct.unpack('>10H', header))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def frame(number):
    """A datagram with a value of either rule, unlike any other."""
    text = f'badge QZX-{number % 1000000:06d} and WVK-{number % 1000000:06d} of shipment {number}\n'.encode()
    udp = struct.pack('>HHHH', 40000 + number % 50, 7777, 8 + len(text), 0) + text
    head = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), number & 0xffff, 0, 64, 17, 0, bytes((10, 20, 0, 1)),
                       bytes((203, 0, 113, 5)))
    head = head[:10] + struct.pack('>H', checksum(head)) + head[12:]
    return bytes.fromhex('02000000000202000000000108' '00') + head + udp


def send(interface):
    """Sends until standard input ends; answers each line with how many have been sent."""
    os.set_blocking(0, False)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
        out.bind((interface, 0))
        number = 0
        while True:
            for _ in range(10):
                out.send(frame(number))
                number += 1
            asked = sys.stdin.buffer.read()
            if asked == b'':
                break
            if asked:
                print(number, flush=True)
            time.sleep(0.005)
    print(number, flush=True)


class Cable:
    """Two ends in a network of their own."""

    def __init__(self):
        self.space = f'gander-reload-{os.getpid()}'
        run = ['ip', '-n', self.space]
        subprocess.run(['ip', 'netns', 'add', self.space], check=True)
        for name in ('all', 'default'):
            subprocess.run([*self.inside(), 'sysctl', '-qw', f'net.ipv6.conf.{name}.disable_ipv6=1'], check=True)
        subprocess.run([*run, 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far'], check=True)
        for end in ('near', 'far'):
            subprocess.run([*run, 'link', 'set', end, 'arp', 'off', 'up'], check=True)

    def inside(self):
        return ['ip', 'netns', 'exec', self.space]

    def close(self):
        subprocess.run(['ip', 'netns', 'del', self.space], check=False)


def wait_for(path, words, times=1):
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        with open(path, encoding='utf-8') as f:
            text = f.read()
        if text.count(words) >= times:
            return text
        time.sleep(0.02)
    sys.exit(f'"{words}" was not said within {WAIT_S} s:\n{text}')


def write(path, text):
    with open(path + '.next', 'w', encoding='utf-8') as f:
        f.write(text)
    os.replace(path + '.next', path)


def write_rules(path, *rules):
    write(path, 'rules:' + ''.join(rules) + '\n')


def write_policy(path, number):
    write(path, POLICIES[number].replace('2026-01-01', time.strftime('%Y-01-01')).replace('2026-12-31', time.strftime('%Y-12-31')))


def sent(sender):
    sender.stdin.write(b'?\n')
    sender.stdin.flush()
    return int(sender.stdout.readline())


def watch(cable, folder, sockets):
    """Runs the sensor under traffic through three reloads; the summary, the events and how many packets were sent when."""
    rules, policy, events, log = (os.path.join(folder, n) for n in ('rules.yaml', 'policy.yaml', 'events.json', 'log'))
    write_rules(rules, OLD)
    write_policy(policy, 0)
    with open(log, 'w', encoding='utf-8') as err:
        sensor = subprocess.Popen(
            [*cable.inside(), GANDER, 'run', '--json', '--interface', 'far', '--rules', rules, '--events', events,
             '--set', f'policy.file={policy}', '--set', f'capture.live.sockets={sockets}', '--set', 'runtime.epoch_s=1', '--set', 'runtime.shed=false'],
            stdout=subprocess.PIPE, stderr=err)
    wait_for(log, 'Ctrl-C')
    time.sleep(0.5)  # the sockets are open; a packet sent before is not the sensor's to lose
    sender = subprocess.Popen([*cable.inside(), sys.executable, '-B', __file__, '--send', 'near'], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE)
    at = {}
    while sent(sender) < 500:
        pass
    write_rules(rules, OLD, NEW)
    write_policy(policy, 1)
    at['before'] = sent(sender)
    sensor.send_signal(signal.SIGHUP)
    wait_for(log, 'policy reloaded: second')
    at['after'] = sent(sender)
    write_rules(rules, OLD, WRONG)
    write_policy(policy, 2)
    sensor.send_signal(signal.SIGHUP)
    at['problem'] = wait_for(log, 'policy not reloaded')
    while sent(sender) < at['after'] + 500:
        pass
    at['removal'] = sent(sender)
    write_rules(rules, OLD)
    write_policy(policy, 3)
    sensor.send_signal(signal.SIGHUP)
    wait_for(log, 'policy reloaded: third')
    at['removed'] = sent(sender)
    while sent(sender) < at['removed'] + 500:
        pass
    at['all'] = int(sender.communicate(timeout=WAIT_S)[0].split()[-1])
    time.sleep(1)  # what is on the way arrives
    sensor.send_signal(signal.SIGTERM)
    out = sensor.communicate(timeout=WAIT_S)[0]
    validator = os.path.join(TOP, 'tests', 'report', 'validate_events.py')
    at['valid'] = subprocess.run([sys.executable, '-B', validator, events], check=False).returncode
    return json.loads(out), read_events(events), at


def check(checks, summary, events, at):
    stats = of_type(events, 'stats')[-1]
    capture = stats['stats']['capture']
    checks.that(capture['kernel_packets'] == at['all'], f'{capture["kernel_packets"]} packets came of {at["all"]}')
    checks.that(capture['kernel_drops'] == 0 and capture['kernel_ifdrops'] == 0, f'none was lost: {capture}')
    found = {f['rule']: f['count'] for f in stats['gander']['findings'] if f['result'] == 'counted'}
    checks.that(found.get('test.old') == at['all'], f'the old rule found each value once: {found}, {at["all"]} sent')
    # What was sent before the signal may still wait in the kernel then: on a busy machine some, not half of it.
    most, least = at['removed'] - at['before'] // 2, at['removal'] - at['after']
    checks.that(least <= found.get('test.new', 0) <= most, f'the new rule judged while it was loaded: {found}, {least}..{most}')
    told = [e['rules_reload'] for e in of_type(events, 'rules_reload')]
    checks.that([t['result'] for t in told] == ['success', 'failure', 'success'], f'three events: {told}')
    checks.that([(t['rules_before'], t['rules'], t['added'], t['removed']) for t in told] ==
                [(1, 2, 1, 0), (2, 2, 0, 0), (2, 1, 0, 1)], f'counts: {told}')
    checks.that(told[0]['old_digest'] != told[0]['new_digest'] == told[1]['old_digest'] == told[1]['new_digest'],
                f'digests: {told}')
    checks.that(told[2]['new_digest'] == told[0]['old_digest'], 'the same rules have the same digest again')
    checks.that('rules.yaml:4' in told[1]['problem'] and 'rules.yaml:4' in at['problem'], f'file and line: {told[1]}')
    check_policies(checks, events, at)
    checks.that(at['valid'] in (0, SKIPPED), f'every event is as the schema says: {at["valid"]}')
    checks.that(summary['rules']['loaded'] == 1 if 'rules' in summary else True, f'rules at the end: {summary.get("rules")}')


def check_policies(checks, events, at):
    told = [e['policy_reload'] for e in of_type(events, 'policy_reload')]
    checks.that([t['result'] for t in told] == ['success', 'failure', 'success'], f'three policies: {told}')
    checks.that([(t['old_version'], t['version'], t['added'], t['removed']) for t in told] ==
                [(1, 2, ['permit'], []), (2, 2, [], []), (2, 4, [], ['permit'])], f'their entries: {told}')
    checks.that(told[0]['new_digest'] == told[1]['new_digest'] == told[2]['old_digest'] != told[2]['new_digest'], f'digests: {told}')
    checks.that([t['generation'] for t in told] == [1, 1, 2], f'generations: {told}')
    checks.that('neither a zone nor an asset' in told[1]['problem'] and 'policy.yaml:' in at['problem'], f'{told[1]}')
    transfers = [e['transfer'] for e in of_type(events, 'transfer')]
    checks.that(all(t['from']['zone'] == 'near' for t in transfers), 'zones keep their names, whatever their order')
    last = transfers[-1]
    checks.that((last['policy']['name'], last['verdict']) == ('third', 'unregistered'), f'the last policy judged last: {last}')


def main():
    if os.geteuid() != 0 or shutil.which('ip') is None or not os.path.ismount('/'):
        print('needs root, iproute2 and a root file system of its own')
        sys.exit(SKIPPED)
    checks = Checks()
    cable = Cable()
    try:
        for sockets in (1, 2):
            with tempfile.TemporaryDirectory() as folder:
                check(checks, *watch(cable, folder, sockets))
    finally:
        cable.close()
    checks.exit()


if __name__ == '__main__':
    if sys.argv[1:2] == ['--send']:
        send(sys.argv[2])
    else:
        main()
