# SPDX-License-Identifier: Apache-2.0
"""What panels must show, counted here from /status (the same state as JSON) and from the events file, not by PromQL."""
import json
from collections import defaultdict

FEW = 10  # people below whom a way is not told
PERMITTED = ('registered', 'internal')


def people(transfers, key):
    """key(t) -> people, added up over pairs of ends; groups that are not known to be at least FEW count 0."""
    total, least = defaultdict(int), defaultdict(int)
    for t in transfers:
        total[key(t)] += t['subjects']['estimate']
        least[key(t)] = max(least[key(t)], t['subjects']['low'])
    return {group: n if least[group] >= FEW else 0 for group, n in total.items()}


def told_ways(transfers):
    """Each transfer with its way by State as the metrics tell it."""
    def way(t):
        return t['data_class'], t['from']['country'], t['to']['country'], t['verdict']
    known = {way(t) for t in transfers if t['subjects']['low'] >= FEW}
    return [(way(t) if way(t) in known else (t['data_class'], 'other', 'other', t['verdict']), t) for t in transfers]


def by_state(transfers):
    """(class, State of the recipient, verdict) -> people; a way that few people went is under `other`."""
    ways = {id(t): way for way, t in told_ways(transfers)}
    return people(transfers, lambda t: (ways[id(t)][0], ways[id(t)][2], ways[id(t)][3]))


def by_zone(transfers):
    def way(t):
        return t['from']['zone'], t['to']['zone'], t['verdict']
    known = {way(t) for t in transfers if t['subjects']['low'] >= FEW}
    return people(transfers, lambda t: way(t) if way(t) in known else ('other', 'other', t['verdict']))


def said(alert):
    """(detector, severity) of an alert event."""
    about = alert['alert']['metadata']
    return about['gander_detector'][0], about['gander_severity'][0]


def values(status, events, packets_sent):
    """expression -> its one value now."""
    transfers = status['transfers']
    states, zones = by_state(transfers), by_zone(transfers)
    alerts = [e for e in events if e['event_type'] == 'alert']
    fates = {f'{c}/{r}': n for c, reasons in status['ledger']['bytes'].items() for r, n in reasons.items()}
    counted = [f for f in status['findings'] if f['result'] == 'counted']
    out = {
        'sum(gander_capture_packets_total)': status['ledger']['packets'],
        'sum(gander_capture_bytes_total)': status['ledger']['received'],
        'sum(gander_capture_packets_total) + sum(gander_dropped_packets_total)': packets_sent,
        'sum(gander_flows_seen_total)': status['flows']['total'],
        'sum(gander_app_flows_total)': sum(status['flows']['by_protocol'].values()),
        'sum(gander_app_flows_total{proto="tls"})': status['flows']['by_protocol']['tls'],
        'sum(gander_ledger_bytes_total) + sum(gander_ledger_open_bytes)': status['ledger']['received'],
        'min(gander_coverage_ratio)': status['ledger']['coverage'],
        'sum(gander_findings_total{result="counted"})': sum(f['count'] for f in counted),
        'count(sum by (rule) (gander_findings_total{result="counted"}) > 0)': len({f['rule'] for f in counted}),
        'sum(gander_alerts_total)': len(alerts),
        'sum(gander:alerts:increase24h)': len(alerts),
        'sum(gander_transfer_subjects{verdict!~"registered|internal"})':
            sum(n for (_, _, verdict), n in states.items() if verdict not in PERMITTED),
        'sum(gander_transfer_subjects)': sum(states.values()),
        'sum(gander_zone_transfer_subjects)': sum(zones.values()),
        'sum(gander_transfer_bytes_total)': sum(t['bytes'] for t in transfers),
        'sum(gander_zone_transfer_bytes)': sum(t['bytes'] for t in transfers),
        'max(gander_rules_loaded)': status['rules']['loaded'],
    }
    for fate, n in fates.items():
        category, reason = fate.split('/')
        out[f'sum(gander_ledger_bytes_total{{category="{category}",reason="{reason}"}})'] = n
    for (_, state, _) in states:
        people_there = sum(n for k, n in states.items() if k[1] == state)
        out[f'sum(gander_transfer_subjects{{to_country="{state}"}})'] = people_there
    for detector, severity in {said(a) for a in alerts}:
        out[f'sum(gander:alerts:increase24h{{detector="{detector}",severity="{severity}"}})'] = sum(
            said(a) == (detector, severity) for a in alerts)
    return out


def summed(pairs):
    """(labels, number) -> {labels: sum}"""
    out = defaultdict(int)
    for labels, n in pairs:
        out[labels] += n
    return dict(out)


def panels(status, events):
    """(dashboard, panel, refId) -> (names of labels, {values of labels: value}): what those panels must show."""
    transfers, ways = status['transfers'], told_ways(status['transfers'])
    states, zones = by_state(transfers), by_zone(transfers)
    alerts = summed((said(e), 1) for e in events if e['event_type'] == 'alert')
    writes = sum(e['event_type'] == 'modbus' and 'WrSingleCoil' in json.dumps(e) for e in events)
    fates = {(c, r): n for c, reasons in status['ledger']['bytes'].items() for r, n in reasons.items()}
    entries = [t for t in transfers if 'entry' in t]
    found = {result: summed(((f['rule'],), f['count']) for f in status['findings'] if f['result'] == result)
             for result in ('counted', 'unproven', 'test')}
    forbidden = {key: n for key, n in states.items() if key[2] not in PERMITTED}
    zone, of_entry = ('from_zone', 'to_zone', 'verdict'), ('entry', 'verdict')
    by_country = summed(((key[1],), n) for key, n in states.items())
    return {
        ('gander-overview', 'People in movements without permission', 'A'): ((), {(): sum(forbidden.values())}),
        ('gander-overview', 'Alerts in 24 h, high and critical', 'A'):
            ((), {(): sum(n for (_, severity), n in alerts.items() if severity in ('high', 'critical'))}),
        ('gander-overview', 'Coverage', 'A'): ((), {(): status['ledger']['coverage']}),
        ('gander-overview', 'People by State of the recipient', 'A'): (('to_country',), by_country),
        ('gander-overview', 'Largest movements since the start', 'A'):
            (('class', 'from_country', 'to_country', 'verdict'), summed((way, t['bytes']) for way, t in ways)),
        ('gander-overview', 'Alerts in 24 h by detector', 'A'): (('detector', 'severity'), alerts),
        ('gander-flows', 'From zone to zone', 'A'): (zone, zones),
        ('gander-flows', 'From zone to zone', 'B'):
            (zone, summed(((t['from']['zone'], t['to']['zone'], t['verdict']), t['bytes']) for t in transfers)),
        ('gander-flows', 'People, permitted', 'A'):
            ((), {(): sum(n for key, n in zones.items() if key[2] in PERMITTED)}),
        ('gander-flows', 'States not seen a day ago', 'A'):
            ((), {(): len({way[2] for way, _ in ways} - {'other'})}),
        ('gander-people', 'People by class of data', 'A'):
            (('class',), summed(((key[0],), n) for key, n in states.items())),
        ('gander-people', 'Rules by what they found', 'A'): (('rule',), found['counted']),
        ('gander-people', 'Rules by what they found', 'B'): (('rule',), found['unproven']),
        ('gander-people', 'Rules by what they found', 'C'): (('rule',), found['test']),
        ('gander-people', 'Kinds of identifiers seen', 'A'): ((), {(): len(found['counted'])}),
        ('gander-detections', 'Flows by protocol', 'A'):
            (('proto',), {(name,): n for name, n in status['flows']['by_protocol'].items()}),
        ('gander-detections', 'Industrial functions', 'A'):
            (('proto', 'function', 'category'), {('modbus', 'WrSingleCoil', 'write'): writes}),
        ('gander-capture', 'By fate and reason', 'A'):
            (('category', 'reason'), {key: n for key, n in fates.items() if n > 0}),
        ('gander-capture', 'Lost, by reason', 'A'):
            (('reason',), {(reason,): n for (category, reason), n in fates.items() if category == 'lost'}),
        ('gander-policy', 'What each entry was used for', 'A'):
            (of_entry, people(entries, lambda t: (t['entry'], t['verdict']))),
        ('gander-policy', 'What each entry was used for', 'B'):
            (of_entry, summed(((t['entry'], t['verdict']), t['bytes']) for t in entries)),
    }
