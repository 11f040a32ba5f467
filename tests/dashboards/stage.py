# SPDX-License-Identifier: Apache-2.0
"""A real sensor on a cable of its own, real traffic on it, and a real Prometheus that scrapes the sensor over TLS with
a password. All of it inside a network namespace that ends with the process.

    enter_namespace()            # runs this script anew where there is no network but ours
    with Stage() as stage:
        stage.play_for(20)
        stage.stop_traffic()
        rows = stage.query_range('sum(gander_capture_packets_total)', 30)
"""
import base64
import json
import os
import random
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), name) for name in ('e2e', 'scenario')]
import rounds  # noqa: E402
from scanning import CAPTURES, GANDER, SKIPPED, TOP  # noqa: E402
from synth import Capture  # noqa: E402

SENSOR = 'edge-1'
PROMETHEUS = 'http://127.0.0.1:9990'
USER, PASSWORD = 'prometheus', 'one gander, two geese'
SCRAPES_S = 0.25  # between two
RATE_INTERVAL = '3s'
STEP_S = 1
START_LIMIT_S = 60
PACKETS_PER_S, DEMO_PACKETS = 1000, 2158


def enter_namespace():
    """Needs root and the programs; exits 77 with the reason where they are not there."""
    if os.geteuid() != 0:
        sys.exit(skip('needs root'))
    for program in ('unshare', 'ip', 'tcpreplay', 'prometheus', 'promtool', 'openssl'):
        if shutil.which(program) is None:
            sys.exit(skip(f'needs {program}'))
    if os.environ.get('GANDER_STAGE') != '1':
        os.environ['GANDER_STAGE'] = '1'
        os.execvp('unshare', ['unshare', '--net', sys.executable, '-B', *sys.argv])


def skip(why):
    print(why)
    return SKIPPED


def run(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, **options).stdout


def until(what, holds, limit_s=START_LIMIT_S):
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        try:
            found = holds()
            if found:
                return found
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError(f'{what}: not within {limit_s} s')


def plant(capture):
    """A control room writes to a plant: what the board of industrial functions shows."""
    talk = capture.tcp('10.20.0.30', '10.30.0.40', 502, at=capture.start)
    for i in range(8):
        talk.send(i.to_bytes(2, 'big') + bytes.fromhex('0000 0006 01 05 0013 ff00'))
        talk.reply(i.to_bytes(2, 'big') + bytes.fromhex('0000 0006 01 05 0013 ff00'))
    talk.close()


def stock_list(capture):
    """Card numbers that payment firms publish for tests, and numbers of an order list of which some look like
    identifiers by chance: findings that are not counted."""
    numbers = random.Random(3)
    rows = ['card number,expiry', '4111 1111 1111 1111,12/27', '5555555555554444,11/28', '', 'order,part,lot']
    for _ in range(120):
        rows.append(','.join(str(numbers.randrange(10 ** (n - 1), 10 ** n)) for n in (8, 9, 9, 10, 11, 11, 12, 13, 16)))
    body = '\n'.join(rows).encode()
    talk = capture.tcp('10.20.0.31', '192.0.2.90', 80, at=capture.start + 1)
    talk.send(b'POST /stock HTTP/1.1\r\nHost: stock.example\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n'
              % len(body) + body)
    talk.reply(b'HTTP/1.1 204 No Content\r\n\r\n')
    talk.close()


class Stage:
    def __init__(self):
        self.work = tempfile.mkdtemp(prefix='gander-stage-')
        self.processes = {}
        self.events = self.path('events.json')

    def path(self, name):
        return os.path.join(self.work, name)

    def __enter__(self):
        try:
            run('ip', 'link', 'set', 'lo', 'up')
            run('ip', 'link', 'add', 'near', 'mtu', '9000', 'type', 'veth', 'peer', 'name', 'far', 'mtu', '9000')
            for name in ('near', 'far'):
                # Without IPv6 the kernel has nothing of its own to say there.
                run('ip', 'link', 'set', name, 'addrgenmode', 'none', 'up')
            self.secrets()
            self.start_prometheus()  # first, since its first scrape is 5 s away
            self.suppress()
            self.start_sensor()
            until('Prometheus', lambda: self.failed('prometheus') or self.fetch(f'{PROMETHEUS}/-/ready'))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in ('traffic', 'prometheus', 'sensor'):
            self.end(name)
        shutil.rmtree(self.work, ignore_errors=True)

    def end(self, name):
        process = self.processes.pop(name, None)
        if process is None:
            return None
        process.terminate()
        try:
            return process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def start(self, name, *command):
        with open(self.path(name + '.log'), 'w', encoding='utf-8') as log:
            self.processes[name] = subprocess.Popen(command, cwd=TOP, stdout=log, stderr=subprocess.STDOUT)

    def log(self, name):
        with open(self.path(name + '.log'), encoding='utf-8', errors='replace') as f:
            return f.read()

    def secrets(self):
        run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
            '-subj', '/CN=gander', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', self.path('key.pem'), '-out',
            self.path('certificate.pem'))
        os.chmod(self.path('key.pem'), 0o600)
        with open(self.path('passwords'), 'w', encoding='utf-8') as f:
            f.write(f'{USER}:' + run('openssl', 'passwd', '-6', PASSWORD))
        os.chmod(self.path('passwords'), 0o600)
        with open(self.path('password'), 'w', encoding='utf-8') as f:
            f.write(PASSWORD)
        run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=officer',
            '-keyout',
            self.path('officer.key'), '-out', self.path('officer.pem'))

    def suppress(self):
        until = time.strftime('%Y-%m-%d', time.gmtime(time.time() + 30 * 86400))
        with open(self.path('suppress.yaml'), 'w', encoding='utf-8') as f:
            f.write(f'suppress:\n  - {{name: forms, detector: D01, source: 10.20.0.0/16, until: {until}, reason: known}}\n')

    def settings(self):
        return {
            'report.metrics.listen': '127.0.0.1:9944', 'report.metrics.tls_certificate': self.path('certificate.pem'),
            'report.metrics.tls_key': self.path('key.pem'), 'report.metrics.password_file': self.path('passwords'),
            'report.events': self.events, 'runtime.epoch_s': 1, 'detect.snapshot.file': self.path('state'),
            'detect.snapshot.key_file': self.path('state.key'), 'detect.snapshot.interval_s': 2,
            'process.user': 'root',  # the folder is root's
            'quarantine.directory': self.path('kept'), 'quarantine.certificate': self.path('officer.pem'),
            'quarantine.excerpt': 'masked',
            'evidence.directory': self.path('evidence'), 'evidence.key_file': self.path('evidence.key'),
            'evidence.checkpoint_interval_s': 2, 'detect.suppress': self.path('suppress.yaml'), 'runtime.shed': 'false',
        }

    def start_sensor(self):
        options = [word for item in self.settings().items() for word in ('--set', '%s=%s' % item)]
        self.start('sensor', GANDER, 'run', '--config', f'{CAPTURES}/demo/demo.yaml', '--interface', 'near', *options)
        until('the sensor', lambda: 'Ctrl-C' in self.log('sensor') or self.failed('sensor'))

    def failed(self, name):
        if self.processes[name].poll() is not None:
            raise RuntimeError(f'{name} ended:\n{self.log(name)}')
        return False

    def start_prometheus(self):
        config = f'''
global: {{scrape_interval: {round(1000 * SCRAPES_S)}ms, evaluation_interval: {round(1000 * SCRAPES_S)}ms}}
rule_files: [{TOP}/dashboards/prometheus/gander.rules.yml]
scrape_configs:
  - job_name: gander
    scheme: https
    tls_config: {{ca_file: {self.path('certificate.pem')}}}
    basic_auth: {{username: {USER}, password_file: {self.path('password')}}}
    static_configs:
      - targets: ["127.0.0.1:9944"]
        labels: {{instance: {SENSOR}}}
'''
        with open(self.path('prometheus.yml'), 'w', encoding='utf-8') as f:
            f.write(config)
        self.start('prometheus', 'prometheus', f'--config.file={self.path("prometheus.yml")}',
                   f'--storage.tsdb.path={self.path("tsdb")}', '--web.listen-address=127.0.0.1:9990',
                    '--log.level=warn')

    def start_traffic(self, seconds, packets_per_s):
        once = Capture(seed=4)
        plant(once)
        stock_list(once)
        once.write(self.path('once.pcap'))
        run('tcpreplay', '--quiet', f'--pps={packets_per_s}', '--intf1=far', self.path('once.pcap'))
        rounds.write(f'{CAPTURES}/demo/demo.pcap', self.path('traffic.pcap'),
                     1 + seconds * packets_per_s // DEMO_PACKETS)
        self.start('traffic', 'tcpreplay', f'--pps={packets_per_s}', '--intf1=far', self.path('traffic.pcap'))

    def play_for(self, seconds, spare=START_LIMIT_S, packets_per_s=PACKETS_PER_S):
        """Waits until the sensor has raised alerts and then for so long; traffic goes on for `spare` seconds."""
        self.start_traffic(seconds + spare, packets_per_s)
        until('a first judgement', lambda: self.value('sum(gander_alerts_total) > 0'))
        time.sleep(seconds)

    def packets_sent(self):
        """By the count of the cable, which carries nothing else."""
        return json.loads(run('ip', '-j', '-s', 'link', 'show', 'far'))[0]['stats64']['tx']['packets']

    def stop_traffic(self):
        """... and waits until the sensor has read all that was sent."""
        self.end('traffic')
        seen = self.value_of('gander_capture_packets_total', 'gander_dropped_packets_total')
        until('the sensor has read all', lambda: sum(seen()) == self.packets_sent())

    def value_of(self, *names):
        """What the sensor itself says of them, labels added up, as a function."""
        def read():
            scrape = self.sensor('/metrics')
            return [sum(float(n) for n in re.findall(rf'^{name}(?:{{.*}})? (\S+)$', scrape, re.M)) for name in names]
        return read

    def wait_epochs(self, count):
        """... of the sensor, and until Prometheus has seen the last of them and worked its rules out."""
        epochs = self.value_of('gander_epochs_total')
        last = epochs()[0] + count
        until('epochs', lambda: epochs()[0] >= last)
        until('a scrape', lambda: (self.value('gander_epochs_total') or 0) >= last)
        time.sleep(2 * SCRAPES_S)

    @staticmethod
    def fetch(url, context=None, headers=None):
        request = urllib.request.Request(url, headers=headers or {})
        with urllib.request.urlopen(request, timeout=10, context=context) as answer:
            return answer.read().decode()

    def sensor(self, path):
        """What the sensor answers to who has the password and trusts its certificate."""
        context = ssl.create_default_context(cafile=self.path('certificate.pem'))
        words = base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()
        return self.fetch(f'https://127.0.0.1:9944{path}', context, {'Authorization': f'Basic {words}'})

    def api(self, path, **parameters):
        """The data of an answer; a refused query is an error with its reason."""
        url = f'{PROMETHEUS}/api/v1/{path}?' + urllib.parse.urlencode(parameters)
        try:
            answer = json.loads(self.fetch(url))
        except urllib.error.HTTPError as error:
            answer = json.loads(error.read().decode())
        if answer['status'] != 'success':
            raise ValueError(f'{answer.get("error")}: {parameters}')
        return answer['data']

    def query_range(self, expression, seconds):
        now = int(time.time())
        return self.api('query_range', query=expression, start=now - seconds, end=now, step=STEP_S)['result']

    def value(self, expression):
        """The one value of an instant query, None when there is none."""
        result = self.api('query', query=expression)['result']
        return float(result[0]['value'][1]) if result else None


def expanded(expression):
    return expression.replace('$__rate_interval', RATE_INTERVAL).replace('$__range', '1h').replace('$instance', '.*')
