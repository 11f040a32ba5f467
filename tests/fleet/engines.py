# SPDX-License-Identifier: Apache-2.0
"""The engines of a fleet for a test: a Kafka broker, a PostgreSQL cluster and loaders, each in a folder of its own and
ended by its process id. Started inside a network namespace that the caller has made (in_namespace)."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
for folder in ('e2e', 'broker', 'fleet'):
    sys.path.insert(0, os.path.join(TOP, 'tests', folder))
import broker as kafka  # noqa: E402
from scanning import GANDER  # noqa: E402

TOPICS = ('gander.sketch', 'gander.events')
SCHEMA = os.path.join(TOP, 'sensor', 'fleet', 'postgresql', 'install.sql')
BIN = '/usr/lib/postgresql/15/bin/'
BROKERS = f'127.0.0.1:{kafka.PORT}'


def in_namespace():
    """Runs the script again in a network namespace with loopback up."""
    if os.environ.get('GANDER_FLEET_INSIDE') != '1':
        os.environ['GANDER_FLEET_INSIDE'] = '1'
        os.execvp('unshare', ['unshare', '-n', sys.executable, '-B', *sys.argv])
    subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)


def wait_until(holds, what, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return
        time.sleep(0.3)
    raise SystemExit(f'not within {seconds} s: {what}')


class Broker(kafka.Broker):
    """One broker of tests/broker, with the fleet's topics."""

    def __init__(self, classpath, folder, host='127.0.0.1'):
        super().__init__(classpath, folder, host)
        self.address = f'{host}:{kafka.PORT}'

    def start(self):
        super().start()
        # Asked for, a topic is made with the broker's four partitions.
        for topic in TOPICS:
            wait_until(lambda: b' with 4 partitions' in subprocess.run(['kcat', '-L', '-b', self.address, '-t', topic],
                                                                        capture_output=True, timeout=60, check=False).stdout, topic)

    def send(self, text, topic=TOPICS[0]):
        """Lines of key, tab, message."""
        subprocess.run(['kcat', '-P', '-b', self.address, '-t', topic, '-K', '\t', '-X', 'message.timeout.ms=60000'],
                       input=text.encode() if isinstance(text, str) else text, check=True, timeout=300)

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


class Postgres:
    """A cluster on a Unix socket, run by the user postgres, since PostgreSQL refuses to run as root."""

    def __init__(self, folder, settings=''):
        self.folder, self.process = os.path.join(folder, 'postgres'), None
        os.chmod(folder, 0o755)
        os.mkdir(self.folder)
        shutil.chown(self.folder, 'postgres')
        self.user = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups']
        subprocess.run([*self.user, BIN + 'initdb', '-D', self.folder + '/data', '-A', 'trust', '-U', 'postgres', '-E', 'UTF8',
                        '--locale=C.UTF-8'], check=True, capture_output=True, timeout=120)
        with open(self.folder + '/data/postgresql.conf', 'a', encoding='utf-8') as out:
            out.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n{settings}\n")
        self.connection = f'host={self.folder} user=postgres dbname=gander_fleet'

    def start(self):
        with open(self.folder + '/log', 'ab') as out:
            self.process = subprocess.Popen([*self.user, BIN + 'postgres', '-D', self.folder + '/data'], stdout=out, stderr=out)
        wait_until(lambda: subprocess.run([BIN + 'pg_isready', '-q', '-h', self.folder], check=False).returncode == 0,
                   'PostgreSQL answers')

    def create(self):
        self.start()
        subprocess.run([BIN + 'createdb', '-h', self.folder, '-U', 'postgres', 'gander_fleet'], check=True, timeout=60)
        subprocess.run(['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', SCHEMA, self.connection], check=True, timeout=120,
                       stdout=subprocess.DEVNULL)

    def ask(self, sql):
        """Rows of texts."""
        done = subprocess.run(['psql', '-X', '-q', '-A', '-t', '-F', '\x1f', '-v', 'ON_ERROR_STOP=1', '-c', sql, self.connection],
                              capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return [tuple(row.split('\x1f')) for row in done.stdout.splitlines()]

    def one(self, sql):
        return self.ask(sql)[0][0]

    def number(self, sql):
        rows = self.ask(sql)
        return int(float(rows[0][0] or 0)) if rows else 0

    def kill(self):
        """As a power cut: the postmaster and all its children at once."""
        children = subprocess.run(['ps', '-o', 'pid=', '--ppid', str(self.process.pid)], capture_output=True, text=True,
                                  check=False).stdout.split()
        for pid in [self.process.pid, *map(int, children)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        for name in ('postmaster.pid',):
            try:
                os.unlink(f'{self.folder}/data/{name}')
            except FileNotFoundError:
                pass

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


class Loader:
    def __init__(self, folder, brokers, database, *more, name='loader'):
        self.said, self.metrics_file = os.path.join(folder, name + '.txt'), os.path.join(folder, name + '.prom')
        self.command = [GANDER, 'fleet', 'load', '--brokers', brokers, '--database', database, '--metrics', self.metrics_file,
                        '--judge-every', '2', '--property', 'session.timeout.ms=10000', *more]
        self.process = None

    def start(self):
        with open(self.said, 'ab') as out:
            self.process = subprocess.Popen(self.command, stdout=out, stderr=out)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(60)

    def metrics(self):
        out = {}
        with open(self.metrics_file, encoding='utf-8') as f:
            for row in f:
                if not row.startswith('#'):
                    name, value = row.rsplit(' ', 1)
                    out[name.removeprefix('gander_fleet_loader_')] = int(value)
        return out


class Stage:
    """A folder, and everything in it ended and removed at the end."""

    def __enter__(self):
        self.folder, self.parts = tempfile.mkdtemp(prefix='gander-fleet-'), []
        return self

    def add(self, part):
        self.parts.append(part)
        return part

    def engines(self, host='127.0.0.1'):
        """A broker and a database of the fleet's schema, running."""
        broker, database = self.add(Broker(classpath(), self.folder, host)), self.add(Postgres(self.folder))
        broker.start()
        database.create()
        return broker, database

    def load(self, broker, database, *more, name='loader'):
        """A loader from one into the other, running."""
        loader = self.add(Loader(self.folder, broker.address, database.connection, *more, name=name))
        loader.start()
        return loader

    def __exit__(self, kind, *_):
        for part in reversed(self.parts):
            if kind is not None and isinstance(part, Loader) and os.path.exists(part.said):
                with open(part.said, encoding='utf-8', errors='replace') as f:
                    print(part.said, f.read()[-2000:])
            if kind is not None and isinstance(part, Postgres) and part.process is not None and part.process.poll() is None:
                print(part.ask('select reason, sensor, detail from fleet.quarantine limit 5'), part.ask(
                    'select sensor, taken, duplicates, refused from fleet.sensor limit 9'))
            if part.process is not None and part.process.poll() is None:
                part.kill()
        if os.environ.get('GANDER_FLEET_KEEP') != '1':
            shutil.rmtree(self.folder, ignore_errors=True)


def classpath():
    with open(os.environ['GANDER_FLEET_CLASSPATH'], encoding='utf-8') as f:
        return f.read().strip()
