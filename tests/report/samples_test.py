#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The sample configurations of readers: YAML and TOML that parse, with the paths, topics and ports of the sensor's side,
and with fields that exist in the schema of their layout. Exit 77: python3-yaml is missing."""
import json
import pathlib
import re
import sys

try:
    import yaml
except ImportError:
    sys.exit(77)
try:
    import tomllib
except ImportError:
    tomllib = None

TOP = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = TOP / 'sensor/packaging/samples'
failed = []


def expect(holds, what):
    if not holds:
        failed.append(what)
        print('FAILED:', what)


def schema(layout):
    return json.loads((TOP / f'sensor/report/schema/{layout}.schema.json').read_text())


def knows(node, path, whole):
    """Whether a schema has a property at a dotted path."""
    for part in path.split('.'):
        while '$ref' in node:
            node = whole['$defs'][node['$ref'].split('/')[-1]]
        node = node.get('properties', {}).get(part)
        if node is None:
            return False
    return True


def toml(text):
    """Debian 12's own Python has tomllib; an older one still sees that sections and strings are whole."""
    if tomllib is not None:
        return tomllib.loads(text)
    tables = {}
    for name in re.findall(r'^\[(\w+\.\w+)\]$', text, re.M):
        group, key = name.split('.')
        tables.setdefault(group, {})[key] = {}
    return tables


def main():
    ours = yaml.safe_load((SAMPLES / 'gander.yaml').read_text())['report']['outputs']
    paths = {o['path'] for o in ours if 'path' in o}
    topics = {o['topic'] for o in ours if 'topic' in o}
    brokers = {b for o in ours for b in o.get('brokers', [])}
    layouts = {name: schema(name) for name in ('eve', 'ecs', 'ocsf')}

    beat = yaml.safe_load((SAMPLES / 'filebeat.yml').read_text())
    inputs = {i['type']: i for i in beat['filebeat.inputs']}
    expect(set(inputs) == {'filestream', 'unix', 'tcp', 'kafka'}, 'filebeat: an input for each transport')
    expect(set(inputs['filestream']['paths']) <= paths and inputs['unix']['path'] in paths, 'filebeat: our paths')
    expect(set(inputs['kafka']['topics']) <= topics and set(inputs['kafka']['hosts']) <= brokers, 'filebeat: our topic')
    fields = re.findall(r'suricata\.eve\.([a-z_.]+)', (SAMPLES / 'filebeat.yml').read_text())
    expect(fields and all(knows(layouts['eve'], f, layouts['eve']) for f in fields), f'filebeat: fields of EVE: {fields}')
    expect(knows(layouts['ecs'], 'event.kind', layouts['ecs']), 'filebeat: event.kind of ECS')

    text = (SAMPLES / 'vector.toml').read_text()
    vector = toml(text)
    expect({'eve', 'stream', 'datagrams', 'syslog', 'topic'} == set(vector['sources']), 'vector: a source for each transport')
    expect(set(re.findall(r'path = "(/run/[^"]+)"', text)) <= paths, 'vector: our sockets')
    expect(set(re.findall(r'^topics = \["([^"]+)"\]', text, re.M)) <= topics, 'vector: our topic')
    for name in re.findall(r'^inputs = \[(.*)\]', text, re.M):
        for item in re.findall(r'"([^"]+)"', name):
            item = item.split('.')[0]
            expect(item in vector['sources'] or item in vector['transforms'], f'vector: `{item}` is a component')
    for field in set(re.findall(r'[ (\']\.([a-z_]+(?:\.[a-z_]+)*) ==', text)):
        expect(any(knows(s, field, s) for s in layouts.values()), f'vector: `{field}` is in a schema')

    bit = yaml.safe_load((SAMPLES / 'fluent-bit.yaml').read_text())
    parsers = {p['name'] for p in bit['parsers']} | {'syslog-rfc5424'}
    for i in bit['pipeline']['inputs']:
        expect(i.get('parser', 'gander_json') in parsers, f'fluent-bit: parser of {i["name"]}')
        expect('path' not in i or i['path'] in paths, f'fluent-bit: path of {i["name"]}')
    expect({i['name'] for i in bit['pipeline']['inputs']} == {'tail', 'syslog', 'kafka'}, 'fluent-bit: inputs')
    expect(all(knows(layouts['eve'], p['time_key'], layouts['eve']) for p in bit['parsers'] if 'time_key' in p),
           'fluent-bit: time_key of EVE')
    expect(any(str(o.get('port')) == str(i.get('port')) for o in ours for i in bit['pipeline']['inputs'] if 'port' in i),
           'fluent-bit: our port')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
