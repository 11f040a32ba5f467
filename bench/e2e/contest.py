#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures Gander beside what a user would compare it with, in turns in one run, and prints one table.

Every figure is CPU time of the process or thread; what a process takes to start is measured on an empty capture and
taken off. bench/README.md says how to read it.
"""
import argparse
import datetime
import os
import subprocess
import sys

from measure import cycle_counter, empty_capture, in_turns, machine, median, run, truth
from table import Table

# A scan is measured on so many times the size asked for that starting it, some 40 ms, does not decide.
TIMES = {'clean': 4, 'sparse': 4, 'tls': 8, 'dns': 2, 'udp64': 4}
TEXT, PATTERNS, DENSITIES = ('clean', 'sparse', 'dense'), (10, 80, 300, 'all', 1000), ('0', '0.1', '1', '10', '50', '100')


class Contest:
    def __init__(self, options):
        self.o = options
        self.rounds = 2 if options.quick else 5
        self.nothing = self.path('nothing')
        empty_capture(self.nothing)
        self.table = Table(machine(), cycle_counter())
        self.raw = {}

    # What is run.

    def path(self, corpus):
        return f'{self.o.work}/{corpus}.pcap'

    def tool(self, name, *arguments, allowed=(0,)):
        return run([f'{self.o.build}/gander-{name}', *arguments], allowed).json()

    def corpus(self, name, megabytes=None):
        """Path and truth; made again when another size is asked for."""
        note = f'{self.o.work}/{name}.size'
        megabytes = self.o.megabytes * TIMES.get(name, 1) if megabytes is None else megabytes
        wanted = f'{megabytes}'
        if not (os.path.exists(note) and open(note).read() == wanted):
            run([f'{self.o.build}/gander-corpus', self.o.work, name, wanted])
            with open(note, 'w') as f:
                f.write(wanted)
        return self.path(name), truth(f'{self.o.work}/{name}.truth')

    def scan(self, capture, *more):
        return run([f'{self.o.build}/gander', 'scan', '--quiet', '--json', '--workers', '1', *more, capture])

    def ndpi(self, capture):
        return run(['ndpiReader', '-i', capture, '-q'], allowed=(0,))

    def start_ups(self):
        self.scan(self.nothing)  # compiles the rules once; every later start reads them from the cache
        starts = in_turns({'gander': lambda: self.scan(self.nothing), 'ndpi': lambda: self.ndpi(self.nothing)}, 5)
        self.gander_start, self.ndpi_start = (min(c.cpu for c in starts[name]) for name in ('gander', 'ndpi'))
        self.table.note(f'start-up, taken off below: gander {self.gander_start:.3f} s, ndpiReader {self.ndpi_start:.3f} s')

    # What is compared.

    def identification(self):
        for corpus in TEXT:
            path, _ = self.corpus(corpus)
            got = self.tool('identify-rate', path, '--rounds', str(self.rounds), '--megabytes', '40')
            self.raw[f'identify/{corpus}'] = got
            rates = got['rates']
            raw, faster = rates['raw_best_avx2'], rates['raw_best_any']
            for pieces in ('16k', '1460'):
                ours = rates[f'identify_{pieces}']
                per_round = [a / b for a, b in zip(ours['rounds'], raw['rounds'])]
                self.table.rate(f'identify {corpus}, pieces of {pieces}', ours['best'], ratios={
                    'raw best': (ours['best'] / raw['best'], median(per_round)),
                    'faster db': (ours['best'] / max(raw['best'], faster['best']), None)})
                if pieces == '16k':
                    self.table.target(f'identify/{corpus}/raw_best', ours['best'] / raw['best'], median(per_round))

    def parsing(self):
        for corpus in TEXT:
            path, _ = self.corpus(corpus)
            got = self.tool('parse-rate', path, '--rounds', str(self.rounds), '--megabytes', '40')
            self.raw[f'parse/{corpus}'] = got
            parse, scan = got['rates']['parse'], got['rates']['identify']
            self.table.rate(f'parsers alone, {corpus}', parse['best'])
            self.table.target(f'parse/{corpus}/identify', scan['best'] / parse['best'],
                              median([a / b for a, b in zip(scan['rounds'], parse['rounds'])]))

    def clear_text(self):
        for corpus in TEXT:
            path, facts = self.corpus(corpus)
            events = f'{self.o.work}/events.json'
            contenders = {'ceiling': lambda: self.tool('ceiling', path, '--rounds', '1'),
                          'none': lambda: self.scan(path), 'all': lambda: self.scan(path, '--events', events)}
            if corpus == 'clean':
                contenders['ndpi'] = lambda: self.ndpi(path)
            got = in_turns(contenders, self.rounds)
            payload = got['ceiling'][0]['payload_bytes']
            names = ('raw_best_avx2', 'raw_best_any', 'naive', 'mmap_reader', 'memcpy')
            ceiling = {name: [c['rates'][name]['best'] for c in got['ceiling']] for name in names}
            self.raw[f'ceiling/{corpus}'] = ceiling
            self.table.rate(f'raw best {corpus}', max(ceiling['raw_best_avx2']))
            self.table.rate(f'raw best {corpus}, faster database',
                            max(max(a, b) for a, b in zip(ceiling['raw_best_avx2'], ceiling['raw_best_any'])))
            self.table.rate(f'naive expressions {corpus}', max(ceiling['naive']),
                            ratios={'raw best': (max(ceiling['naive']) / max(ceiling['raw_best_avx2']), None)})
            for mode in ('none', 'all'):
                self.scan_row(corpus, mode, got[mode], payload, facts, ceiling)
            if corpus == 'clean':
                self.against_ndpi(corpus, got, facts, payload)

    def scan_row(self, corpus, mode, costs, payload, facts, ceiling):
        rates = [payload / (c.cpu - self.gander_start) for c in costs]
        raw = ceiling['raw_best_avx2']
        per_round = [a / b for a, b in zip(rates, raw)]
        self.table.rate(f'gander scan {corpus}, events {mode}', max(rates), packets=facts['packets'], of=payload,
                        memory=max(c.peak for c in costs), ratios={
                            'raw best': (max(rates) / max(raw), median(per_round)),
                            'faster db': (max(rates) / max(*ceiling['raw_best_any'], *raw), None),
                            'naive': (max(rates) / max(ceiling['naive']), None)})
        if mode == 'none':
            self.table.target(f'scan/{corpus}/raw_best', max(rates) / max(raw), median(per_round))

    def against_ndpi(self, corpus, got, facts, amount):
        """Same capture, so the ratio of CPU times is that of the rates."""
        ours = [c.cpu - self.gander_start for c in got['none']]
        theirs = [max(1e-3, c.cpu - self.ndpi_start) for c in got['ndpi']]
        self.table.rate(f'ndpiReader {corpus}', amount / min(theirs), packets=facts['packets'], of=amount,
                        memory=max(c.peak for c in got['ndpi']))
        self.table.target(f'scan/{corpus}/ndpi', min(theirs) / min(ours), median([b / a for a, b in zip(ours, theirs)]))

    def other_traffic(self):
        for corpus in ('tls', 'dns'):
            path, facts = self.corpus(corpus)
            got = in_turns({'ceiling': lambda: self.tool('ceiling', path, '--rounds', '1', '--naive-megabytes', '1'),
                            'none': lambda: self.scan(path), 'ndpi': lambda: self.ndpi(path)}, self.rounds)
            frames = facts['frame_bytes']
            rates = [frames / (c.cpu - self.gander_start) for c in got['none']]
            ratios = {}
            for reader, name in (('mapped reader', 'mmap_reader'), ('pages mapped', 'mmap_reader_mapped')):
                best = [c['rates'][name]['best'] for c in got['ceiling']]
                ratios[reader] = max(rates) / max(best), median([a / b for a, b in zip(rates, best)])
                self.table.rate(f'{reader} {corpus} (frames)', max(best), packets=facts['packets'], of=frames)
            self.table.rate(f'gander scan {corpus} (frames)', max(rates), packets=facts['packets'], of=frames,
                            memory=max(c.peak for c in got['none']), ratios=ratios)
            if corpus == 'dns':
                messages = [facts['packets'] * r / frames / 1e6 for r in rates]
                self.table.target('scan/dns/messages', max(messages), median(messages))
            if corpus == 'tls':
                self.table.target('scan/tls/mmap_reader', *ratios['mapped reader'])
            self.against_ndpi(corpus, got, facts, frames)

    def dpdk(self):
        clean, _ = self.corpus('clean')
        flood, facts = self.corpus('udp64')
        small, _ = self.corpus('density-0', 8)  # net_pcap keeps a copy of the file in buffers
        seconds = '1' if self.o.quick else '3'
        devices = {'null, 60 bytes, copy': 'net_null0,size=60,copy=1', 'null, 1,500 bytes, copy': 'net_null0,size=1500,copy=1',
                   'pcap, clean': f'net_pcap0,rx_pcap={small},infinite_rx=1', 'ring, 60 bytes, both ways': 'net_ring0'}
        contenders = {name: (lambda d=device: self.tool('dpdk-rx', d, '--seconds', seconds)) for name, device in devices.items()}
        contenders['udp64'] = lambda: self.scan(flood)
        got = in_turns(contenders, self.rounds)
        for name in devices:
            best = max(got[name], key=lambda r: r['packets_per_s'])
            self.table.rate(f'bare DPDK receive: {name}', best['bytes_per_s'], packets=best['packets_per_s'],
                            of=best['bytes_per_s'])
        ours = [facts['packets'] / (c.cpu - self.gander_start) for c in got['udp64']]
        bare = [r['packets_per_s'] for r in got['null, 60 bytes, copy']]
        ratio, middle = max(ours) / max(bare), median([a / b for a, b in zip(ours, bare)])
        self.table.rate('gander scan udp64 (frames)', max(ours) * 60, packets=max(ours), of=max(ours) * 60,
                        memory=max(c.peak for c in got['udp64']), ratios={'bare DPDK': (ratio, middle)})
        self.table.target('scan/udp64/dpdk_copy', ratio, middle)
        self.through_net_pcap(clean)

    def through_net_pcap(self, path):
        def profile(capture):
            name = f'{self.o.work}/net_pcap.yaml'
            with open(name, 'w') as f:
                f.write('capture:\n  dpdk:\n    eal: [--no-huge, -m, "256", --no-pci, --no-shconf, --no-telemetry, '
                        f'"--vdev=net_pcap0,rx_pcap={os.path.abspath(capture)}"]\n    idle_limit_ms: 500\n')
            return name

        def one(capture):
            return run([f'{self.o.build}/gander', 'run', '--quiet', '--json', '--dpdk', profile(capture)])
        got = in_turns({'nothing': lambda: one(self.nothing), 'clean': lambda: one(path), 'file': lambda: self.scan(path)},
                       self.rounds)
        state = got['clean'][0].json()
        idle = min(c.cpu for c in got['nothing'])
        live = min(c.cpu for c in got['clean']) - idle
        file = min(c.cpu for c in got['file']) - self.gander_start
        received = state['ledger']['received']
        self.table.rate('gander run, net_pcap, clean (frames)', received / live, packets=state['capture']['received'],
                        of=received, memory=max(c.peak for c in got['clean']), ratios={'from file': (file / live, None)})

    def veth(self):
        path, facts = self.corpus('density-0', self.o.megabytes)  # what clean is, but shorter
        here = os.path.dirname(os.path.abspath(__file__))
        got = run(['unshare', '-n', sys.executable, '-B', f'{here}/live.py', f'{self.o.build}/gander', path]).json()
        self.raw['veth'] = got
        lost = got['kernel_drops'] + got['interface_drops']
        self.table.rate('gander run, veth, clean (frames)', got['ledger_bytes'] / got['cpu_s'],
                        packets=got['received'], of=got['ledger_bytes'], memory=got['peak'])
        self.table.note(f'veth: {got["sent_packets"]} sent at {got["sent_bytes"] * 8 / got["send_s"] / 1e9:.2f} Gbit/s, '
                        f'{got["received"]} received, {lost} dropped, ledger {"exact" if got["balanced"] else "NOT EXACT"}')

    def workers(self):
        path, _ = self.corpus('clean')
        one = [f'{self.o.build}/gander', 'scan', '--quiet', '--json', '--workers']
        got = in_turns({'1': lambda: run([*one, '1', path]), '2': lambda: run([*one, '2', path]),
                        'raw': lambda: self.tool('ceiling', path, '--threads', '--rounds', '1')['threads']}, self.rounds)
        start = {n: min(run([*one, n, self.nothing]).wall for _ in range(5)) for n in ('1', '2')}
        wall = [(a.wall - start['1']) / (b.wall - start['2']) for a, b in zip(got['1'], got['2'])]
        cpu = min(c.cpu for c in got['2']) / min(c.cpu for c in got['1'])
        best = (min(c.wall for c in got['1']) - start['1']) / (min(c.wall for c in got['2']) - start['2'])
        self.table.value('2 workers: CPU time to that of 1', cpu)
        self.table.value('raw Hyperscan, 2 threads to 1: wall time', max(r['scale_wall'] for r in got['raw']))
        self.table.value('raw Hyperscan, 2 threads to 1: CPU time', max(r['scale_cpu'] for r in got['raw']))
        self.table.target('workers/2_to_1', best, median(wall))

    def growth_of_patterns(self):
        path, _ = self.corpus('clean')
        here = os.path.dirname(os.path.abspath(__file__))
        for count in PATTERNS:
            run([sys.executable, '-B', f'{here}/packs.py', f'{self.o.source}/rules', f'{self.o.work}/packs-{count}', str(count)])

        def rates(count):
            got = self.tool('identify-rate', path, '--rules', f'{self.o.work}/packs-{count}', '--rounds', '1',
                            '--megabytes', '30')
            return got['rates']['identify_16k']['best'], got['rates']['raw_best_avx2']['best'], got['rules']
        got = in_turns({count: (lambda c=count: rates(c)) for count in PATTERNS}, self.rounds)
        best = {}
        for count in PATTERNS:
            ours, raw, rules = zip(*got[count])
            best[count] = max(ours)
            self.table.rate(f'identify clean, {rules[0]} identifiers', max(ours), ratios={
                'raw best': (max(ours) / max(raw), median([a / b for a, b in zip(ours, raw)]))})
        self.table.target('growth/patterns/all_to_10', best[10] / best['all'],
                          median([a[0] / b[0] for a, b in zip(got[10], got['all'])]))
        self.table.value('cost of 1,000 identifiers to that of 10', best[10] / best[1000])

    def hostile(self):
        """Texts made to be slow, each beside web text (clean) and tables of people (dense) in the same run."""
        clean, dense = self.corpus('clean')[0], self.corpus('dense')[0]
        got = self.tool('hostile-rate', clean, '--dense', dense, '--rounds', str(self.rounds))
        self.raw['hostile'] = got
        texts, near = got['texts'], {k: v['best'] for k, v in got['near_misses'].items()}
        to_dense = {}
        for name, t in texts.items():
            ratios = {'clean': (t['best'] / texts['clean']['best'], None), 'dense': (t['best'] / texts['dense']['best'], None)}
            self.table.rate(f'identify hostile: {name}', t['best'], ratios=ratios)
            to_dense[name] = ratios['dense'][0]
        for rule in sorted(near, key=near.get)[:10]:
            self.table.rate(f'identify near-misses of {rule}', near[rule],
                            ratios={'dense': (near[rule] / texts['dense']['best'], None)})
        self.table.target('hostile/least', min(to_dense.values()), None)
        self.table.target('hostile/near_misses', median(list(near.values())) / texts['dense']['best'], None)

    def growth_of_flows(self):
        counts = (1_000, 10_000, 100_000) if self.o.quick else (1_000, 10_000, 100_000, 1_000_000)
        megabytes = min(self.o.megabytes, 60)

        def one(kind, n):
            path, facts = self.corpus(f'{kind}-{n}', megabytes)
            got = self.tool('worker-rate', path, '--setup-packets', str(facts['setup_packets']), '--rounds', '1',
                            *self.flow_settings(n))
            return got['frame_bytes'] / got['rounds'][0]['cpu_s'], got
        got = in_turns({n: (lambda n=n: one('flows', n)) for n in counts}, self.rounds)
        waiting = in_turns({n: (lambda n=n: one('waiting', n)) for n in (counts[0], counts[-1])}, self.rounds)
        for n in counts:
            rate, facts = max(got[n], key=lambda pair: pair[0])
            self.table.rate(f'one worker, {n:,} open flows (frames)', rate, packets=facts['packets'], of=facts['frame_bytes'],
                            memory=facts['rounds'][0]['setup_resident_bytes'])
        last = counts[-1]
        ratio = max(r for r, _ in got[1000]) / max(r for r, _ in got[last])
        middle = median([a / b for (a, _), (b, _) in zip(got[1000], got[last])])
        if last == 1_000_000:
            self.table.target('growth/flows/1000000_to_1000', ratio, middle)
        else:
            self.table.value(f'cost with {last:,} open flows to that with 1,000', ratio)
        first, most = (max(r for r, _ in waiting[n]) for n in (counts[0], counts[-1]))
        self.table.value(f'the same where most segments of the {last:,} are the first of their bodies', first / most)

    @staticmethod
    def flow_settings(flows):
        return ['--set', f'flow.max_flows={max(200_000, flows + flows // 10)}']

    def growth_of_density(self):
        paths = {d: self.corpus(f'density-{d}', min(self.o.megabytes, 40)) for d in DENSITIES}
        got = in_turns({d: (lambda d=d: self.scan(paths[d][0])) for d in DENSITIES}, self.rounds)
        rates = {d: [paths[d][1]['frame_bytes'] / (c.cpu - self.gander_start) for c in got[d]] for d in DENSITIES}
        for d in DENSITIES:
            self.table.rate(f'gander scan, {d} % personal data (frames)', max(rates[d]), packets=paths[d][1]['packets'],
                            of=paths[d][1]['frame_bytes'], memory=max(c.peak for c in got[d]))
        self.table.target('growth/density/1_to_0', max(rates['1']) / max(rates['0']),
                          median([a / b for a, b in zip(rates['1'], rates['0'])]))

    def memory(self):
        flows = 100_000 if self.o.quick else 1_000_000
        settings = self.flow_settings(flows)
        few = flows // 10
        for kind in ('bare', 'idle'):
            # Less a run with a tenth of them: what a capture of flows touches once is no flow's own.
            before = self.scan(self.corpus(f'{kind}-{few}', 0)[0], *settings).peak
            cost = self.scan(self.corpus(f'{kind}-{flows}', 0)[0], *settings)
            each = (cost.peak - before) / (flows - few)
            state = cost.json()
            self.table.value(f'{flows:,} {kind} flows: peak of the process, MiB', cost.peak / 2**20)
            self.table.value(f'{flows:,} {kind} flows: bytes for each', each)
            self.table.note(f'{kind}: {state["flows"]["total"]} flows counted, lost bytes '
                            f'{sum(state["ledger"]["bytes"]["lost"].values())}')
            if kind == 'idle' and flows == 1_000_000:
                self.table.target('memory/idle_1000000', cost.peak / 2**30, None)
            if kind == 'bare':
                self.table.target('memory/bare_flow', each, None)

    def soak(self):
        # Tables, pools and the epochs that travel round reach their sizes while the table of flows fills.
        packets, warmup, megabytes = (2e6, 1e6, 20) if self.o.quick else (36e6, 12e6, 60)
        path, _ = self.corpus('mixed', megabytes)
        small = ('--set', 'flow.max_flows=4096') if self.o.quick else ()
        for key, settings in (('steady', ()), ('steady_with_events', ('--set', 'report.events=/dev/null'))):
            self.steady(key, path, packets, warmup, (*small, *settings))

    def steady(self, key, path, packets, warmup, settings):
        got = self.tool('steady', path, '--packets', str(packets), '--warmup', str(warmup), *settings, allowed=(0, 1))
        self.raw[key] = got
        calls = {where: facts['calls'] for where, facts in got['allocations'].items()}
        self.table.value(f'{key}: million packets', got['packets'] / 1e6)
        self.table.note(f'{key}: {got["packets_after_warmup"]} packets and {got["epochs_after_warmup"]} epochs after warm-up, '
                        f'allocations {calls}, resident {got["resident_after_warmup"] / 2**20:.0f} MiB then and '
                        f'{got["resident_at_end"] / 2**20:.0f} MiB at the end')
        self.table.target(key.replace('steady', 'steady/allocations'), calls['packet_path'] + calls['epoch_seal'], None)

    def flood(self):
        path, _ = self.corpus('mixed', 20 if self.o.quick else 60)
        errors = 0
        for through in ('memory', 'net_ring'):
            got = self.tool('flood', path, '--seconds', '4' if self.o.quick else '10',
                            *(['--dpdk'] if through == 'net_ring' else []), allowed=(0, 1))
            self.raw[f'flood/{through}'] = got
            errors = max(errors, abs(got['fateless_bytes']), abs(got['accepted_bytes'] - got['read_bytes']))
            levels = sorted({s['highest'] for s in got['shedding']})
            self.table.note(
                f'flood through {through}: {got["offered_packets"]} offered, {got["overload"]:.1f} times what was taken; '
                f'{got["read_packets"]} read, {got["refused_packets"]} refused; ledger {"exact" if got["exact"] else "NOT EXACT"}; '
                f'levels reached {levels}, back {got["recovery_s"]:.2f} s after the flood, resident '
                f'{got["resident"][4] / 2**20:.0f} MiB half way, {got["resident"][-1] / 2**20:.0f} at its end, '
                f'{got["resident_end"] / 2**20:.0f} when calm')
        self.table.target('flood/ledger_error', errors, None)

    def micro(self):
        """The programs of bench/micro; their JSON goes along as it is."""
        least = '0.05' if self.o.quick else '0.3'
        got = self.tool('micro', '--benchmark_format=json', f'--benchmark_min_time={least}')
        self.raw['micro'] = got
        for b in got['benchmarks']:
            if 'cpu_time' in b:
                self.table.value(f'{b["name"]}, {b["time_unit"]} of CPU', b['cpu_time'])

    STEPS = ('identification', 'parsing', 'clear_text', 'other_traffic', 'dpdk', 'veth', 'workers', 'growth_of_patterns', 'hostile',
             'growth_of_flows', 'growth_of_density', 'memory', 'soak', 'flood', 'micro')

    def all(self):
        self.start_ups()
        for step in self.o.only or self.STEPS:
            print(f'bench: {step} ...', file=sys.stderr, flush=True)
            try:
                getattr(self, step)()
            except Exception as error:  # one line that cannot be measured here must not cost the others
                self.table.note(f'{step}: NOT MEASURED: {error}')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ('build', 'work', 'source'):
        parser.add_argument('--' + name, required=True)
    parser.add_argument('--megabytes', type=int, default=60)
    parser.add_argument('--quick', action='store_true')
    parser.add_argument('--only', action='append', choices=Contest.STEPS, help='one step; may be repeated')
    options = parser.parse_args()
    contest = Contest(options)
    contest.all()
    contest.table.print()
    commit = subprocess.run(['git', '-C', options.source, 'describe', '--always', '--dirty'], stdout=subprocess.PIPE, text=True)
    contest.table.write(f'{options.work}/results.json', raw=contest.raw, quick=options.quick, rounds=contest.rounds,
                        megabytes=options.megabytes, commit=commit.stdout.strip(),
                        date=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec='seconds'))


if __name__ == '__main__':
    main()
