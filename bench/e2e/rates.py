#!/usr/bin/env python3
"""End-to-end rates beside the raw ceiling, interleaved in one run. CPU time of one worker, best and median of N.

Figures are bytes of payload (what the ceiling scans) for each second of CPU time of the whole process. Start-up
(compiling the rules) is measured with an empty run and shown apart, since a sensor starts once.
"""
import argparse
import json
import os
import statistics
import struct
import subprocess
import tempfile

TARGET = 0.35


def run(command):
    """CPU seconds, peak KiB and standard output of one command."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            raise SystemExit(f'{command[0]} ended with {process.returncode}')
        out.seek(0)
        text = out.read().decode()
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss, text


def ceiling(options, capture):
    """Raw rates in bytes a second: the faster of two Hyperscan database variants, and the one PERF.md tabulates."""
    perf = options.perf
    _, _, text = run([options.hsbench, capture, f'{perf}/pii_naive.txt', f'{perf}/pii_lean.txt', '1', 'best', '100000'])
    rows = {}
    payload = 0
    for line in text.splitlines():
        if 'payload bytes' in line:
            payload = int(line.split(' payload bytes')[0].split()[-1])
        cells = line.split('\t')
        if len(cells) > 3:
            rows[cells[1]] = float(cells[2]) * 1e9
    variants = {name: rate for name, rate in rows.items() if name.startswith('hybrid_best:')}
    return max(variants.values()), variants['hybrid_best:avx2db'], payload


def empty_capture(path):
    with open(path, 'wb') as f:
        f.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        frame = b'\xff' * 12 + b'\x08\x06' + b'\0' * 28
        f.write(struct.pack('<IIII', 1, 0, len(frame), len(frame)) + frame)


def flood(path, flows):
    """`flows` concurrent TCP connections, each with a handshake and one small HTTP request."""
    def packet(i, flags, seq, ack, payload=b''):
        src = struct.pack('>I', 0x0a000000 + i // 50000)
        ip = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 40 + len(payload), i & 0xffff, 0, 64, 6, 0, src, b'\xc0\x00\x02\x01')
        tcp = struct.pack('>HHIIBBHHH', 1024 + i % 50000, 80, seq, ack, 0x50, flags, 65535, 0, 0)
        return b'\x02' * 6 + b'\x04' * 6 + b'\x08\x00' + ip + tcp + payload
    request = b'GET /item?q=garden HTTP/1.1\r\nHost: shop.example.com\r\nUser-Agent: bench/1\r\n\r\n'
    with open(path, 'wb') as f:
        f.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for step in range(2):
            for i in range(flows):
                frame = packet(i, 2, 100, 0) if step == 0 else packet(i, 0x18, 101, 1, request)
                t = step * 10_000_000 + i * 90
                f.write(struct.pack('<IIII', 1_700_000_000 + t // 1_000_000, t % 1_000_000, len(frame), len(frame)) + frame)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ('gander', 'hsbench', 'perf', 'work', 'json'):
        parser.add_argument('--' + name, required=True)
    parser.add_argument('--megabytes', type=int, default=60)
    parser.add_argument('--repeats', type=int, default=3)
    options = parser.parse_args()

    nothing = f'{options.work}/nothing.pcap'
    empty_capture(nothing)
    scan = [options.gander, 'scan', '--quiet', '--workers', '1', '--json']
    start_up = min(run(scan + [nothing])[0] for _ in range(3))
    result = {'start_up_cpu_s': start_up, 'corpora': {}}
    print(f'start-up (rules compiled): {start_up:.2f} s of CPU, taken off below\n')
    print(f"{'':8s} {'':>7s} {'payload':>10s} {'raw best':>9s} {'faster db':>9s} {'gander':>12s} {'ratio':>6s} "
          f"{'median':>7s} {'to faster':>9s} {'target':>7s} {'peak':>9s}")
    print(f"{'corpus':8s} {'events':>7s} {'MB':>10s} {'GB/s':>9s} {'GB/s':>9s} {'GB/s':>12s} {'':>6s} {'':>7s} {'':>9s} "
          f"{'':>7s} {'MiB':>9s}")
    for corpus in ('clean', 'sparse', 'dense'):
        capture = f'{options.work}/{corpus}-{options.megabytes}.pcap'
        rounds = {'none': [], 'all': []}
        peak = {'none': 0, 'all': 0}
        for _ in range(options.repeats):
            best, plain, payload = ceiling(options, capture)
            for name, extra in (('none', []), ('all', ['--events', f'{options.work}/events.json'])):
                cpu, rss, _ = run(scan + extra + [capture])
                rounds[name].append((payload / (cpu - start_up), best, plain))
                peak[name] = max(peak[name], rss)
        for name, pairs in rounds.items():
            ours, best, plain = (max(p[i] for p in pairs) for i in range(3))
            ratios = sorted(p[0] / p[2] for p in pairs)
            print(f'{corpus:8s} {name:>7s} {payload / 1e6:10.1f} {plain / 1e9:9.3f} {best / 1e9:9.3f} {ours / 1e9:12.3f} '
                  f'{ours / plain:6.2f} {statistics.median(ratios):7.2f} {ours / best:9.2f} {TARGET:7.2f} '
                  f'{peak[name] / 1024:9.0f}')
            result['corpora'][f'{corpus}/{name}'] = {'raw': plain, 'raw_faster_database': best, 'gander': ours,
                                                     'ratio': ours / plain, 'ratios': ratios, 'peak_kib': peak[name]}
    flows = 100_000
    flood(f'{options.work}/flows.pcap', flows)
    _, rss, text = run(scan + [f'{options.work}/flows.pcap'])
    result['concurrent_flows'] = {'flows': flows, 'peak_kib': rss}
    print(f'\n{flows} concurrent flows, each with an HTTP request: peak {rss / 1024:.0f} MiB in all (target: under 400)')
    with open(options.json, 'w') as f:
        json.dump(result, f, indent=1)


if __name__ == '__main__':
    main()
