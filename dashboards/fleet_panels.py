# SPDX-License-Identifier: Apache-2.0
"""Panels over the fleet's engines, in Grafana's classic model. A query is written once for each engine; macros are those of
Grafana's data sources for PostgreSQL and ClickHouse."""
from panels import reduced, steps

POSTGRESQL, CLICKHOUSE = 'postgresql', 'clickhouse'
TYPES = {POSTGRESQL: 'grafana-postgresql-datasource', CLICKHOUSE: 'grafana-clickhouse-datasource'}


def target(engine, sql, number, series):
    out = {'datasource': {'type': TYPES[engine], 'uid': '${datasource}'}, 'refId': chr(ord('A') + number), 'rawSql': sql}
    if engine == POSTGRESQL:
        out.update({'editorMode': 'code', 'rawQuery': True, 'format': 'time_series' if series else 'table'})
    else:
        out.update({'editorType': 'sql', 'queryType': 'timeseries' if series else 'table', 'format': 0 if series else 1})
    return out


def panel(kind, title, description, queries, unit, size):
    """`queries`: SQL by engine."""
    return {'type': kind, 'title': title, 'description': description, 'queries': queries, 'unit': unit, 'size': size}


def stat(title, description, queries, thresholds=None, unit='short', size=(6, 4)):
    out = panel('stat', title, description, queries, unit, size)
    out['thresholds'] = thresholds or steps('blue')
    return out


def lines(title, description, queries, unit='short', size=(12, 8)):
    return panel('timeseries', title, description, queries, unit, size)


def table(title, description, queries, size=(24, 9)):
    return panel('table', title, description, queries, 'short', size)


def drawn(neutral, engine):
    """The panel for one engine; rows and texts are the same for all."""
    if 'queries' not in neutral:
        return dict(neutral)
    kind = neutral['type']
    defaults = {'unit': neutral['unit'], 'color': {'mode': 'palette-classic' if kind == 'timeseries' else 'thresholds'},
                'thresholds': neutral.get('thresholds', steps('blue'))}
    options = {}
    if kind == 'stat':
        options = {'colorMode': 'value', 'graphMode': 'none', 'justifyMode': 'auto', 'orientation': 'auto',
                   'reduceOptions': dict(reduced(), fields='/.*/'), 'textMode': 'auto'}
    elif kind == 'timeseries':
        defaults.update({'min': 0, 'custom': {'drawStyle': 'line', 'fillOpacity': 8, 'lineWidth': 1, 'showPoints': 'auto',
                                              'spanNulls': False}})
        options = {'legend': {'calcs': ['lastNotNull', 'max'], 'displayMode': 'table', 'placement': 'bottom', 'showLegend': True},
                   'tooltip': {'mode': 'multi', 'sort': 'desc'}}
    else:
        defaults['custom'] = {'align': 'auto', 'cellOptions': {'type': 'auto'}, 'filterable': True}
        options = {'showHeader': True, 'cellHeight': 'sm', 'footer': {'show': False, 'reducer': ['sum'], 'fields': '',
                                                                      'countRows': False}}
    source = {'type': TYPES[engine], 'uid': '${datasource}'}
    return {'type': kind, 'title': neutral['title'], 'description': neutral['description'], 'datasource': source,
            'targets': [target(engine, neutral['queries'][engine], 0, kind == 'timeseries')],
            'fieldConfig': {'defaults': defaults, 'overrides': []}, 'options': options, 'size': neutral['size']}
