# SPDX-License-Identifier: Apache-2.0
"""Machines at one switch, each in a network namespace of its own, with real programs; everything between them is
captured at
the switch. No machine has a way out, and all of them end with this process. Needs root."""
import os
import random
import subprocess
import sys
import time

from scenario import HERE

import people
import world

sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'e2e'))
from wrapping import network, servers  # noqa: E402

COMMAND_LIMIT_S = 60
QUIET_SYSCTLS = ('net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1',
                 'net.ipv4.conf.all.rp_filter=0')


class Host(network.Machine):
    """A machine that answers to every address of its networks."""
    def __init__(self, lab, name, nets, address):
        super().__init__(lab.start)
        self.lab, self.name = lab, name
        self.folder = os.path.join(lab.folder, name)
        os.makedirs(self.folder)
        lab.plug(self)
        for net in nets:
            self.run('ip', 'route', 'add', 'local', net, 'dev', 'lo')
        self.speak_as(address)

    def speak_as(self, address):
        """What programs that bind to nothing send from."""
        self.run('ip', 'route', 'replace', 'default', 'dev', 'eth0', 'src', address)

    def run(self, *command, given=None, check=True, limit_s=COMMAND_LIMIT_S, **options):
        """To its end; the output. What went wrong is in the message."""
        done = subprocess.run(self.there(*map(str, command)), input=given,
                              stdin=None if given is not None else subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=limit_s, check=False, **options)
        if check and done.returncode != 0:
            raise RuntimeError(
                f'{command[0]} ended with {done.returncode}: {done.stderr.decode(errors="replace")[-400:]}')
        return done.stdout

    def serve(self, *command, port=None, **options):
        """In the background until the lab ends; waits for its TCP port."""
        process = self.start(*self.there(*map(str, command)), **options)
        if port:
            self.await_port(port)
        return process

    def await_route(self, begin):
        """Until an interface has an address that begins like this."""
        network.until(lambda: f'inet {begin}'.encode() in self.run('ip', '-4', 'address'), f'no address {begin}')

    def file(self, name, data):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as out:
            out.write(data if isinstance(data, bytes) else data.encode())
        return path

    def curl(self, *words, source=None):
        bound = ('--interface', source) if source else ()
        return self.run('curl', '--silent', '--show-error', '--max-time', '60', '--noproxy', '*', '--output',
                        '/dev/null', *bound, *words)

    def serve_web(self, *locations):
        """nginx with these locations; takes what is sent to /in/."""
        folder = os.path.join(self.folder, 'web')
        os.makedirs(folder)
        os.chmod(self.folder, 0o755)
        servers.start_web(self, folder, locations)


class Lab(network.Cable):
    """With `with`: the switch and the two machines that nearly every scenario needs, `inside` and `outside`."""

    captured = 'switch'

    def __init__(self, folder, seed=1):
        super().__init__(folder)
        self.seed, self.rng, self.hosts, self.marked = seed, random.Random(seed), [], None
        self.inside = self.outside = None

    def __enter__(self):
        if os.getpid() != 1:
            raise SystemExit('a lab changes names and addresses: run.py starts it in namespaces of its own')
        self._resolve_nothing()
        for setting in QUIET_SYSCTLS:
            self._run('sysctl', '-qw', setting)
        self._ip('link', 'add', self.captured, 'type', 'bridge')
        self._ip('link', 'set', self.captured, 'up', 'promisc',
                 'on')  # else only what is for the switch itself comes to it
        self.inside = self.host('inside', *world.OWN, address='10.30.0.9')
        self.outside = self.host('outside', *world.OUTSIDE, address='198.18.7.7')
        self.start_capture(os.path.join(self.folder, 'capture.pcap'))
        return self

    def _resolve_nothing(self):
        """Programs that ask for a name are refused at once. The mount is this process's own."""
        path = os.path.join(self.folder, 'resolv.conf')
        with open(path, 'w', encoding='utf-8') as out:
            out.write('nameserver 127.0.0.1\noptions timeout:1 attempts:1\n')
        self._run('mount', '--bind', path, '/etc/resolv.conf')

    def host(self, name, *nets, address):
        self.hosts.append(Host(self, name, nets, address))
        return self.hosts[-1]

    def plug(self, host):
        port = f'to-{host.name}'[:15]
        self._ip('link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', str(host.keeper.pid))
        self._ip('link', 'set', port, 'master', self.captured, 'up')
        for setting in QUIET_SYSCTLS:
            host.run('sysctl', '-qw', setting)
        for interface in ('lo', 'eth0'):
            host.run('ip', 'link', 'set', interface, 'up')
        self._run('ethtool', '-K', port, 'tso', 'off', 'gso', 'off', 'gro', 'off', 'tx', 'off', 'rx', 'off')
        host.run('ethtool', '-K', 'eth0', 'tso', 'off', 'gso', 'off', 'gro', 'off', 'tx', 'off', 'rx', 'off')

    def people(self, count, state='NO', **options):
        return people.population(self.seed, count, state, **options)

    def mark(self):
        """The moment from which the time to detect is told."""
        self.marked = time.time()

    @staticmethod
    def sleep(seconds):
        time.sleep(seconds)
