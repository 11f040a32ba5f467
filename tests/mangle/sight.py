# SPDX-License-Identifier: Apache-2.0
"""What one scan says, without what hangs on how the packets came: two ways of delivering one content must agree on it.

  people    of each movement: how many of whom, and of each kind of value
  alerts    detector, severity and what the alert is about
  findings  how many times each rule counted, dropped or doubted
  events    what protocols said; flows and their protocols
"""
import collections
import enum
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'e2e'))
from scanning import fates, final_ledger, of_type, read_events  # noqa: E402


class Care(enum.Enum):
    """How much of it must be the same."""
    EXACT = 'all, figures in alerts included: each packet has its time'
    MOVED = 'all but the figures in alerts, which are those of the moment'
    TWICE = 'as MOVED; what a datagram says may be said, and counted, again: it is read as often as it comes'
    LIVE = ('as MOVED; of alerts detectors and recipients; more than 256 people are estimated under a key of each run, and '
            'of which country they are is what the kind says that has most of them by that')
    BEHIND = 'what protocols said, files and flows: detectors remember what came before'
    MIRRORED = 'people, findings, detectors and recipients: what one connection says of another may come behind it'


LOSSES = ('kernel_drops', 'kernel_ifdrops', 'no_buffer', 'ring_full')
TOLERANCE = 2 * 0.06  # both sides estimate
# How the mirror saw it, not what was moved.
ABOUT_SIGHT = ('D19', 'D22')
COMPANY = ('10.199.', '10.198.')
# Not what was said, but when, in which packet and on which wire.
ON_THE_WAY = ('timestamp', 'flow_id', 'pcap_cnt', 'vlan', 'tunnel', 'community_id')
NUMBERED = ('tx_id', 'id')
APART = ('stats', 'flow', 'alert', 'transfer', 'blind_spot', 'anomaly')


# A tunnel that carries no IP is told as the datagram that carries it.
TAPS, TUNNEL_PORTS = ('192.0.2.1', '192.0.2.2'), (4789, 6081, 2152)


def close(a, b):
    return a == b or (min(a, b) > 200 and abs(a - b) <= TOLERANCE * max(a, b))


def in_company(event):
    return str(event.get('src_ip', '')).startswith(COMPANY)


def is_envelope(event):
    outer = event['src_ip'] in TAPS and event['dest_ip'] == '192.0.2.99'
    return outer and (event.get('dest_port') in TUNNEL_PORTS or event['proto'] in ('GRE', '47'))


def people_of(events, care):
    last = {}
    for event in of_type(events, 'transfer'):
        told, pair = event['transfer'], (event['src_ip'], event['dest_ip'])
        channel = told['channel'] if care is not Care.MIRRORED else ''
        country = told['subject_country'] if care is not Care.LIVE else ''
        group = pair + (told['data_class'], country, channel, told['verdict'])
        last[group] = told['subjects']['estimate'] if care is not Care.LIVE else max(last.get(group, 0),
                                                                                     told['subjects']['estimate'])
        for kind in told['types']:
            last[group + (kind['id'],)] = kind['distinct']['estimate']
    return collections.Counter(last)


def alerts_of(events, care):
    said = collections.Counter()
    for event in of_type(events, 'alert'):
        tags, context = event['alert']['metadata'], event['alert']['context']
        if tags['gander_detector'][0] in ABOUT_SIGHT:
            continue
        subjects = context.get('pii', {}).get('subjects', {}) if care is Care.EXACT else {}
        party = event.get('dest_ip') if care in (Care.MIRRORED, Care.LIVE) else context['key']
        said[tags['gander_detector'][0], tags['gander_severity'][0], party, subjects.get('estimate')] += 1
    return said if care is Care.EXACT else collections.Counter(set(said))


def said_by_protocols(events, once):
    said = collections.Counter()
    for event in events:
        if event['event_type'] == 'flow':
            if is_envelope(event):
                continue
            ends = sorted([(event['src_ip'], event.get('src_port', 0)), (event['dest_ip'], event.get('dest_port', 0))])
            said[f"flow {ends} {event['proto']} {event.get('app_proto')}"] += 1
        elif event['event_type'] not in APART:
            said[json.dumps(without(event, ON_THE_WAY + (NUMBERED if once else ())), sort_keys=True)] += 1
    return collections.Counter(set(said)) if once else said


def without(value, keys):
    if isinstance(value, dict):
        return {key: without(inner, keys) for key, inner in value.items() if key not in keys}
    return [without(inner, keys) for inner in value] if isinstance(value, list) else value


class Sight:
    """Of one run, as readers.py have it. `problem`: why there is none; `missing`: bytes that it says it missed or could not
    place; `lost`: packets that the source lost before the sensor had them. `since`: what was said of earlier packets is left
    out, a time as events have it."""
    def __init__(self, done, events_path, since=''):
        self.problem, self.missing, self.lost = '', 0, 0
        if done.returncode != 0:
            self.problem = f'exit {done.returncode}: {done.stderr.decode("utf-8", "replace")[-300:]}'
            return
        self.told = [event for event in read_events(events_path) if not in_company(event)]
        ledger = final_ledger(self.told)
        self.lost = sum(of_type(self.told, 'stats')[-1]['stats']['capture'].get(name, 0) for name in LOSSES)
        if not ledger['received'] == ledger['sum'] == fates(ledger):
            self.problem = f"received {ledger['received']} bytes, the sum of fates is {fates(ledger)}"
        self.told = [event for event in self.told if event['timestamp'] >= since]
        self.missing = ledger['gap_bytes'] + sum(ledger['bytes']['lost'].values())
        self.findings = collections.Counter({(found['rule'], found['result']): found['count']
                                             for found in json.loads(done.stdout)['findings']})

    def under(self, care):
        if care is Care.BEHIND:
            return {'events': said_by_protocols(self.told, False)}
        kinds = {'people': people_of(self.told, care),
                 'alerts': alerts_of(self.told, care),
                 'findings': collections.Counter(set(self.findings)) if care is Care.TWICE else self.findings}
        if care is not Care.MIRRORED:
            kinds['events'] = said_by_protocols(self.told, care is Care.TWICE)
        return kinds

    def differs(self, other, care):
        """{kind: [what only one of the two says]}"""
        found, its = {}, other.under(care)
        for kind, a in self.under(care).items():
            b = its[kind]
            if kind == 'people' and care is Care.LIVE:
                b = collections.Counter({what: a[what] if close(a[what], n) else n for what, n in b.items()})
            if a != b:
                found[kind] = [f'- {what} {n}' for what, n in (a - b).items()] + [f'+ {what} {n}'
                                                                               for what, n in (b - a).items()]
        return found
