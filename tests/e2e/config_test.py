#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`gander config show --effective` says which line each value comes from; the JSON Schema takes what gander takes and refuses
what it refuses, key by key."""
import glob
import json
import os
import re
import tempfile

import jsonschema
import yaml

from scanning import CAPTURES, TOP, Checks, gander


def effective(*arguments):
    """Dotted key -> value and origin, as shown."""
    text = gander('config', 'show', '--effective', *arguments).stdout.decode()
    found, path = {}, []
    for line in text.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        key, _, rest = line.strip().partition(':')
        path[depth:] = [key]
        if rest:
            value, _, origin = rest.rpartition('  # ')
            found['.'.join(path)] = (value.strip(), origin.strip())
    return found


def check_origins(checks, folder):
    config, profile = os.path.join(folder, 'gander.yaml'), os.path.join(folder, 'profile.yaml')
    with open(config, 'w', encoding='utf-8') as f:
        f.write('runtime:\n  workers: 2\n  epoch_s: 7\n\nreport: {events: e.json}\n')
    with open(profile, 'w', encoding='utf-8') as f:
        f.write('runtime: {workers: 3}\n')
    shown = effective('--config', config, '--profile', profile, '--set', 'runtime.stats_interval_s=9', '--rules', 'mine.yaml')
    wanted = {'runtime.workers': ('3', f'{profile}:1'), 'runtime.epoch_s': ('7', f'{config}:3'),
              'report.events': (f'"{folder}/e.json"', f'{config}:5'), 'runtime.stats_interval_s': ('9', '--set'),
              'identify.rules': ('["mine.yaml"]', '--rules'), 'runtime.shed': ('true', 'default')}
    for key, told in wanted.items():
        checks.that(shown.get(key) == told, f'{key}: {shown.get(key)}, not {told}')
    checks.that(sum(origin != 'default' for _, origin in shown.values()) == 5, 'all others have their defaults')
    plain = gander('config', 'show').stdout.decode()
    checks.that(len(shown) == len(re.findall(r' # ', plain)), 'both forms show every key')


def nested(key, value):
    for part in reversed(key.split('.')):
        value = {part: value}
    return value


def leaves(schema, path=()):
    for name, inner in schema.get('properties', {}).items():
        if 'properties' in inner:
            yield from leaves(inner, (*path, name))
        else:
            yield '.'.join((*path, name)), inner


def edges(leaf):
    """Values that the schema takes at its edges, and one that it does not."""
    if 'minimum' in leaf:
        low, high = leaf['minimum'], leaf['maximum']
        return [low, high], high + 1
    if 'enum' in leaf:
        return [word for word in leaf['enum'] if isinstance(word, str)], 'no-such-word'  # off is false for YAML 1.1
    if leaf['type'] == 'boolean':
        return [True, False], 'perhaps'
    return [], '64 parsecs' if 'pattern' in leaf else {'a': 1}


def accepted(*assignments):
    """Whether gander takes these values."""
    arguments = [word for key, value in assignments for word in ('--set', f'{key}={json.dumps(value)}')]
    done = gander('config', 'show', *arguments)
    return done.returncode == 0, done.stderr.decode()


def check_schema(checks):
    done = gander('config', 'schema')
    schema = json.loads(done.stdout)
    validator = jsonschema.Draft202012Validator(schema)
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in (f'{CAPTURES}/demo/demo.yaml', os.path.join(TOP, 'sensor/packaging/etc/gander.yaml'),
                 *sorted(glob.glob(os.path.join(TOP, 'dpdk-config', '*.yaml')))):
        with open(path, encoding='utf-8') as f:
            errors = [e.message for e in validator.iter_errors(yaml.safe_load(f))]
        checks.that(not errors, f'{os.path.relpath(path, TOP)}: {errors[:2]}')
    keys = dict(leaves(schema))
    checks.that(set(keys) == set(effective()), 'the schema has the keys of `config show`')
    checks.that(not validator.is_valid({'runtime': {'wrokers': 1}}), 'an unknown key is refused')
    good = [(key, value) for key, leaf in keys.items() for value in edges(leaf)[0]]
    for key, value in good:
        checks.that(validator.is_valid(nested(key, value)), f'the schema takes {key}={value!r}')
    # Excerpts are kept sealed only.
    checks.that(*accepted(*good, ('quarantine.directory', '/kept'), ('quarantine.certificate', 'officer.pem')))
    for key, leaf in keys.items():
        value = edges(leaf)[1]
        checks.that(not validator.is_valid(nested(key, value)), f'the schema refuses {key}={value!r}')
        checks.that(not accepted((key, value))[0], f'gander refuses {key}={value!r}')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        check_origins(checks, folder)
    check_schema(checks)
    checks.exit()


if __name__ == '__main__':
    main()
