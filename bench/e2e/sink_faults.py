#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each fault of an output by itself, under a steady replay, and what the packet path did before, during and after it:

    bench/e2e/sink_faults.py [FAULT...]      GANDER names the binary; needs root, iproute2, tcpreplay and openssl

  read      packets a second that the sensor counts, against those of the span before the fault
  per CPU   packets for each CPU second of the thread that reads and inspects them, likewise
  missed    packets that the kernel dropped, all spans together
  lost      events that did not get out, by reason, of all that were told; and what waits in a spool
  well      whether the output wrote again once the fault was over, and said so

`none` is a run without a fault: what its spans differ by is noise. A minute and a half for all."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, 'tests', 'e2e'))
from scanning import GANDER  # noqa: E402
from sink_faults_test import SyslogServer, UnixReader, certificate, dns_frame, metrics, wait_for  # noqa: E402

import struct  # noqa: E402
import urllib.request  # noqa: E402

PACKETS_PER_S = int(os.environ.get('SINK_FAULTS_RATE', 4000))
BEFORE_S, DURING_S, AFTER_S = 3, 4, 3
MOST_S = 20  # of one fault, all in
QUEUE = '12MiB'  # twice what an epoch brings at once
USER = 'nobody'  # root may write into a directory that is read-only


def capture(path):
    """Questions, each a flow with its events; enough for one fault."""
    with open(path, 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for number in range(MOST_S * PACKETS_PER_S):
            frame = dns_frame(number)
            out.write(struct.pack('<IIII', 1, 0, len(frame), len(frame)) + frame)


class SlowServer(SyslogServer):
    """Reads some kilobytes a second, until it is `quick`."""
    quick = False

    def run(self):
        raw, _ = self.listener.accept()
        with self.context.wrap_socket(raw, server_side=True) as peer:
            while peer.recv(1 << 20 if self.quick else 1 << 12):
                time.sleep(0 if self.quick else 0.2)


class Fault:
    """An output, what becomes of it, and how that ends."""
    recovers = True

    def __init__(self, folder):
        self.folder = folder
        self.prepare()

    def at(self, name):
        return os.path.join(self.folder, name)

    def prepare(self):
        pass

    def output(self):
        return f'type: file, path: {self.at("events.json")}'

    def begin(self):
        pass

    def end(self):
        pass

    def clear(self):
        pass


class DiskFull(Fault):
    def prepare(self):
        os.mkdir(self.at('small'))
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=96m,mode=777', 'tmpfs', self.at('small')], check=True)

    def output(self):
        return f'type: file, path: {self.at("small/events.json")}'

    def begin(self):
        with open(self.at('small/ballast'), 'wb') as ballast:
            try:
                while True:
                    ballast.write(bytes(1 << 16))
                    ballast.flush()
            except OSError:
                pass

    def end(self):
        os.unlink(self.at('small/ballast'))

    def clear(self):
        subprocess.run(['umount', '-l', self.at('small')], check=False)


class ReadOnlyDirectory(Fault):
    """A rotated file cannot be set aside, nor a new one made."""

    def prepare(self):
        os.mkdir(self.at('closed'))
        shutil.chown(self.at('closed'), USER)

    def output(self):
        return f'type: file, path: {self.at("closed/events.json")}, rotate_size: 1MiB'

    def begin(self):
        os.chmod(self.at('closed'), 0o555)

    def end(self):
        os.chmod(self.at('closed'), 0o755)


class RemovedFile(Fault):
    def begin(self):
        os.unlink(self.at('events.json'))


class HangingReader(Fault):
    def prepare(self):
        self.reader = UnixReader(self.at('reader.sock'))
        os.chmod(self.at('reader.sock'), 0o777)
        self.reader.start()

    def output(self):
        return f'type: unix, path: {self.at("reader.sock")}, retry_max_s: 1'

    def begin(self):
        self.reader.hangs.set()

    def end(self):
        self.reader.hangs.clear()


class SlowSyslog(Fault):
    """Slow when it begins: TLS ends where a reader is exchanged."""
    port = 6514

    def prepare(self):
        self.ca, both = certificate(self.folder, 'good')
        os.chmod(self.ca, 0o644)
        self.server = SlowServer(self.port, both)
        self.server.quick = True

    def output(self):
        return f'type: syslog, host: 127.0.0.1, port: {self.port}, ca_file: {self.ca}, retry_max_s: 1'

    def begin(self):
        self.server.quick = False

    def end(self):
        self.server.quick = True

    def clear(self):
        self.server.close()


class InvalidCertificate(SlowSyslog):
    """The server comes back with another one."""
    port = 6515

    def prepare(self):
        self.ca, self.good = certificate(self.folder, 'good')
        _, self.other = certificate(self.folder, 'other')
        os.chmod(self.ca, 0o644)
        self.server = SyslogServer(self.port, self.good)

    def again(self, both):
        self.server.close()
        self.server = SyslogServer(self.port, both)

    def begin(self):
        self.again(self.other)

    def end(self):
        self.again(self.good)


class RefusingBroker(Fault):
    """From the start; what comes back is tested with a real one, tests/broker."""
    recovers = False

    def output(self):
        return f'type: kafka, brokers: ["127.0.0.1:9"], topic: gander, spool: {self.at("spool")}'


FAULTS = {'none': Fault, 'disk full': DiskFull, 'read-only directory': ReadOnlyDirectory, 'removed file': RemovedFile,
          'hanging Unix reader': HangingReader, 'slow syslog over TLS': SlowSyslog, 'invalid certificate': InvalidCertificate,
          'refusing broker': RefusingBroker}


def packet_thread_cpu(pid):
    """CPU seconds of the thread that reads packets and inspects them: the one that is bound to a core."""
    for task in os.listdir(f'/proc/{pid}/task'):
        if len(os.sched_getaffinity(int(task))) == 1:
            with open(f'/proc/{pid}/task/{task}/schedstat', encoding='utf-8') as f:
                return int(f.read().split()[0]) / 1e9
    sys.exit('no thread is bound to a core')


def packets_read():
    with urllib.request.urlopen('http://127.0.0.1:9944/metrics', timeout=10) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith('gander_capture_packets_total '):
                return float(line.split()[1])
    return 0.0


def written():
    return metrics()['written_events_total', 'output', '']


def span(process, seconds):
    """(packets a second, packets for each CPU second). Counters move once an epoch: from a move to a move."""
    def moved():
        last = packets_read()
        while (now := packets_read()) == last:
            time.sleep(0.01)
        return now, time.monotonic(), packet_thread_cpu(process.pid)
    packets, begin, cpu = moved()
    time.sleep(max(0.0, seconds - 1))
    more, end, used = moved()
    return (more - packets) / (end - begin), (more - packets) / max(used - cpu, 0.01)


def measure(fault, folder, replayed):
    command = [GANDER, 'run', '--json', '--interface', 'near', '--set', 'runtime.epoch_s=1', '--set', f'process.user={USER}', '--set',
               'process.supervise=false', '--set',
               f'runtime.cores={min(os.sched_getaffinity(0))}', '--set', 'report.metrics.listen=127.0.0.1:9944', '--set',
               f'report.outputs=[{{name: output, queue: {QUEUE}, {fault.output()}}}]']
    said = os.path.join(folder, 'said')
    with open(said, 'wb') as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)
    replay, spans = None, []
    try:
        wait_for(lambda: 'Ctrl-C' in open(said, encoding='utf-8').read(), 'the start')
        replay = subprocess.Popen(['tcpreplay', '-q', f'--pps={PACKETS_PER_S}', '-i', 'far', replayed],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: packets_read() > 0 and (written() > 0 or not fault.recovers), 'the first events')
        spans.append(span(process, BEFORE_S))
        fault.begin()
        spans.append(span(process, DURING_S))
        fault.end()
        at_end = written()
        spans.append(span(process, AFTER_S))
        well = written() > at_end
    finally:
        if replay is not None:
            replay.terminate()
            replay.wait()
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=MOST_S)
    summary = json.loads(out)
    return spans, summary['capture'], summary['outputs'][0], well and 'problem' not in summary['outputs'][0]


def row(name, spans, capture_state, output, well, seconds):
    (read, per_cpu), *later = spans
    ratios = ' '.join(f'{r / read:6.2f} {c / per_cpu:7.2f} ' for r, c in later)
    lost = ', '.join(f'{reason} {n}' for reason, n in output['lost'].items()) or '-'
    if output.get('spooled'):
        lost += f'; {output["spooled"]} in the spool'
    told = output['written'] + sum(output['lost'].values()) + output.get('spooled', 0)
    print(f'{name:<21} {read:7.0f} {per_cpu:8.0f}  {ratios} {capture_state["kernel_drops"]:6}  {well:<4} {seconds:4.1f}  '
          f'{lost} (of {told})', flush=True)


def main():
    if os.environ.get('GANDER_FAULTS_INSIDE') != '1':
        os.environ['GANDER_FAULTS_INSIDE'] = '1'
        os.execvp('unshare', ['unshare', '-n', '-m', '--propagation', 'private', sys.executable, '-B', *sys.argv])
    for command in ('link set lo up', 'link add near type veth peer name far', 'link set near arp off up',
                    'link set far arp off up', 'addr add 192.0.2.1/24 dev far'):
        subprocess.run(['ip', *command.split()], check=True)
    chosen = sys.argv[1:] or list(FAULTS)
    late = []
    print(f'{PACKETS_PER_S} packets a second, two or three events each; ratios to the span before')
    print(f'{"":21} {"before":>16}  {"during":>15} {"after":>15}')
    print(f'{"fault":<21} {"read/s":>7} {"per CPU":>8}  {"read":>6} {"per CPU":>7}  {"read":>6} {"per CPU":>7}  {"missed":>6}  '
          f'{"well":<4} {"s":>4}  lost by reason')
    with tempfile.TemporaryDirectory() as top:
        os.chmod(top, 0o755)
        capture(os.path.join(top, 'questions.pcap'))
        for name in chosen:
            begin = time.monotonic()
            folder = os.path.join(top, name.replace(' ', '-'))
            os.mkdir(folder)
            shutil.chown(folder, USER)
            fault = FAULTS[name](folder)
            try:
                spans, capture_state, output, well = measure(fault, folder, os.path.join(top, 'questions.pcap'))
            finally:
                fault.clear()
            seconds = time.monotonic() - begin
            row(name, spans, capture_state, output, ('yes' if well else 'NO') if fault.recovers else '-', seconds)
            late += [name] if seconds > MOST_S else []
    sys.exit(f'took longer than {MOST_S} s: {", ".join(late)}' if late else 0)


if __name__ == '__main__':
    main()
