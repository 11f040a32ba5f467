# SPDX-License-Identifier: Apache-2.0
"""The dashboards as they lie in the tree."""
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
DASHBOARDS = os.path.join(os.path.dirname(os.path.dirname(HERE)), 'dashboards')


def load():
    for name in sorted(os.listdir(DASHBOARDS)):
        if name.endswith('.json'):
            with open(os.path.join(DASHBOARDS, name), encoding='utf-8') as f:
                yield json.load(f)


def targets():
    """(dashboard uid, panel title, refId, expression) of each query there is."""
    for board in load():
        for panel in board['panels']:
            for target in panel.get('targets', []):
                yield board['uid'], panel['title'], target['refId'], target['expr']
