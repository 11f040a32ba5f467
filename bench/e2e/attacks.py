#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What attacks cost, beside normal traffic in the same process, and what overload does.

attacks.py --build DIR [--work DIR] [--only WORDS] [--quick] [--no-attacks] [--no-bombs] [--no-overload]
           [--seconds S] [--calm S]

Attacks: one worker and the aggregator in one thread (gander-attack), packets of a full 10 Gbit/s link. CPU for a packet
and for a byte as multiples of normal traffic's (corpus `mixed`); of normal traffic right behind the attack; resident
memory before, half way and at the end; ledger; findings of that normal traffic that are missing behind the attack.
Overload: the live engine through a queue of 4,096 packets in memory (gander-flood) at multiples of what it takes
without shedding, measured first; S seconds each, then calm until all is read again. What is left out first shows in the
shares of opaque bytes and of clear text that are still read. Ratios stand on a busy machine, times do not.
"""
import argparse
import json
import multiprocessing
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
SEEDS = os.path.join(TOP, 'tests', 'fuzz', 'corpus')
FACTORS = (0.5, 1, 2, 5)
# More than this many times a normal byte, and not because its packets are small: to be looked into.
DEAR = 10
MIB = 1 << 20
# Full within the first eighth of a flood.
SMALL = ('flow.max_flows=32768', 'detect.memory=64 MiB')


class Attacks:
    def __init__(self, options):
        self.options = options
        os.makedirs(options.work, exist_ok=True)
        self.normal = os.path.join(options.work, 'mixed.pcap')
        subprocess.run([self.tool('corpus'), options.work, 'mixed', '20'], check=True)
        self.worst = {}

    def tool(self, name):
        return os.path.join(self.options.build, f'gander-{name}')

    def run(self, *command):
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
        if done.returncode not in (0, 1):
            sys.exit(f'{command} ended with {done.returncode}')
        return json.loads(done.stdout)

    def names(self):
        listed = subprocess.run([self.tool('attack'), self.normal, 'list', '--seeds', SEEDS], stdout=subprocess.PIPE,
                                check=True, text=True)
        return [line.split('\t')[0] for line in listed.stdout.splitlines()]

    def measure(self, name, title=None):
        # Sent until one of the two is reached: enough to fill every table.
        size = ('150000', '5') if self.options.quick else ('1000000', '30')
        got = self.run(self.tool('attack'), self.normal, name, '--seeds', SEEDS, '--packets', size[0], '--megabytes',
                       size[1])
        self.show(title or name, got)
        return got

    def show(self, title, got):
        normal, attacked, behind = got['normal'], got['attacked'], got['normal_behind']
        packet = attacked['ns_per_packet'] / normal['ns_per_packet']
        byte = attacked['ns_per_byte'] / normal['ns_per_byte']
        self.worst[title] = (packet, byte)
        resident = '/'.join(f'{got[f"resident_{when}"] / MIB:.0f}' for when in ('before', 'half', 'after'))
        print(f'{title:34}{attacked["packets"]:>9}{attacked["bytes"] / 1e6:>7.1f}{packet:>9.2f}{byte:>8.2f}'
              f'{behind["ns_per_byte"] / normal["ns_per_byte"]:>8.2f}{resident:>14}  '
              f'{"exact" if got["exact"] else "NOT EXACT"} {got["findings_missing"]:>6}/{got["findings"]}'
              f'{"  dear" if min(packet, byte) > DEAR else ""}', flush=True)

    def attacks(self):
        print(f'{"attack":34}{"packets":>9}{"MB":>7}{"x packet":>9}{"x byte":>8}{"behind":>8}{"MiB":>14}  '
              'ledger missing')
        for name in self.names():
            if self.options.only in name:
                self.measure(name)

    def bombs(self):
        sys.path.insert(0, os.path.join(TOP, 'tests', 'e2e'))
        import bomb_table  # pylint: disable=import-outside-toplevel
        capture = os.path.join(self.options.work, 'bomb.pcap')
        for bomb in bomb_table.BOMBS:
            title = f'bomb: {bomb.title}'
            if self.options.only not in title or bomb_table.Row('', None, bomb.needs).missing():
                continue
            sizes = multiprocessing.Queue()
            maker = multiprocessing.Process(target=bomb_table.prepare, args=(bomb.make, bomb.times, capture, sizes))
            maker.start()
            sizes.get(timeout=300)
            maker.join()
            self.measure(capture, title[:33])

    def flood(self, *more):
        return self.run(self.tool('flood'), self.normal, '--queue', '4096', *more)

    def overload(self):
        """Small tables, so that they are full early and what grows behind that is a leak."""
        seconds = 5 if self.options.quick else self.options.seconds
        alone = self.flood('--seconds', '5', '--calm', '0.1', '--set', 'runtime.shed=false')
        capacity = alone['accepted_packets'] / alone['flood_s']
        whole = shares(alone)
        print(f'\noverload, {seconds:.0f} s each; taken without shedding: {capacity:,.0f} packets/s here and now; of opaque and '
              'of clear-text bytes that came in, the share that was read')
        print(f'{"factor":>7}{"offered":>12}{"read":>12}{"refused":>12}  {"ledger":10}{"level":15}{"opaque":>8}{"text":>8}'
              f'{"blind spots":>12}{"back s":>8}  MiB by eighths of the flood, and behind it')
        for factor in FACTORS:
            got = self.flood('--seconds', str(seconds), '--calm', str(self.options.calm), '--rate',
                             str(int(capacity * factor)), *(w for s in SMALL for w in ('--set', s)))
            spots = got['blind_spots']
            told = f'{sum(s["state"] == "begun" for s in spots)}+{sum(s["state"] == "ended" for s in spots)}'
            order = ('none', 'opaque_bulk', 'large_bodies', 'all_but_first')
            level = max((s['highest'] for s in got['shedding']), key=order.index, default='none')
            kept = [min(now / before, 1) for now, before in zip(shares(got), whole)]
            resident = ' '.join(f'{r / MIB:.0f}' for r in [*got['resident'][1:], got['resident_end']])
            print(f'{factor:7}{got["offered_packets"]:12,}{got["read_packets"]:12,}{got["refused_packets"]:12,}  '
                  f'{"exact" if got["exact"] else "NOT EXACT":10}{level:15}{kept[0]:8.1%}{kept[1]:8.1%}'
                  f'{told:>12}{got["recovery_s"]:8.1f}  {resident}', flush=True)


def shares(got):
    """Of all bytes read from the queue: those that passed as opaque, and those that were inspected."""
    fates = got['fates']
    opaque = sum(n for name, n in fates.items() if name.split('.')[0] in ('encrypted', 'opaque'))
    return opaque / got['read_bytes'], sum(n for name, n in fates.items() if name.startswith('inspected')) / got['read_bytes']


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', required=True)
    parser.add_argument('--work', default=os.path.join(TOP, 'build', 'bench'))
    parser.add_argument('--only', default='')
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('--no-attacks', action='store_true')
    parser.add_argument('--no-bombs', action='store_true')
    parser.add_argument('--no-overload', action='store_true')
    parser.add_argument('--seconds', type=float, default=60)
    parser.add_argument('--calm', type=float, default=30)
    options = parser.parse_args()
    attacks = Attacks(options)
    if not options.no_attacks:
        attacks.attacks()
    if not options.no_bombs:
        attacks.bombs()
    dear = {title: cost for title, cost in attacks.worst.items() if min(cost) > DEAR}
    print(f'{len(attacks.worst)} attacks; dearer than {DEAR} times normal for the packet and for the byte: '
          f'{", ".join(dear) or "none"}')
    if not options.no_overload and not options.only:
        attacks.overload()


if __name__ == '__main__':
    main()
