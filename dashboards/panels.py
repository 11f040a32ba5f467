# SPDX-License-Identifier: Apache-2.0
"""The panel types that the boards use, in Grafana's classic model. An expression says {@} or {@,more} where it selects
the sensors that are chosen."""

DATASOURCE = {'type': 'prometheus', 'uid': '${datasource}'}
GOOD, WARN, BAD = 'green', 'orange', 'red'


def selected(expression):
    return expression.replace('{@', '{instance=~"$instance"')


def target(expression, legend, number, kind):
    """`kind`: range for lines over time, instant for the value now, table for rows of labels."""
    out = {'datasource': DATASOURCE, 'editorMode': 'code', 'expr': selected(expression), 'legendFormat': legend,
           'refId': chr(ord('A') + number), 'range': kind == 'range', 'instant': kind != 'range'}
    if kind == 'table':
        out['format'] = 'table'
    return out


def steps(*pairs):
    """Colours and the values they begin at: steps(GOOD, 1, WARN, 100, BAD)."""
    out = [{'color': pairs[0], 'value': None}]
    for value, color in zip(pairs[1::2], pairs[2::2]):
        out.append({'color': color, 'value': value})
    return {'mode': 'absolute', 'steps': out}


def panel(kind, title, description, queries, unit, size, query_kind):
    defaults = {'unit': unit, 'color': {'mode': 'thresholds'}, 'thresholds': steps('blue')}
    if isinstance(queries, str):
        queries = [(queries, '')]
    return {'type': kind, 'title': title, 'description': description, 'datasource': DATASOURCE,
            'targets': [target(e, legend, i, query_kind) for i, (e, legend) in enumerate(queries)],
            'fieldConfig': {'defaults': defaults, 'overrides': []}, 'options': {}, 'size': size}


def reduced():
    return {'calcs': ['lastNotNull'], 'fields': '', 'values': False}


def row(title):
    return {'type': 'row', 'title': title, 'collapsed': False, 'panels': [], 'size': (24, 1)}


def text(title, content, size=(24, 3)):
    return {'type': 'text', 'title': title, 'description': '', 'options': {'mode': 'markdown', 'content': content},
            'size': size}


def stat(title, description, queries, unit='short', thresholds=None, decimals=None, size=(6, 4), mappings=None):
    out = panel('stat', title, description, queries, unit, size, 'range')
    defaults = out['fieldConfig']['defaults']
    defaults['thresholds'] = thresholds or steps('blue')
    if decimals is not None:
        defaults['decimals'] = decimals
    if mappings:
        defaults['mappings'] = [{'type': 'value', 'options': {
            str(value): {'text': words, 'color': color, 'index': i} for i, (value, words, color) in enumerate(mappings)}}]
    out['options'] = {'colorMode': 'value', 'graphMode': 'area', 'justifyMode': 'auto', 'orientation': 'auto',
                      'reduceOptions': reduced(), 'textMode': 'auto'}
    return out


def gauge(title, description, expression, thresholds, unit='percentunit', top=1, size=(6, 4)):
    out = panel('gauge', title, description, expression, unit, size, 'range')
    out['fieldConfig']['defaults'].update({'min': 0, 'max': top, 'thresholds': thresholds})
    out['options'] = {'reduceOptions': reduced(), 'orientation': 'auto', 'showThresholdLabels': False,
                      'showThresholdMarkers': True}
    return out


def bars(title, description, expression, legend, unit='short', thresholds=None, size=(12, 8)):
    out = panel('bargauge', title, description, [(expression, legend)], unit, size, 'instant')
    defaults = out['fieldConfig']['defaults']
    defaults.update({'min': 0, 'thresholds': thresholds or steps('blue')})
    out['options'] = {'displayMode': 'gradient', 'orientation': 'horizontal', 'reduceOptions': reduced(),
                      'showUnfilled': True, 'valueMode': 'color', 'minVizHeight': 10, 'minVizWidth': 0}
    return out


def lines(title, description, queries, unit='short', stacked=False, size=(12, 8), colors=None):
    out = panel('timeseries', title, description, queries, unit, size, 'range')
    defaults = out['fieldConfig']['defaults']
    defaults['color'] = {'mode': 'palette-classic'}
    defaults['min'] = 0
    defaults['custom'] = {
        'drawStyle': 'line', 'fillOpacity': 30 if stacked else 8, 'lineWidth': 1, 'showPoints': 'never',
        'spanNulls': False, 'stacking': {'group': 'A', 'mode': 'normal' if stacked else 'none'},
        'axisPlacement': 'auto', 'axisLabel': '', 'lineInterpolation': 'linear', 'pointSize': 4,
        'gradientMode': 'none', 'scaleDistribution': {'type': 'linear'},
        'thresholdsStyle': {'mode': 'off'}}
    for name, color in (colors or {}).items():
        out['fieldConfig']['overrides'].append(
            {'matcher': {'id': 'byName', 'options': name},
             'properties': [{'id': 'color', 'value': {'fixedColor': color, 'mode': 'fixed'}}]})
    out['options'] = {'legend': {'calcs': ['lastNotNull', 'max'], 'displayMode': 'table', 'placement': 'bottom',
                                 'showLegend': True}, 'tooltip': {'mode': 'multi', 'sort': 'desc'}}
    return out


def table(title, description, queries, size=(12, 8), units=None, hidden=()):
    """`queries`: (expression, heading of its values) with the same labels each; rows with the same labels are one.
    `units`: heading -> unit."""
    out = panel('table', title, description, [(e, '') for e, _ in queries], 'short', size, 'table')
    names = {'Value': queries[0][1]} if len(queries) == 1 else {
        f'Value #{chr(ord("A") + i)}': heading for i, (_, heading) in enumerate(queries)}
    out['transformations'] = [{'id': 'merge', 'options': {}}] if len(queries) > 1 else []
    out['transformations'].append(
        {'id': 'organize', 'options': {'excludeByName': {name: True for name in ('Time', *hidden)}, 'indexByName': {},
                                       'renameByName': names}})
    for heading, unit in (units or {}).items():
        out['fieldConfig']['overrides'].append({'matcher': {'id': 'byName', 'options': heading},
                                                'properties': [{'id': 'unit', 'value': unit}]})
    out['fieldConfig']['defaults']['custom'] = {'align': 'auto', 'cellOptions': {'type': 'auto'}, 'filterable': True}
    out['options'] = {'showHeader': True, 'cellHeight': 'sm',
                      'sortBy': [{'displayName': queries[0][1], 'desc': True}],
                      'footer': {'show': False, 'reducer': ['sum'], 'fields': '', 'countRows': False}}
    return out
