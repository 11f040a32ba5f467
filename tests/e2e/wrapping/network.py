# SPDX-License-Identifier: Apache-2.0
"""Two machines and a cable: this process in one network namespace, servers in another, a capture of what goes between.
Nothing is left behind: both namespaces die with their processes. Needs root, iproute2, ethtool and tcpdump."""
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from scanning import SKIPPED

INSIDE = 'GANDER_INSIDE_NAMESPACE'
PROGRAMS = ('ip', 'ethtool', 'tcpdump', 'unshare', 'nsenter')
CLIENT = '10.76.0.2'
SERVED = '10.77'  # every address 10.77.0.0/16 is the server's, so that each cell has one of its own
PATIENCE_S = 10


def enter():
    """Starts this program again in a namespace of its own; ends with 77 where that cannot be."""
    if os.environ.get(INSIDE):
        return
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if os.geteuid() != 0 or missing:
        print(f'skipped: needs root{" and " + ", ".join(missing) if missing else ""}')
        sys.exit(SKIPPED)
    os.environ[INSIDE] = '1'
    os.execvp('unshare', ['unshare', '--net', '--', sys.executable, '-B', *sys.argv])


def until(holds, what):
    """Waits, but not for ever."""
    end = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f'{what} after {PATIENCE_S} s')
        time.sleep(0.02)


class Machine:
    """A network namespace, which lives as long as the process that keeps it."""
    def __init__(self, start):
        self.start = start
        self.keeper = start('unshare', '--net', '--', 'sleep', '600')
        until(lambda: self._space(self.keeper.pid) != self._space('self'), 'no namespace')

    def there(self, *command):
        """`command` as this machine runs it."""
        return ('nsenter', f'--net=/proc/{self.keeper.pid}/ns/net', '--', *command)

    def await_port(self, port):
        def listens():
            table = subprocess.run(self.there('cat', '/proc/net/tcp', '/proc/net/tcp6'), stdout=subprocess.PIPE,
                                   check=True).stdout.decode()
            return any(f':{port:04X} ' in line.split('0A')[0] and ' 0A ' in line for line in table.splitlines())

        until(listens, f'nothing listens on {port}')

    @staticmethod
    def _space(process):
        return os.readlink(f'/proc/{process}/ns/net')


class Cable:
    """With `with`: the other machine, the cable and the capture."""

    captured = 'here'  # the interface that tcpdump listens at

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.other = self.capture = None

    def __enter__(self):
        self.other = Machine(self.start)
        self._ip('link', 'add', 'here', 'type', 'veth', 'peer', 'name', 'there', 'netns', str(self.other.keeper.pid))
        self._machine(lambda *words: words, 'here', f'{CLIENT}/24')
        self._machine(self.there, 'there', '10.76.0.1/24')
        self._ip('route', 'add', f'{SERVED}.0.0/16', 'via', '10.76.0.1')
        self._run(*self.there('ip', 'route', 'add', 'local', f'{SERVED}.0.0/16', 'dev', 'lo'))
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.kill()
        for process in self.processes:
            process.wait()

    def there(self, *command):
        """`command` as the other machine runs it."""
        return self.other.there(*command)

    def await_port(self, port):
        self.other.await_port(port)

    def start(self, *command, **options):
        """In the background, until the end of `with`."""
        with open(os.path.join(self.folder, 'programs.log'), 'ab') as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options)
        self.processes.append(process)
        return process

    def start_capture(self, path):
        said = os.path.join(self.folder, 'tcpdump.log')
        with open(said, 'wb') as log:
            self.capture = subprocess.Popen([
                'tcpdump', '-i', self.captured, '-n', '-s', '262144', '-B', '65536', '--immediate-mode', '-Z', 'root',
                '-w', path
            ], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.processes.append(self.capture)
        until(lambda: b'listening on' in open(said, 'rb').read(), 'tcpdump does not listen')

    def stop_capture(self):
        """What the kernel dropped is said; a capture with holes proves nothing."""
        time.sleep(0.5)
        self.capture.send_signal(signal.SIGINT)
        self.capture.wait(PATIENCE_S)
        with open(os.path.join(self.folder, 'tcpdump.log'), encoding='utf-8') as log:
            said = log.read()
        counts = {what: int(number) for number, what in re.findall(r'(\d+) packets (captured|received|dropped)', said)}
        if counts['dropped'] or counts['captured'] != counts['received']:
            raise SystemExit(f'tcpdump: {said}')

    def _machine(self, at, interface, address):
        self._run(*at('ip', 'link', 'set', 'lo', 'up'))
        self._run(*at('ip', 'address', 'add', address, 'dev', interface))
        self._run(*at('ip', 'link', 'set', interface, 'up'))
        # Offloads make frames larger than any wire carries and leave checksums to hardware that is not there.
        self._run(*at('ethtool', '-K', interface, 'tso', 'off', 'gso', 'off', 'gro', 'off', 'tx', 'off', 'rx', 'off'))

    def _ip(self, *words):
        self._run('ip', *words)

    @staticmethod
    def _run(*command):
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
