# SPDX-License-Identifier: Apache-2.0
"""The ways a capture reaches the sensor: as a file, through a pipe in bursts of a chosen size, through DPDK's net_pcap,
through an interface. Each returns what subprocess.run would."""
import contextlib
import fcntl
import os
import random
import shutil
import struct
import subprocess
import sys
import termios
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'e2e'))
from scanning import GANDER, TIME_LIMIT_S, gander  # noqa: E402

MOST_IN_BURST = 64  # capture::PacketSource::kMaxBurst
LITTLE = (b'\xd4\xc3\xb2\xa1', b'\x4d\x3c\xb2\xa1')
PACKETS_A_SECOND = 2000
MTU = 65521  # of the cable; what is longer cannot be sent
ETHERNET = 1


def records(data):
    """(bytes kept, bytes on the wire, where the record ends) of each packet of a pcap."""
    order, at = '<' if data[:4] in LITTLE else '>', 24
    while at + 16 <= len(data):
        kept, wire = struct.unpack_from(order + 'II', data, at + 8)
        at += 16 + kept
        yield kept, wire, min(at, len(data))


def is_plain(path):
    """Whether a pcap holds whole Ethernet frames that a cable carries: no other comes through an interface as it is."""
    with open(path, 'rb') as file:
        data = file.read()
    order = '<' if data[:4] in LITTLE else '>'
    link = struct.unpack_from(order + 'I', data, 20)[0]
    return link == ETHERNET and all(kept == wire and 14 < kept <= MTU for kept, wire, _ in records(data))


def packet_times(data):
    """Of a pcap in nanoseconds and this byte order, each with where it stands."""
    at = 24
    while at + 16 <= len(data):
        seconds, nanoseconds, kept = struct.unpack_from('<III', data, at)
        yield at, seconds * 10**9 + nanoseconds
        at += 16 + kept


def behind(before, capture, two_days=2 * 86_400 * 10**9):
    """What is read was preceded, two days before, by the packets of another capture, in nanoseconds as it is. None where
    that would be before 1970, which a pcap has no numbers for."""
    with open(capture, 'rb') as file:
        begin = min((time for _, time in packet_times(file.read())), default=0)
    with open(before, 'rb') as file:
        data = bytearray(file.read())
    packets = list(packet_times(data))
    times = [time for _, time in packets]
    later = begin - two_days - max(times, default=0)
    if min(times, default=0) + later < 0:
        return None
    for at, time in packets:
        struct.pack_into('<II', data, at, *divmod(time + later, 10**9))
    with open(f'{before}.moved', 'wb') as file:
        file.write(data)

    def read(path, events, arguments):
        return gander('scan', '--quiet', '--json', '--events', events, *arguments, f'{before}.moved', path)
    return read


def from_file(path, events, arguments):
    return gander('scan', '--quiet', '--json', '--events', events, *arguments, path)


def in_bursts(most):
    """Up to so many packets at once; 0: a number drawn by lot. What comes through a pipe is read as it comes, so the
    next burst is written once the one before was taken."""
    def read(path, events, arguments):
        with open(path, 'rb') as file:
            data = file.read()
        lot, ends = random.Random(1), [24] + [end for _, _, end in records(data)]
        child = subprocess.Popen([GANDER, 'scan', '--quiet', '--json', '--events', events, *arguments, '-'],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said = []
        reader = threading.Thread(target=lambda: said.extend((child.stdout.read(), child.stderr.read())))
        reader.start()
        with contextlib.suppress(BrokenPipeError):
            begin, packet = 0, 0
            while begin < len(data):
                while waiting(child.stdin) and child.poll() is None:
                    time.sleep(0)
                packet += most or lot.randint(1, MOST_IN_BURST)
                end = ends[packet] if packet < len(ends) else len(data)
                child.stdin.write(data[begin:end])
                child.stdin.flush()
                begin = end
            child.stdin.close()
        child.wait(TIME_LIMIT_S)
        reader.join()
        return subprocess.CompletedProcess([], child.returncode, *said)
    return read


def waiting(pipe):
    """Bytes in it that were not read."""
    return struct.unpack('i', fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]


def through_net_pcap(path, events, arguments):
    """The device hands the times of the capture on."""
    eal = ['--no-huge', '-m', '"256"', '--no-pci', '--no-shconf', '--no-telemetry', '--log-level=error',
           f'"--vdev=net_pcap0,rx_pcap={path}"']
    profile = f'{events}.dpdk.yaml'
    with open(profile, 'w', encoding='utf-8') as file:
        file.write(f'capture:\n  dpdk:\n    eal: [{", ".join(eal)}]\n    rx_queues: 1\n    idle_limit_ms: 1000\n')
    return gander('run', '--quiet', '--json', '--dpdk', profile, '--set', 'runtime.shed=false', '--events', events,
                  *arguments)


class Cable:
    """Two ends of a virtual cable in a network namespace of its own: what is replayed into one is read at the other."""
    def __init__(self):
        self.space, self.lock = f'gander-differential-{os.getpid()}', threading.Lock()

    @staticmethod
    def problem():
        missing = [program for program in ('ip', 'tcpreplay') if shutil.which(program) is None]
        return 'needs root' if os.geteuid() != 0 else f'needs {missing[0]}' if missing else ''

    def __enter__(self):
        self.ip('netns', 'add', self.space)
        self.inside('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1')
        ends = ('replay', 'mtu', str(MTU), 'type', 'veth', 'peer', 'name', 'mirror', 'mtu', str(MTU))
        self.ip('-n', self.space, 'link', 'add', *ends)
        for end in ('replay', 'mirror'):
            self.ip('-n', self.space, 'link', 'set', end, 'arp', 'off', 'up')
        return self

    def __exit__(self, *_):
        self.ip('netns', 'del', self.space)

    @staticmethod
    def ip(*words):
        subprocess.run(['ip', *words], check=True)

    def inside(self, *words):
        subprocess.run(['ip', 'netns', 'exec', self.space, *words], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)

    def read(self, path, events, arguments):
        with self.lock:
            return self.replay(path, events, arguments)

    def replay(self, path, events, arguments):
        child = subprocess.Popen(['ip', 'netns', 'exec', self.space, GANDER, 'run', '--json', '--interface', 'mirror',
                                  '--set', 'runtime.shed=false', '--events', events, *arguments],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said = []
        for line in child.stderr:
            said.append(line)
            if b'Ctrl-C' in line:
                break
        listener = threading.Thread(target=lambda: said.append(child.stderr.read()))
        listener.start()
        if child.poll() is None:
            time.sleep(0.3)
            self.inside('tcpreplay', '--quiet', f'--pps={PACKETS_A_SECOND}', '--intf1=replay', path)
            time.sleep(1)
            child.terminate()
        out = child.stdout.read()
        child.wait(TIME_LIMIT_S)
        listener.join()
        return subprocess.CompletedProcess([], child.returncode, out, b''.join(said))
