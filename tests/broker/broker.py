#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real Kafka broker stopped for two minutes under load: nothing lost, order kept per key.

    broker.py CLASSPATH_FILE

One Apache Kafka broker in KRaft mode on loopback, one sensor with a spool that reads traffic from a cable of its own.
The broker is ended (SIGKILL) for OUTAGE_S seconds (default 120) in the middle, started again, and when the sensor has
ended all is read back: each event of the sensor's own file must be in the topic, in the file's order within its key, of
which each has many over the outage. The sensor is confined as always; none of its threads may be one that a refused system
call ends. Needs root and iproute2."""
import collections
import datetime
import glob
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, 'tests', 'e2e'))
from confine_test import takes_refusals, threads  # noqa: E402
from scanning import GANDER, Checks  # noqa: E402
from sink_faults_test import Traffic, metrics, wait_for  # noqa: E402

OUTAGE_S = float(os.environ.get('OUTAGE_S', 120))
LOAD_S = float(os.environ.get('LOAD_S', 10))  # before and after the outage
FLOWS, FEWEST = 300, 50  # keys, and events of each that must fall into the outage
PORT, CONTROLLER = 19092, 19093
CLUSTER = 'R2FuZGVyQnJva2VyVGVzdA'
SERVER = '''
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={folder}/log
num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
'''


class Broker:
    def __init__(self, classpath, folder, host='127.0.0.1'):
        self.host = host
        self.java = ['java', '-Xmx512m', '-cp', classpath]
        self.folder, self.process = folder, None
        self.properties = os.path.join(folder, 'server.properties')
        with open(self.properties, 'w', encoding='utf-8') as out:
            out.write(SERVER.format(host=host, port=PORT, controller=CONTROLLER, folder=folder))
        subprocess.run([*self.java, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER, '-c', self.properties], check=True,
                       capture_output=True, timeout=180)

    def start(self):
        with open(os.path.join(self.folder, 'broker.txt'), 'ab') as out:
            self.process = subprocess.Popen([*self.java, 'kafka.Kafka', self.properties], stdout=out, stderr=out)
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            try:
                socket.create_connection((self.host, PORT), 1).close()
                return
            except OSError:
                time.sleep(0.5)
        sys.exit('the broker does not start: ' + open(os.path.join(self.folder, 'broker.txt'), encoding='utf-8').read()[-2000:])

    def kill(self):
        self.process.kill()
        self.process.wait()


def read_back(broker):
    """(key, value) in the order of each partition, from the log that the broker has on disk."""
    out = []
    for path in sorted(glob.glob(os.path.join(broker.folder, 'log', 'gander-*', '*.log'))):
        done = subprocess.run([*broker.java, 'kafka.tools.DumpLogSegments', '--print-data-log', '--files', path],
                              capture_output=True, timeout=600, check=True)
        for line in done.stdout.split(b'\n'):
            record = re.match(rb'\| offset: \d+ .*? key: (\S*) payload: (.*)$', line)
            if record:
                out.append((record[1], record[2]))
    return out


def seconds_of(event):
    """Of its timestamp, Unix time."""
    return datetime.datetime.fromisoformat(json.loads(event)['timestamp']).timestamp()


def check_keys(received, outage, checks):
    """Each flow's key had events while the broker was away, or order would not have been tried."""
    inside = collections.Counter()
    for key, value in received:
        if outage[0] <= seconds_of(value) <= outage[1] and json.loads(value)['event_type'] == 'dns':
            inside[key] += 1
    fewest = min(inside.values(), default=0)
    checks.that(len(inside) >= FLOWS and fewest >= FEWEST,
                f'{len(inside)} keys with at least {fewest} events of the outage, wanted {FLOWS} with {FEWEST}')
    print(f'{len(inside)} keys have {fewest} to {max(inside.values(), default=0)} events of the outage each')


def compare(sent, received, checks):
    counts = collections.Counter(v for _, v in received)
    missing = [line for line in sent if not counts[line]]
    again = len(received) - len(counts)
    checks.that(not missing, f'nothing is lost: {len(missing)} of {len(sent)} events are missing')
    # By key, first appearances: an event that came twice counts where it came first.
    order = collections.defaultdict(list)
    seen = set()
    for key, value in received:
        if value not in seen:
            seen.add(value)
            order[key].append(value)
    place = {line: i for i, line in enumerate(sent)}
    wrong = sum(1 for values in order.values()
                for a, b in zip(values, values[1:]) if place.get(a, -1) > place.get(b, -1))
    checks.that(wrong == 0, f'order is kept per key: {wrong} events came before an earlier one of their key')
    longest = max((len(v) for v in order.values()), default=0)
    print(f'{len(sent)} events sent, {len(counts)} different received, {len(missing)} lost, {again} twice, '
          f'{len(order)} keys, up to {longest} events of one key, {wrong} out of order')


def main():
    with open(sys.argv[1], encoding='utf-8') as f:
        classpath = f.read().strip()
    if os.environ.get('GANDER_BROKER_INSIDE') != '1':
        os.environ['GANDER_BROKER_INSIDE'] = '1'
        os.execvp('unshare', ['unshare', '-n', sys.executable, '-B', *sys.argv])
    for command in ('link set lo up', 'link add near type veth peer name far', 'link set near arp off up',
                    'link set far arp off up', 'addr add 192.0.2.1/24 dev far'):
        subprocess.run(['ip', *command.split()], check=True)
    checks = Checks()
    folder = tempfile.mkdtemp(prefix='gander-broker-')
    broker, sensor, traffic = Broker(classpath, folder), None, Traffic(FLOWS)
    try:
        broker.start()
        print(subprocess.run([*broker.java, 'kafka.Kafka', '--version'], capture_output=True, text=True,
                             check=False).stdout.strip() or 'Apache Kafka')
        outputs = (f'[{{type: file, name: sound, path: {folder}/eve.json, queue: 256MiB}}, {{type: kafka, name: kafka, '
                   f'brokers: ["127.0.0.1:{PORT}"], topic: gander, spool: {folder}/spool, spool_size: 2GiB, queue: 256MiB}}]')
        sensor = subprocess.Popen([GANDER, 'run', '--interface', 'near', '--json', '--set', 'runtime.epoch_s=1', '--set',
                                   'process.supervise=false', '--set',
                                   'report.metrics.listen=127.0.0.1:9944', '--set', f'report.outputs={outputs}'],
                                  stdout=subprocess.PIPE, stderr=open(os.path.join(folder, 'said'), 'wb'))
        traffic.start()
        wait_for(lambda: metrics()['written_events_total', 'kafka', ''] > 0, 'events in the topic')
        time.sleep(LOAD_S)
        for t in threads(sensor.pid):
            checks.that(t['Seccomp'] == '2' and takes_refusals(t), f'{t["Name"]}: Seccomp {t["Seccomp"]}, SigBlk {t["SigBlk"]}')
        broker.kill()
        outage = [time.time()]
        down = time.monotonic()
        wait_for(lambda: metrics()['spool_events', 'kafka', ''] > 0 and not metrics()['connected', 'kafka', ''],
                 'the sensor says that the broker is away')
        time.sleep(max(0.0, OUTAGE_S - (time.monotonic() - down)))
        at_worst = metrics()['spool_events', 'kafka', '']
        print(f'broker away for {time.monotonic() - down:.0f} s under {traffic.sent} packets so far; '
              f'{at_worst:.0f} events wait in the spool')
        outage.append(time.time())
        broker.start()
        time.sleep(LOAD_S)
        traffic.ends.set()
        traffic.join()
        wait_for(lambda: metrics()['spool_events', 'kafka', ''] == 0, 'the spool is drained')
        sensor.send_signal(signal.SIGTERM)
        summary = json.loads(sensor.communicate(timeout=120)[0])
        outputs = {o['name']: o for o in summary['outputs']}
        print(outputs['kafka'])
        checks.that(not outputs['kafka']['lost'], f'the sensor counts no loss: {outputs["kafka"]}')
        with open(os.path.join(folder, 'eve.json'), 'rb') as f:
            sent = f.read().split(b'\n')[:-1]
        # The last events wait for the sensor's next start when the broker was slow: they are in the spool.
        left = outputs['kafka'].get('spooled', 0)
        checks.that(left == 0, f'nothing is left in the spool: {left}')
        broker.process.terminate()
        broker.process.wait(60)
        received = read_back(broker)
        compare(sent, received, checks)
        check_keys(received, outage, checks)
        with open(os.path.join(folder, 'said'), encoding='utf-8') as f:
            checks.that('refused' not in f.read(), 'no system call was refused')
    finally:
        traffic.ends.set()
        for process in (sensor, broker.process):
            if process is not None and process.poll() is None:
                process.kill()
        with open(os.path.join(folder, 'said'), encoding='utf-8') as f:
            print(f.read()[-1500:])
        shutil.rmtree(folder, ignore_errors=True)
    checks.exit()


if __name__ == '__main__':
    main()
