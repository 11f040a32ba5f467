#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What bombs cost: each is sent by HTTP between the packets of a clean flow. Checked are the caps, the ledger, memory, and
that the clean flow and the bomb's own flow are read to their ends; times are shown, never judged.

bomb_table.py [--longest PROGRAM] [--keep FOLDER] [--only WORDS]

PROGRAM is gander-longest-packet of bench/: the time of the slowest packet, which is what one of the clean flow waits.
"""
import argparse
import itertools
import json
import multiprocessing
import os
import subprocess
import tempfile

from scanning import GANDER, Checks, fates, final_ledger, is_sanitized, of_type, read_events
from wrapping import pcap
from wrapping.bombs import BOMBS, Bomb
from wrapping.people import EXPECTED, TEXT
from wrapping.row import Row, Wrapped
from wrapping.verdict import people_of

HOSTS = BOMBER, TARGET, CLEAN, CLEAN_TARGET = '10.78.0.1', '10.78.0.2', '10.78.0.3', '10.78.0.4'
WARM_HOSTS = '10.78.1.1', '10.78.1.2', '10.78.1.3', '10.78.1.4'
CLEAN_REQUESTS = 20
# What a worker may unwrap with (content.memory), and what else a run may need more than one without a bomb.
MEMORY_MIB, SLACK_MIB = 64, 32


def conversations(bomb, times=1, hosts=HOSTS):
    """The bomb and after it, on the same connection, the record; and a clean flow."""
    bad = pcap.Conversation(*hosts[:2])
    bad.send(pcap.http_request(bomb.data, bomb.type, bomb.coding, bomb.name) * times)
    bad.send(pcap.HTTP_DONE * times, side=1)
    bad.send(pcap.http_request(TEXT.encode(), 'text/plain'))
    bad.send(pcap.HTTP_DONE, side=1)
    clean = pcap.Conversation(*hosts[2:])
    for _ in range(CLEAN_REQUESTS):
        clean.send(pcap.http_request(TEXT.encode(), content_type='text/plain'))
        clean.send(pcap.HTTP_DONE, side=1)
    return bad.close().frames, clean.close().frames


def interleaved(bad, clean):
    """A clean packet behind each of the bomb's, or behind every n-th of a large one."""
    step = max(1, len(bad) // len(clean))
    pieces = [bad[at:at + step] for at in range(0, len(bad), step)]
    for piece, frame in itertools.zip_longest(pieces, clean):
        yield from piece or ()
        if frame is not None:
            yield frame


class Run:
    """One scan and what it took."""
    def __init__(self, capture, folder):
        events = os.path.join(folder, 'events.json')
        with open(os.path.join(folder, 'said'), 'wb') as said:
            process = subprocess.Popen([GANDER, 'scan', '--quiet', '--events', events, capture],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = self.exit = os.waitstatus_to_exitcode(status)
        self.cpu_s = usage.ru_utime + usage.ru_stime
        self.peak_mib = usage.ru_maxrss / 1024
        self.events = read_events(events) if self.exit == 0 else []

    def counters(self):
        return of_type(self.events, 'stats')[-1]['stats']['content']

    def anomalies(self):
        return {e['anomaly']['event'] for e in of_type(self.events, 'anomaly')}

    def found(self, sender, recipient):
        return people_of(self.events, sender, recipient, EXPECTED)


def longest(program, capture, warm):
    if not program:
        return '', ''
    done = subprocess.run([program, capture, '--warm', warm, '--rounds', '3'], stdout=subprocess.PIPE, check=True,
                          stdin=subprocess.DEVNULL)
    result = json.loads(done.stdout)
    return f'{1e3 * result["longest_packet_s"]:.2f}', f'{1e3 * result["longest_burst_s"]:.2f}'


def judge(checks, bomb, run, base, sanitized):
    name = bomb.title
    if not checks.that(run.exit == 0, f'{name}: exit {run.exit}'):
        return
    ledger = final_ledger(run.events)
    checks.that(ledger['received'] == ledger['sum'] == fates(ledger), f'{name}: the ledger does not balance')
    checks.that(run.found(CLEAN, CLEAN_TARGET) == '+', f'{name}: the clean flow: {run.found(CLEAN, CLEAN_TARGET)}')
    checks.that(run.found(BOMBER, TARGET) == '+', f'{name}: what follows the bomb: {run.found(BOMBER, TARGET)}')
    moved = {counter for counter, count in run.counters().items() if count > 0}
    checks.that(not bomb.caps or moved & bomb.caps, f'{name}: none of {sorted(bomb.caps)} ended it')
    checks.that(sanitized or run.peak_mib <= base.peak_mib + MEMORY_MIB + SLACK_MIB,
                f'{name}: {run.peak_mib:.0f} MiB, {base.peak_mib:.0f} without')


def show(title, size, frames, run, delays):
    ended, told = f'exit {run.exit}', ''
    if run.exit == 0:
        moved = sorted((name, count) for name, count in run.counters().items() if name.startswith('cap_') and count)
        ended, told = ' '.join(f'{name}={count}' for name, count in moved), ','.join(sorted(run.anomalies()))
    print(f'{title:45}{size:>10}{frames:>8}{run.cpu_s:>8.2f}{run.peak_mib:>7.0f}{delays[0]:>9}{delays[1]:>9}  '
          f'{ended:30} {told}')


NO_BOMB = Bomb('(no bomb)', lambda: Wrapped(b'nothing of note\n', 'plain'), frozenset())


def prepare(made, times, capture, sizes):
    """In a process of its own: a child is charged with its parent's memory as well."""
    wrapped = made()
    bad, clean = conversations(wrapped, times)
    pcap.write(capture, interleaved(bad, clean), step_us=10)
    sizes.put((len(wrapped.data) * times, len(bad)))


def measured(bomb, capture, warm, program):
    sizes = multiprocessing.Queue()
    process = multiprocessing.Process(target=prepare, args=(bomb.make, bomb.times, capture, sizes))
    process.start()
    size, frames = sizes.get(timeout=300)
    process.join()
    run = Run(capture, os.path.dirname(capture))
    show(bomb.title, size, frames, run, longest(program, capture, warm))
    return run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--longest', default='')
    parser.add_argument('--keep', default='')
    parser.add_argument('--only', default='')
    options = parser.parse_args()
    checks = Checks()
    sanitized = is_sanitized()
    print(f'{"":45}{"octets":>10}{"packets":>8}{"CPU s":>8}{"MiB":>7}{"ms/pkt":>9}{"ms/64":>9}  ended by')
    with tempfile.TemporaryDirectory() as folder:
        capture, warm = os.path.join(folder, 'bomb.pcap'), os.path.join(folder, 'none.pcap')
        pcap.write(warm, interleaved(*conversations(NO_BOMB.make(), 1, WARM_HOSTS)))
        base = measured(NO_BOMB, capture, warm, options.longest)
        for number, bomb in enumerate(BOMBS):
            if options.only not in bomb.title:
                continue
            missing = Row('', None, bomb.needs).missing()
            if missing:
                print(f'{bomb.title}: skipped, needs {", ".join(missing)}')
                continue
            if options.keep:
                os.makedirs(os.path.join(options.keep, str(number)), exist_ok=True)
                capture = os.path.join(options.keep, str(number), 'bomb.pcap')
            judge(checks, bomb, measured(bomb, capture, warm, options.longest), base, sanitized)
    checks.exit()


if __name__ == '__main__':
    main()
