# SPDX-License-Identifier: Apache-2.0
"""Sites of a fleet, each in network namespaces of its own: a sensor at the cable between a network of clients and the world,
and a way to the broker. Clients send people's data by HTTP to a collector, in real TCP; who was sent is known."""
import http.client
import http.server
import json
import os
import subprocess
import sys

from engines import GANDER, TOP, wait_until
from scanning import gander

HUB = '10.77.255.1'  # where the broker listens
COLLECTOR = '203.0.113.66'
DOMAIN = 'adstream.no'
POLICY = '''policy: {name: fleet test, version: 1}
zones:
  - {id: office, nets: [10.20.0.0/16], jurisdiction: "NO", kind: office}
overrides:
  - {net: 203.0.113.0/24, jurisdiction: "NO", note: a hosting company at home}
'''
# What the sensor sees behind a TLS terminator is clear by design; what is collected is another question.
SUPPRESS = 'suppress:\n  - {name: behind the terminator, detector: D01, until: 2099-01-01, reason: TLS ends before the mirror}\n'


def person(number):
    return f'kari.nordmann{number}@post{number % 7}.no'


def ip(*words, pid=None):
    enter = ['nsenter', '-t', str(pid), '-n'] if pid else []
    subprocess.run([*enter, 'ip', *map(str, words)], check=True, capture_output=True)


def hub():
    """In the namespace of the engines, once."""
    ip('addr', 'add', HUB + '/32', 'dev', 'lo')


class Holder:
    """A network namespace, kept by a process that does nothing."""

    def __init__(self):
        self.process = subprocess.Popen(['unshare', '-n', 'sh', '-c', 'echo up; exec sleep 3600'], stdout=subprocess.PIPE)
        self.process.stdout.readline()
        self.pid = self.process.pid
        ip('link', 'set', 'lo', 'up', pid=self.pid)

    def run(self, *command, **options):
        return subprocess.Popen(['nsenter', '-t', str(self.pid), '-n', *command], **options)

    def kill(self):
        self.process.kill()
        self.process.wait()


class Site:
    """`stage` ends what it starts."""

    def __init__(self, stage, number, key, brokers, window_s=30):
        self.number, self.name = number, f'site-{number}'
        self.folder = os.path.join(stage.folder, self.name)
        os.mkdir(self.folder)
        self.here, self.lan = stage.add(Holder()), stage.add(Holder())
        self.process = None
        self.wire()
        for name, text in (('policy.yaml', POLICY), ('suppress.yaml', SUPPRESS)):
            with open(os.path.join(self.folder, name), 'w', encoding='utf-8') as out:
                out.write(text)
        self.config = os.path.join(self.folder, 'gander.yaml')
        with open(self.config, 'w', encoding='utf-8') as out:
            json.dump(self.settings(key, brokers, window_s), out, indent=1)
        stage.add(self)
        server = stage.add(Server())
        server.process = self.here.run(sys.executable, '-B', __file__, 'collector')

    def wire(self):
        n, here, lan = self.number, self.here.pid, self.lan.pid
        ip('link', 'add', f'up{n}', 'type', 'veth', 'peer', 'name', f'wan{n}')
        ip('link', 'set', f'wan{n}', 'netns', here)
        ip('addr', 'add', f'10.77.{n}.1/24', 'dev', f'up{n}')
        ip('link', 'set', f'up{n}', 'up')
        ip('link', 'set', f'wan{n}', 'name', 'wan', 'up', pid=here)
        ip('addr', 'add', f'10.77.{n}.2/24', 'dev', 'wan', pid=here)
        ip('route', 'add', HUB, 'via', f'10.77.{n}.1', pid=here)
        ip('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far', pid=here)
        ip('link', 'set', 'far', 'netns', lan, pid=here)
        for pid, end in ((here, 'near'), (lan, 'far')):
            subprocess.run(['nsenter', '-t', str(pid), '-n', 'ethtool', '-K', end, 'tx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off'],
                           check=True, capture_output=True)
            ip('link', 'set', end, 'up', pid=pid)
        ip('addr', 'add', COLLECTOR + '/24', 'dev', 'near', pid=here)
        ip('route', 'add', f'10.20.{n}.0/24', 'dev', 'near', pid=here)
        ip('addr', 'add', f'10.20.{n}.1/24', 'dev', 'far', pid=lan)
        for host in range(10, 60):
            ip('addr', 'add', f'10.20.{n}.{host}/24', 'dev', 'far', pid=lan)
        ip('route', 'add', '203.0.113.0/24', 'dev', 'far', pid=lan)

    def settings(self, key, brokers, window_s):
        def kafka(name, topic, types):
            return {'type': 'kafka', 'name': name, 'brokers': [brokers], 'topic': topic, 'types': types,
                    'spool': f'{self.folder}/spool-{name}', 'spool_size': '256MiB'}
        return {
            'identify': {'rules': [os.path.join(TOP, 'rules')]}, 'policy': {'file': f'{self.folder}/policy.yaml'}, 'fleet': {'key_file': key, 'sensor': self.name, 'window_s': window_s},
            'detect': {'snapshot': {'file': f'{self.folder}/state', 'key_file': f'{self.folder}/state.key', 'interval_s': 10},
                       'suppress': f'{self.folder}/suppress.yaml'},
            'runtime': {'epoch_s': 1}, 'process': {'supervise': False},
            'report': {'sensor_name': self.name, 'outputs': [
                {'type': 'file', 'name': 'eve', 'path': f'{self.folder}/eve.json', 'append': True},
                kafka('sketches', 'gander.sketch', ['sketch']),
                kafka('events', 'gander.events', ['alert', 'transfer', 'stats', 'blind_spot', 'rules_reload'])]}}

    def start(self):
        """Returns when it reads packets."""
        before = self.said().count('Ctrl-C ends')
        with open(os.path.join(self.folder, 'said'), 'ab') as out:
            self.process = self.here.run(GANDER, 'run', '--config', self.config, '--interface', 'near', '--json',
                                         stdout=open(os.path.join(self.folder, 'summary'), 'ab'), stderr=out)
        wait_until(lambda: self.said().count('Ctrl-C ends') > before, f'{self.name} reads', 90)

    def send(self, people, senders=30):
        """`people`, by number, in equal parts from so many clients. Returns when all have been received."""
        done = self.lan.run(sys.executable, '-B', __file__, 'clients', str(self.number), str(senders), stdin=subprocess.PIPE)
        done.communicate(json.dumps(list(people)).encode(), timeout=120)
        if done.returncode != 0:
            raise SystemExit(f'{self.name}: clients failed')

    def tick(self):
        """A packet, so that packet time goes on."""
        self.lan.run('ping', '-c', '1', '-W', '1', COLLECTOR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait()

    def events(self, kind):
        out = []
        with open(os.path.join(self.folder, 'eve.json'), encoding='utf-8') as f:
            for row in f:
                if row.endswith('\n') and f'"event_type":"{kind}"' in row:
                    out.append(json.loads(row))
        return out

    def said(self):
        path = os.path.join(self.folder, 'said')
        if not os.path.exists(path):
            return ''
        with open(path, encoding='utf-8', errors='replace') as f:
            return f.read()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(90)


def running(stage, count, brokers):
    """So many sites under one key."""
    key = os.path.join(stage.folder, 'fleet.key')
    done = gander('fleet', 'key', key)
    if done.returncode != 0:
        raise SystemExit(done.stderr.decode())
    fleet = [Site(stage, number, key, brokers) for number in range(count)]
    for site in fleet:
        site.start()
    return fleet


class Server:
    process = None

    def kill(self):
        self.process.kill()
        self.process.wait()


class Collector(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def clients(number, senders):
    people = json.load(sys.stdin)
    for sender in range(senders):
        part = people[sender::senders]
        if not part:
            continue
        body = json.dumps([{'name': f'Kari Nordmann {n}', 'email': person(n)} for n in part])
        link = http.client.HTTPConnection(COLLECTOR, 80, timeout=20, source_address=(f'10.20.{number}.{10 + sender}', 0))
        link.request('POST', '/v1/beacon', body, {'Host': 'in.' + DOMAIN, 'Content-Type': 'application/json'})
        if link.getresponse().status != 204:
            sys.exit('not taken')
        link.close()


if __name__ == '__main__':
    if sys.argv[1] == 'collector':
        http.server.ThreadingHTTPServer((COLLECTOR, 80), Collector).serve_forever()
    clients(int(sys.argv[2]), int(sys.argv[3]))
