# SPDX-License-Identifier: Apache-2.0
"""The one table, and the same as JSON."""
import json

from targets import TARGETS, verdict

COLUMNS = '{:<58s} {:>9s} {:>9s} {:>9s} {:>9s} {:>8s}  {}'


class Table:
    def __init__(self, machine, counts_cycles):
        self.machine, self.rows, self.notes, self.targets = machine, [], [], {}
        # Programs pin themselves and share the machine, so cycles are CPU time times the clock in either case.
        self.cycles_per_second = machine['mhz'] * 1e6
        self.counts_cycles = counts_cycles

    def rate(self, line, rate, packets=None, of=None, memory=None, ratios=None):
        """`rate`: bytes a second; `packets` among `of` bytes; `ratios`: to whom -> (best to best, median of rounds)."""
        row = {'line': line, 'bytes_per_s': rate, 'cycles_per_byte': self.cycles_per_second / rate}
        if packets:
            row['packets_per_s'] = packets * rate / of
            row['cycles_per_packet'] = self.cycles_per_second / row['packets_per_s']
        if memory:
            row['memory_bytes'] = memory
        if ratios:
            row['ratios'] = {to: {'best': best, 'median': middle} for to, (best, middle) in ratios.items()}
        self.rows.append(row)

    def value(self, line, value):
        self.rows.append({'line': line, 'value': value})

    def target(self, key, value, middle):
        text, operator, target = TARGETS[key]
        self.targets[key] = {'line': text, 'value': value, 'median': middle, 'operator': operator, 'target': target,
                             'verdict': verdict(key, value)}
        self.rows.append({'target': key, **self.targets[key]})

    def note(self, text):
        self.notes.append(text)

    def print(self):
        m = self.machine
        print(f'{m["cpu"]}, {m["cores"]} cores, {m["mhz"]:.0f} MHz, Linux {m["kernel"]}, load {m["load"][0]:.1f} at the start')
        print('cycles: CPU time x clock' + ('' if self.counts_cycles else ' (this machine counts none)') + '\n')
        print(COLUMNS.format('', 'GB/s', 'M pkt/s', 'cyc/byte', 'cyc/pkt', 'MiB', 'ratio, best (median)'))
        for row in self.rows:
            print(self.format(row))
        print()
        for note in self.notes:
            print(note)
        missing = [key for key in TARGETS if key not in self.targets]
        short = [key for key, t in self.targets.items() if t['verdict'] == 'short']
        print(f'\n{len(self.targets) - len(short)} of {len(TARGETS)} targets reached; short: {", ".join(short) or "none"}'
              + (f'; not measured: {", ".join(missing)}' if missing else ''))

    @staticmethod
    def format(row):
        if 'target' in row and 'verdict' in row:
            middle = f' ({row["median"]:.2f})' if row['median'] is not None else ''
            return COLUMNS.format('  = ' + row['line'], '', '', '', '', '',
                                  f'{row["value"]:.2f}{middle}   target {row["operator"]} {row["target"]:g}   {row["verdict"].upper()}')
        if 'value' in row:
            return COLUMNS.format(row['line'], '', '', '', '', '', f'{row["value"]:.2f}')
        packets = row.get('packets_per_s')
        ratios = ', '.join(f'{to} {r["best"]:.2f}' + (f' ({r["median"]:.2f})' if r['median'] else '')
                           for to, r in row.get('ratios', {}).items())
        return COLUMNS.format(row['line'], f'{row["bytes_per_s"] / 1e9:.3f}', f'{packets / 1e6:.2f}' if packets else '',
                              f'{row["cycles_per_byte"]:.2f}', f'{row["cycles_per_packet"]:.0f}' if packets else '',
                              f'{row["memory_bytes"] / 2**20:.0f}' if 'memory_bytes' in row else '', ratios)

    def write(self, path, **more):
        with open(path, 'w') as f:
            json.dump({'machine': self.machine, 'cycles_per_second': self.cycles_per_second, **more, 'rows': self.rows,
                       'targets': self.targets, 'notes': self.notes}, f, indent=1)
