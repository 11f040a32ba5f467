#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Outputs that fail, all at once, beside one that does not: a full disk, a removed file, a reader that hangs, a
certificate that is not accepted, a broker that refuses. Each is told and counted; the sound output gets every event;
each failed one is well again when its trouble is over, and every event handed to it is written, lost for one reason, or
in its spool. Then what must end a start: a read-only directory, an unknown layout, two sensors on one socket or file.

Prints the fault table: message and counters. What each fault costs by itself: bench/e2e/sink_faults.py.
Needs root (namespaces of its own), iproute2 and openssl; exits 77 (skipped) without them."""
import collections
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from scanning import GANDER, SKIPPED, Checks, valid

WAIT_S = float(os.environ.get('SINK_FAULTS_WAIT_S', 60))
VALIDATED = 300  # lines of each layout
PACKETS_PER_S = int(os.environ.get('SINK_FAULTS_RATE', 1500))


def ip_checksum(header):
    total = sum(struct.unpack('>10H', header))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def dns_frame(number, flow=None):
    """A question, an event of its own; from a host and port of its own, or those of `flow`."""
    flow = number if flow is None else flow
    name = b''.join(bytes([len(p)]) + p for p in (f'host{number}'.encode(), b'example', b'com')) + b'\0'
    dns = struct.pack('>HHHHHH', number & 0xffff, 0x0100, 1, 0, 0, 0) + name + b'\0\1\0\1'
    udp = struct.pack('>HHHH', 1024 + flow % 60000, 53, 8 + len(dns), 0) + dns
    source = bytes((10, 20, flow // 60000 % 250, 1))
    head = struct.pack('>BBHHHBBH4s4s', 0x45, 0, 20 + len(udp), number & 0xffff, 0, 64, 17, 0, source, bytes((192, 0, 2, 53)))
    head = head[:10] + struct.pack('>H', ip_checksum(head)) + head[12:]
    return bytes.fromhex('0200000000020200000000010800') + head + udp


class Traffic(threading.Thread):
    """Questions without an end; of so many flows in turn, or each of its own."""

    def __init__(self, flows=None):
        super().__init__(daemon=True)
        self.flows, self.ends, self.sent = flows, threading.Event(), 0

    def run(self):
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as out:
            out.bind(('far', 0))
            while not self.ends.is_set():
                for _ in range(PACKETS_PER_S // 100):
                    out.send(dns_frame(self.sent, self.flows and self.sent % self.flows))
                    self.sent += 1
                time.sleep(0.01)


class UnixReader(threading.Thread):
    """Reads lines from whoever connects, unless it hangs."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen()
        self.hangs, self.text = threading.Event(), bytearray()

    def run(self):
        peer, _ = self.listener.accept()
        while True:
            if self.hangs.is_set():
                time.sleep(0.05)
                continue
            more = peer.recv(1 << 20)
            if not more:
                return
            self.text += more


class SyslogServer:
    """RFC 5425: TLS, frames with their length before them."""

    def __init__(self, port, certificate):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.listener = socket.create_server(('127.0.0.1', port))
        self.ended, self.text, self.peers = False, bytearray(), []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while not self.ended:
            try:
                raw, _ = self.listener.accept()
                peer = self.context.wrap_socket(raw, server_side=True)
                self.peers.append(peer)
                while more := peer.recv(1 << 20):
                    self.text += more
            except OSError:
                pass

    def close(self):
        self.ended = True
        for s in (*self.peers, self.listener):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()

    def frames(self):
        """Whole frames; the last of a broken connection may be cut."""
        at, text, out = 0, bytes(self.text), []
        while match := re.compile(rb'(\d+) <').match(text, at):
            begin, size = match.end() - 1, int(match[1])
            if begin + size > len(text):
                break
            out.append(text[begin:begin + size])
            at = begin + size
        return out


def certificate(folder, name):
    path = os.path.join(folder, name + '.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', path + '.key', '-out', path,
                    '-subj', f'/CN={name}', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', '2'],
                   check=True, capture_output=True)
    both = os.path.join(folder, name + '.both.pem')
    with open(both, 'w', encoding='utf-8') as out:
        for part in (path, path + '.key'):
            with open(part, encoding='utf-8') as f:
                out.write(f.read())
    return path, both


def configuration(folder, ca):
    outputs = f'''
    - {{type: file, name: sound, path: sound.json, queue: 256MiB}}
    - {{type: file, name: full, path: small/full.json, queue: 1MiB}}
    - {{type: file, name: removed, path: removed.json}}
    - {{type: unix, name: hangs, path: reader.sock, queue: 1MiB, layout: ecs, retry_max_s: 1}}
    - {{type: syslog, name: certificate, host: 127.0.0.1, port: 6514, ca_file: {ca}, queue: 1MiB, layout: ocsf,
       retry_max_s: 1}}
    - {{type: kafka, name: refuses, brokers: ["127.0.0.1:9"], topic: gander, spool: spool, spool_size: 512MiB}}
'''
    path = os.path.join(folder, 'gander.yaml')
    with open(path, 'w', encoding='utf-8') as out:
        out.write('runtime: {epoch_s: 1}\nreport:\n  metrics: {listen: "127.0.0.1:9944"}\n  outputs:' + outputs)
    return path


def metrics():
    """{(name, sink, reason): value}, summed over priorities."""
    out = collections.Counter()
    with urllib.request.urlopen('http://127.0.0.1:9944/metrics', timeout=10) as answer:
        for line in answer.read().decode().splitlines():
            match = re.match(r'gander_sink_(\w+)\{([^}]*)\} (\S+)', line)
            if match:
                labels = dict(re.findall(r'(\w+)="([^"]*)"', match[2]))
                out[match[1], labels.get('sink', ''), labels.get('reason', '')] += float(match[3])
    return out


def wait_for(condition, what):
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        try:
            found = condition()
            if found:
                return found
        except OSError:
            pass
        time.sleep(0.1)
    print(f'FAILED: {what} was not seen within {WAIT_S} s')
    return None


def sum_of(values, name, sink):
    return sum(v for (n, s, _), v in values.items() if n == name and s == sink)


def faults(folder, checks):
    good, other = certificate(folder, 'good'), certificate(folder, 'other')
    small = os.path.join(folder, 'small')
    os.mkdir(small)
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', small], check=True)
    reader = UnixReader(os.path.join(folder, 'reader.sock'))
    reader.start()
    server = SyslogServer(6514, good[1])
    said = os.path.join(folder, 'said')
    traffic = Traffic()
    with open(said, 'wb') as errors:
        process = subprocess.Popen([GANDER, 'run', '--config', configuration(folder, good[0]), '--interface', 'near', '--json'],
                                   stdout=subprocess.PIPE, stderr=errors)
    text = lambda: open(said, encoding='utf-8').read()
    try:
        traffic.start()
        wait_for(lambda: all(metrics()['connected', s, ''] for s in ('sound', 'full', 'removed', 'hangs', 'certificate')) and
                 metrics()['written_events_total', 'certificate', ''] > 0, 'all outputs at work')

        # A slow build's events may have filled it by now.
        with contextlib.suppress(OSError), open(os.path.join(small, 'ballast'), 'wb') as ballast:
            while True:
                ballast.write(bytes(1 << 16))
                ballast.flush()
        os.unlink(os.path.join(folder, 'removed.json'))
        reader.hangs.set()
        server.close()
        kept = server.frames()
        server = SyslogServer(6514, other[1])
        # A reader is said to hang after 5 s: time for other starts.
        second_sensors(folder, checks)
        starts(folder, checks)
        expected = {
            'full': 'No space left on device',
            'hangs': 'the reader takes nothing',
            'certificate': 'its certificate is not accepted',
            'refuses': '127.0.0.1:9: ',
        }
        for sink, words in expected.items():
            checks.that(wait_for(lambda: f'output {sink}: ' in text() and words in text(), words), f'{sink}: told: {words}')
        lost = {'full': 'disk_full', 'hangs': 'stalled', 'certificate': 'not_connected'}
        for sink, reason in lost.items():
            checks.that(wait_for(lambda: metrics()['lost_events_total', sink, reason] > 0, reason), f'{sink}: {reason}')
        there = wait_for(lambda: os.path.exists(os.path.join(folder, 'removed.json')), 'the removed file')
        checks.that(there, 'removed: made anew')
        in_trouble = metrics()
        for sink in ('full', 'hangs', 'certificate'):
            queued, limit = in_trouble['queue_bytes', sink, ''], in_trouble['queue_limit_bytes', sink, '']
            checks.that(queued <= limit, f'{sink}: the queue is bounded: {queued} of {limit}')
        checks.that(in_trouble['spool_events', 'refuses', ''] > 0, 'refuses: what the broker has not is in the spool')

        os.unlink(os.path.join(small, 'ballast'))
        reader.hangs.clear()
        server.close()
        server = SyslogServer(6514, good[1])
        for sink in ('full', 'hangs', 'certificate'):
            written = in_trouble['written_events_total', sink, '']
            checks.that(wait_for(lambda: metrics()['written_events_total', sink, ''] > written, sink), f'{sink}: goes on')
            checks.that(wait_for(lambda: f'output {sink}: works again' in text(), sink), f'{sink}: told that it works again')
    finally:
        traffic.ends.set()
        traffic.join()
        process.send_signal(signal.SIGTERM)
        summary, _ = process.communicate(timeout=WAIT_S)
    checks.that(process.returncode == 0, f'the run ends well: {process.returncode}\n{text()[-2000:]}')
    settle(folder, json.loads(summary), reader, kept + server.frames(), checks)
    table(json.loads(summary)['outputs'], text())
    subprocess.run(['umount', small], check=False)


def settle(folder, summary, reader, frames, checks):
    """Every event handed to an output is written, lost for one reason, or in its spool."""
    outputs = {o['name']: o for o in summary['outputs']}
    sound = outputs['sound']
    checks.that(sum(sound['lost'].values()) == 0 and sound['written'] > 0, f'the sound output lost nothing: {sound}')
    unrendered = {o['layout']: sum(o['lost'].values()) for o in outputs.values() if o['type'] == 'layout'}
    for name, o in outputs.items():
        have = o['written'] + sum(o['lost'].values()) + o.get('spooled', 0)
        have += unrendered.get(o['layout'], 0) if o['type'] != 'layout' else 0
        checks.that(have == sound['written'], f'{name}: {have} of {sound["written"]} events are accounted for: {o}')
    with open(os.path.join(folder, 'sound.json'), encoding='utf-8') as lines:
        checks.that(sum(1 for _ in lines) == sound['written'], 'sound: as many lines as it says')
    checks.that(sum(outputs['refuses']['lost'].values()) == 0, 'refuses: nothing is lost, it is in the spool')
    with open(os.path.join(folder, 'small', 'full.json'), 'rb') as f:
        text = f.read()
    checks.that(text.endswith(b'\n') and text.count(b'\n') == outputs['full']['written'], 'full: whole lines only')
    lines = bytes(reader.text).split(b'\n')
    checks.that(lines.pop() == b'' and len(lines) == outputs['hangs']['written'], 'hangs: whole lines only')
    checks.that(all(json.loads(line)['ecs']['version'] for line in lines[::20]), 'hangs: each is an ECS event')
    checks.that(frames and all(re.match(rb'<\d+>1 \d{4}-\d\d-\d\dT[0-9:.]+Z \S+ gander \d+ \w+ - \{', f) for f in frames),
                'certificate: RFC 5424 before and after')
    checks.that(all(json.loads(f[f.index(b'{'):])['metadata']['version'] == '1.6.0' for f in frames[::20]),
                'certificate: each is an OCSF event')
    for name, content in (('ecs', lines), ('ocsf', [f[f.index(b'{'):] for f in frames])):
        path = os.path.join(folder, name + '.jsonl')
        with open(path, 'wb') as out:
            out.writelines(line + b'\n' for line in content[:VALIDATED])
        checks.that(valid(path), f'{name}: valid against the schema')


def refused(arguments, words, what, checks, wrap=()):
    done = subprocess.run([*wrap, GANDER, *arguments], capture_output=True, text=True, timeout=WAIT_S, check=False)
    checks.that(done.returncode == 2 and words in done.stderr and 'remedy:' in done.stderr,
                f'{what}: exit 2 and "{words}": {done.returncode} {done.stderr[-400:]}')
    print(f'  {what:<28} exit {done.returncode}: {done.stderr.strip().splitlines()[0] if done.stderr else ""}')


def second_sensors(folder, checks):
    """While the first is at work."""
    run = ['run', '--interface', 'near', '--set']
    refused([*run, f'report.outputs=[{{type: unix, path: {folder}/reader.sock}}]'], 'another sensor', 'two on one socket', checks)
    refused([*run, f'report.outputs=[{{type: file, path: {folder}/sound.json}}]'], 'another sensor', 'two on one file', checks)
    refused([*run, f'report.outputs=[{{type: kafka, brokers: [x], topic: t, spool: {folder}/spool}}]'], 'another sensor',
            'two on one spool', checks)


def starts(folder, checks):
    run = ['run', '--interface', 'near', '--set']
    closed = os.path.join(folder, 'closed')
    os.mkdir(closed)
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'ro,size=64k', 'tmpfs', closed], check=True)
    refused([*run, f'report.outputs=[{{type: file, path: {closed}/eve.json}}]'], 'Read-only file system',
            'read-only directory', checks)
    subprocess.run(['umount', closed], check=False)
    refused([*run, 'report.outputs=[{type: file, path: x.json, layout: cef}]'], 'eve, ecs or ocsf', 'unknown layout', checks)
    refused([*run, 'report.outputs=[{type: syslog, host: h, ca_file: /nowhere.pem}]'], '/nowhere.pem', 'unreadable CA file',
            checks)
    refused([*run, 'report.outputs=[{type: kafka, brokers: [x], topic: t, properties: {no.such: 1}}]'], 'no.such',
            'unknown property', checks)


def table(outputs, text):
    print(f'  {"output":<16} {"written":>8} {"spooled":>8}  lost by reason; message')
    for o in outputs:
        lost = ', '.join(f'{k} {v}' for k, v in o['lost'].items()) or '-'
        told = re.findall(rf'output {o["name"]}: (?!works)(.*)', text)
        print(f'  {o["name"]:<16} {o["written"]:>8} {o.get("spooled", 0):>8}  {lost}; {told[-1] if told else "-"}')


def main():
    if os.geteuid() != 0 or not all(shutil.which(p) for p in ('unshare', 'ip', 'openssl', 'mount')):
        print('skipped: needs root, unshare, iproute2 and openssl')
        sys.exit(SKIPPED)
    if os.environ.get('GANDER_FAULTS_INSIDE') != '1':
        os.environ['GANDER_FAULTS_INSIDE'] = '1'
        os.execvp('unshare', ['unshare', '-n', '-m', '--propagation', 'private', sys.executable, '-B', *sys.argv])
    # librdkafka looks names up only where there is an address beside those of loopback.
    for command in ('link set lo up', 'link add near type veth peer name far', 'link set near arp off up',
                    'link set far arp off up', 'addr add 192.0.2.1/24 dev far'):
        subprocess.run(['ip', *command.split()], check=True)
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        faults(folder, checks)
    checks.exit()


if __name__ == '__main__':
    main()
