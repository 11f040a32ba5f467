# SPDX-License-Identifier: Apache-2.0
"""ClickHouse for a test, as chDB has it; and the schema of sensor/fleet/clickhouse."""
import json
import os
import re
import subprocess

import engines

SCHEMA = os.path.join(engines.TOP, 'sensor', 'fleet', 'clickhouse')
FILES = ('functions', 'tables', 'arrival', 'findings', 'alerts')


def statements(name):
    """Of a file of the schema; none of them has a semicolon at a line's end within."""
    with open(os.path.join(SCHEMA, name + '.sql'), encoding='utf-8') as f:
        text = re.sub(r'^\s*--.*$', '', f.read(), flags=re.M)
    return [s for s in re.split(r';\s*(?:\n|$)', text) if s.strip()]


class ClickHouse:
    def __init__(self, folder, name='clickhouse'):
        self.folder = os.path.join(folder, name)
        python = os.environ['GANDER_FLEET_CHDB']
        with open(self.folder + '.txt', 'wb') as said:
            self.process = subprocess.Popen([python, '-B', os.path.join(engines.TOP, 'tests', 'fleet', 'chdb_child.py'), self.folder],
                                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)

    def ask(self, sql):
        """Rows as lists; RuntimeError with what the engine says."""
        self.process.stdin.write(json.dumps([sql, 'JSONCompact']).encode() + b'\n')
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if 'problem' in answer:
            raise RuntimeError(answer['problem'][:2000] + '\n' + sql[:400])
        return json.loads(answer['rows'])['data'] if answer['rows'].strip() else []

    def one(self, sql):
        return self.ask(sql)[0][0]

    def number(self, sql):
        return int(float(self.one(sql) or 0))

    def create(self, brokers=None):
        if brokers is not None:
            self.ask(f"create named collection gander_kafka as kafka_broker_list = '{brokers}', kafka_commit_on_select = 1")
        for name in FILES:
            for statement in statements(name):
                self.ask(statement)
        for statement in statements('kafka') if brokers is not None else ():
            if 'materialized view' in statement:
                continue  # reads a topic alone, and then nobody else may
            try:
                self.ask(statement)
            except RuntimeError as problem:
                # chDB has no pool of threads that read on their own: the table is made and answers a SELECT, see pump().
                if 'Shutdown was called' not in str(problem):
                    raise

    def pump(self):
        """Reads what the topics have by the Kafka engine, as a server's own threads do."""
        for name in ('sketch', 'event'):
            self.ask(f'insert into fleet.arrived select _topic, _partition, _offset, message from fleet.{name}_queue '
                     'settings stream_like_engine_allow_direct_select = 1')

    def take(self, path, topic='gander.sketch'):
        """Messages of a file, one a line, as if they had come from the topic."""
        self.ask(f"insert into fleet.arrived select '{topic}', 0, rowNumberInAllBlocks(), line from "
                 f"file('{path}', LineAsString, 'line String') settings max_block_size = 8192")

    def kill(self):
        self.process.kill()
        self.process.wait()
