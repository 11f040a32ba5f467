#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the Grafana dashboards gander-*.json, and fleet/*.json for the engines of a fleet, from the descriptions in boards/.

  make.py           writes them
  make.py --check   says which of them differ; exit code 1 when one does
"""
import importlib
import json
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
BOARDS = ['overview', 'flows', 'people', 'detections', 'capture', 'policy']
SCHEMA_VERSION = 39
sys.path.insert(0, HERE)
from boards import fleet  # noqa: E402
from fleet_panels import TYPES, drawn  # noqa: E402


def variables():
    """The data source, and the sensors that a Prometheus knows."""
    return [
        {'name': 'datasource', 'label': 'Prometheus', 'type': 'datasource', 'query': 'prometheus', 'regex': '',
         'current': {}, 'hide': 0, 'includeAll': False, 'multi': False, 'options': [], 'refresh': 1,
         'skipUrlSync': False},
        {'name': 'instance', 'label': 'Sensor', 'type': 'query',
         'datasource': {'type': 'prometheus', 'uid': '${datasource}'},
         'definition': 'label_values(gander_build_info, instance)',
         'query': {'qryType': 1, 'query': 'label_values(gander_build_info, instance)', 'refId': 'sensors'},
         'current': {'selected': True, 'text': ['All'], 'value': ['$__all']}, 'hide': 0, 'includeAll': True,
         'allValue': '.*', 'multi': True, 'options': [], 'refresh': 2, 'regex': '', 'sort': 1, 'skipUrlSync': False},
    ]


def placed(panels):
    """Gives each panel its id and its place: from left to right, a row begins anew."""
    x = y = tallest = 0
    for number, panel in enumerate(panels, 1):
        width, height = panel.pop('size')
        if panel['type'] == 'row' or x + width > 24:
            x, y, tallest = 0, y + tallest, 0
        panel['id'] = number
        panel['gridPos'] = {'h': height, 'w': width, 'x': x, 'y': y}
        x, tallest = x + width, max(tallest, height)
    return panels


def dashboard(board):
    links = [{'asDropdown': False, 'icon': 'dashboard', 'includeVars': True, 'keepTime': True, 'tags': ['gander'],
              'targetBlank': False, 'title': 'Gander', 'type': 'dashboards', 'url': '', 'tooltip': ''}]
    return {
        'annotations': {'list': []}, 'description': board.DESCRIPTION, 'editable': True, 'graphTooltip': 1,
        'links': links, 'panels': placed(board.panels()), 'refresh': '30s', 'schemaVersion': SCHEMA_VERSION,
        'tags': ['gander', 'privacy', 'network'], 'templating': {'list': variables()},
        'time': {'from': board.FROM, 'to': 'now'}, 'timepicker': {}, 'timezone': 'browser', 'title': board.TITLE,
        'uid': board.UID, 'version': 1,
    }


def fleet_dashboard(board, engine):
    uid, title, description, panels = board
    source = {'name': 'datasource', 'label': engine, 'type': 'datasource', 'query': TYPES[engine], 'regex': '', 'current': {}, 'hide': 0,
              'includeAll': False, 'multi': False, 'options': [], 'refresh': 1, 'skipUrlSync': False}
    receiver = {'name': 'collector', 'label': 'Receiver', 'type': 'textbox', 'query': '', 'current': {'text': '', 'value': ''}, 'hide': 0,
                'options': [], 'skipUrlSync': False}
    links = [{'asDropdown': False, 'icon': 'dashboard', 'includeVars': True, 'keepTime': True, 'tags': ['gander-fleet', engine],
              'targetBlank': False, 'title': 'Gander fleet', 'type': 'dashboards', 'url': '', 'tooltip': ''}]
    drawn_panels = [drawn(panel, engine) for panel in panels()]
    return {
        'annotations': {'list': []}, 'description': description, 'editable': True, 'graphTooltip': 1, 'links': links,
        'panels': placed(drawn_panels), 'refresh': '1m', 'schemaVersion': SCHEMA_VERSION, 'tags': ['gander-fleet', engine],
        'templating': {'list': [source] + ([receiver] if uid == 'gander-fleet-collectors' else [])},
        'time': {'from': fleet.FROM, 'to': 'now'}, 'timepicker': {}, 'timezone': 'browser', 'title': f'{title} ({engine})',
        'uid': f'{uid}-{engine}', 'version': 1,
    }


def made():
    """(path, dashboard) of each."""
    for name in BOARDS:
        board = importlib.import_module(f'boards.{name}')
        yield board.UID + '.json', dashboard(board)
    for board in fleet.BOARDS:
        for engine in TYPES:
            yield f'fleet/{board[0]}-{engine}.json', fleet_dashboard(board, engine)


def main():
    different = []
    for name, model in made():
        text = json.dumps(model, indent=1, ensure_ascii=False) + '\n'
        path = os.path.join(HERE, name)
        known = open(path, encoding='utf-8').read() if os.path.exists(path) else ''
        if known == text:
            continue
        different.append(name)
        if '--check' not in sys.argv[1:]:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as out:
                out.write(text)
    for name in different:
        print(f'{name} ' + ('is not what make.py makes: run it' if '--check' in sys.argv[1:] else 'written'))
    sys.exit(1 if different and '--check' in sys.argv[1:] else 0)


if __name__ == '__main__':
    main()
