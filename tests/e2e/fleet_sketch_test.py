#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sketches of a fleet, through the binary: the same people give the same registers at two sites and others under another
key, workers do not show, every line is what the schema says, no sketch carries hashes; what is wrong with key and windows is
one error. Where PostgreSQL with its hll extension is installed, it merges them and counts within the stated error."""
import json
import os
import random
import shutil
import subprocess
import tempfile

from scanning import CAPTURES, Checks, gander, of_type, read_events, valid

DEMO = os.path.join(CAPTURES, 'demo')
REGISTERS, RANK_BITS, ERROR = 2048, 5, 0.0230


def scan(folder, name, key, *more, sensor='site-a', workers=1):
    path = os.path.join(folder, f'{name}.json')
    done = gander('scan', '--quiet', '--config', os.path.join(DEMO, 'demo.yaml'), '--events', path,
                  '--workers', workers, '--set', f'fleet.key_file={key}', '--set', f'fleet.sensor={sensor}', *more,
                  os.path.join(DEMO, 'demo.pcap'))
    return done, path


def registers_of(text):
    """What the format's description says, read anew; ends in an exception where it is not kept."""
    data = bytes.fromhex(text)
    assert data[0] >> 4 == 1 and data[1] == (RANK_BITS - 1) << 5 | 11 and data[2] == 0x40, text[:6]
    kind, body, out = data[0] & 15, data[3:], [0] * REGISTERS
    assert kind in (1, 3, 4), f'type {kind}'
    if kind == 3:
        for i in range(0, len(body), 2):
            cell = int.from_bytes(body[i:i + 2], 'big')
            out[cell >> 5] = cell & 31
    if kind == 4:
        bits = int.from_bytes(body, 'big')
        out = [bits >> RANK_BITS * (REGISTERS - 1 - i) & 31 for i in range(REGISTERS)]
    return out


def stored(registers):
    bits = 0
    for rank in registers:
        bits = bits << RANK_BITS | rank
    return '148b40' + bits.to_bytes(REGISTERS * RANK_BITS // 8, 'big').hex()


def row_of(sketch):
    c = sketch['collector']
    return (sketch['epoch'], sketch['window']['begin'], c['id'], c['address'], sketch['from']['zone'], sketch['type'],
            sketch['subject_country'], sketch['verdict'], sketch['entry_id'])


class Server:
    """A PostgreSQL of our own on a Unix socket."""

    def __init__(self, folder):
        self.folder = folder
        found = sorted(n for n in os.listdir('/usr/lib/postgresql')) if os.path.isdir('/usr/lib/postgresql') else []
        self.bin = os.path.join('/usr/lib/postgresql', found[-1], 'bin') if found else ''
        self.user = ['runuser', '-u', 'postgres', '--'] if os.geteuid() == 0 else []

    def start(self):
        if not self.bin or not os.path.exists(f'{os.path.dirname(self.bin)}/lib/hll.so'):
            return 'PostgreSQL with its hll extension is not installed'
        if self.user:
            shutil.chown(self.folder, 'postgres')
        data = os.path.join(self.folder, 'data')
        for command in ([f'{self.bin}/initdb', '-D', data, '-A', 'trust', '-U', 'postgres'],
                        [f'{self.bin}/pg_ctl', '-D', data, '-w', '-l', os.path.join(self.folder, 'log'),
                         '-o', f"-k {self.folder} -c listen_addresses='' -c fsync=off", 'start']):
            done = subprocess.run(self.user + command, cwd=self.folder, capture_output=True, check=False)
            if done.returncode != 0:
                return f'PostgreSQL does not start here: {done.stderr.decode()[-300:]}'
        self.ask('create extension hll')
        return ''

    def ask(self, text):
        done = subprocess.run([f'{self.bin}/psql', '-h', self.folder, '-U', 'postgres', '-Atq', '-F', ' ', '-v', 'ON_ERROR_STOP=1'],
                              input=text.encode(), capture_output=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode())
        return done.stdout.decode().split()

    def stop(self):
        if self.bin:
            subprocess.run(self.user + [f'{self.bin}/pg_ctl', '-D', os.path.join(self.folder, 'data'), '-m', 'immediate', 'stop'],
                           cwd=self.folder, capture_output=True, check=False)


def check_sites(checks, folder, key):
    """Events of two sites that saw the same."""
    first, path = scan(folder, 'a', key)
    checks.that(first.returncode == 0, f'the run ends well: {first.stderr.decode()}')
    events = read_events(path)
    one = [e['sketch'] for e in of_type(events, 'sketch')]
    checks.that(len(one) > 5 and valid(path), f'{len(one)} sketches, each line as the schema says')
    checks.that([s['sequence'] for s in one] == list(range(1, len(one) + 1)), 'numbered from one')
    checks.that(len({row_of(s) for s in one}) == len(one), 'no row twice')
    for e in of_type(events, 'sketch'):
        checks.that(e['dest_ip'] == e['sketch']['collector']['address'] and 'src_ip' not in e, 'the collector is its key')
        for side in ('people', 'senders'):
            count = e['sketch'][side]
            used = sum(1 for r in registers_of(count['hll']) if r)
            checks.that(count['low'] <= count['estimate'] <= count['high'] and (used > 0) == (count['estimate'] > 0),
                        f'{side}: figures and registers: {count["estimate"]}, {used} used')
            if count['estimate'] < 100:
                checks.that(0 <= count['estimate'] - used <= max(2, count['estimate'] * 0.1),
                            f'a register a person, but for collisions: {used} of {count["estimate"]}')
    transfers = of_type(events, 'transfer')
    checks.that(sum(s['bytes'] for s in one) == sum({(t['src_ip'], t['dest_ip'], t['transfer']['to'].get('domain')):
                t['transfer']['bytes'] for t in transfers}.values()), 'bytes add up to those of the transfers')
    _, again = scan(folder, 'w4', key, workers=4)
    told = lambda name: [line for line in open(name, 'rb') if b'"event_type":"stats"' not in line]
    checks.that(told(path) == told(again), 'four workers tell the same, in the same order')
    _, other = scan(folder, 'b', key, sensor='site-b')
    two = [e['sketch'] for e in of_type(read_events(other), 'sketch')]
    checks.that([s['people']['hll'] for s in one] == [s['people']['hll'] for s in two], 'the same people, the same registers')
    local = [(a, b) for a, b in zip(one, two) if a['from']['zone'] != 'outside']
    alike = sum(a['senders']['hll'] == b['senders']['hll'] for a, b in local)
    checks.that(local and alike <= 2, f'but other senders: {alike} of {len(local)} alike')  # one sender: 1 of 6,000 by chance
    return one, two


def check_keys(checks, folder, key, one):
    foreign = os.path.join(folder, 'foreign.key')
    gander('fleet', 'key', foreign)
    _, path = scan(folder, 'c', foreign)
    three = [e['sketch'] for e in of_type(read_events(path), 'sketch')]
    alike = sum(a['people']['hll'] == b['people']['hll'] for a, b in zip(one, three))
    checks.that(len(three) == len(one) and alike <= 2, f'another key, other registers: {alike} alike')
    checks.that({s['key_id'] for s in one}.isdisjoint({s['key_id'] for s in three}), 'and another id')
    rotated = os.path.join(folder, 'rotated.key')
    shutil.copy(key, rotated)
    done = gander('fleet', 'rotate', rotated)
    checks.that(done.returncode == 0, f'rotate: {done.stderr.decode()}')
    _, path = scan(folder, 'r', rotated)
    checks.that([e['sketch'] for e in of_type(read_events(path), 'sketch')] == one, 'a later generation changes nothing yet')
    checks.that(gander('fleet', 'rotate', rotated, '--epoch', '1').returncode == 2, 'a generation cannot begin in the past')
    checks.that(gander('fleet', 'key', key).returncode == 2, 'no key is written over')
    shown = gander('fleet', 'show', '--set', f'fleet.key_file={key}', '--set', 'fleet.sensor=x')
    checks.that(shown.returncode == 0 and b'(now)' in shown.stdout, f'show: {shown.stderr.decode()}')
    with open(key, encoding='utf-8') as f:
        secrets = [word for word in f.read().split() if len(word) == 64]
    everything = b''.join(open(os.path.join(folder, n), 'rb').read() for n in os.listdir(folder) if n.endswith('.json'))
    checks.that(len(secrets) == 2 and not any(s.encode() in everything + shown.stdout for s in secrets), 'no secret is told')


def check_errors(checks, folder, key):
    def refused(what, *settings, words):
        done = gander('scan', '--quiet', *[x for s in settings for x in ('--set', s)], os.path.join(DEMO, 'demo.pcap'))
        said = done.stderr.decode()
        checks.that(done.returncode == 2 and all(w in said for w in (*words, 'remedy')), f'{what}: {done.returncode} {said}')
    named = 'fleet.sensor=s'
    refused('no file', f'fleet.key_file={folder}/none', named, words=['fleet.key_file', 'gander fleet key'])
    refused('no name', f'fleet.key_file={key}', words=['fleet.sensor'])
    refused('seams', f'fleet.key_file={key}', named, 'fleet.window_s=700', words=['fleet.window_s', 'day'])
    refused('epochs', f'fleet.key_file={key}', named, 'fleet.window_s=600', 'runtime.epoch_s=7', words=['runtime.epoch_s'])
    readable = os.path.join(folder, 'readable.key')
    shutil.copy(key, readable)
    os.chmod(readable, 0o644)
    refused('mode', f'fleet.key_file={readable}', named, words=['chmod 600'])
    with open(os.path.join(folder, 'text.key'), 'w', encoding='utf-8') as f:
        f.write('not a key\n')
    os.chmod(f.name, 0o600)
    refused('no key', f'fleet.key_file={f.name}', named, words=['text.key:1', 'no fleet key'])
    live = gander('run', '--interface', 'lo', '--dry-run', '--set', f'fleet.key_file={key}', '--set', named)
    checks.that(live.returncode == 2 and b'detect.snapshot.file' in live.stderr, f'a run keeps its state: {live.stderr.decode()}')


def check_server(checks, server, one, two):
    """The extension reads what we write, writes what we write, merges, and counts as well as it should."""
    table = ', '.join(f"('\\x{s['people']['hll']}'::hll)" for s in one + two)
    same = server.ask(f'select count(*) from (values {table}) t(h) where hll_print(h) is not null')
    checks.that(same == [str(len(one + two))], 'the extension takes every sketch')
    for a, b in zip(one, two):
        n, union, text = server.ask(f"select '\\x{a['people']['hll']}'::hll as a, '\\x{b['people']['hll']}'::hll as b \\gset\n"
                                    "select #:'a'::hll, #(:'a'::hll || :'b'::hll), (:'a'::hll || :'b'::hll)::text;")
        n, union, estimate = float(n), float(union), a['people']['estimate']
        checks.that(n == union and text == '\\x' + a['people']['hll'], 'the union with itself is itself, octet by octet')
        checks.that(abs(n - estimate) <= max(3.0, 4 * ERROR * estimate), f'{n} where the sensor says {estimate}')
    draw = random.Random(1)
    for people, trials in ((50, 20), (900, 20), (3000, 20), (36_000, 10)):
        texts, wrong = [], []
        for _ in range(trials):
            sites = [[0] * REGISTERS for _ in range(3)]
            for i in range(people):
                tag = draw.getrandbits(64)
                at, rank = tag >> 53, min(31, 54 - (tag & (1 << 53) - 1).bit_length())
                for site in (i % 3, (i * 7) % 3):
                    sites[site][at] = max(sites[site][at], rank)
            texts.append('select #hll_union_agg(h) from (values ' + ', '.join(f"('\\x{stored(s)}'::hll)" for s in sites) + ') t(h);')
        for n in server.ask('\n'.join(texts)):
            wrong.append(float(n) / people - 1)
        mean = sum(wrong) / trials
        spread = (sum(w * w for w in wrong) / trials) ** 0.5
        print(f'{people} people at three sites, {trials} trials: mean error {100 * mean:+.2f} %, '
              f'root mean square {100 * spread:.2f} %, worst {100 * max(map(abs, wrong)):.2f} %')
        checks.that(spread <= 1.5 * ERROR and max(map(abs, wrong)) <= 4 * ERROR, f'{people}: within the stated error')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        key = os.path.join(folder, 'fleet.key')
        checks.that(gander('fleet', 'key', key).returncode == 0, 'a key is made')
        one, two = check_sites(checks, folder, key)
        check_keys(checks, folder, key, one)
        check_errors(checks, folder, key)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        why_not = server.start()
        try:
            if why_not:
                print(f'not merged by PostgreSQL: {why_not}')
            else:
                check_server(checks, server, one, two)
        finally:
            server.stop()
    checks.exit()


if __name__ == '__main__':
    main()
