# SPDX-License-Identifier: Apache-2.0
"""One scan and what it says against what is true."""
import datetime
import os
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field

from scenario import HERE, SEVERITIES

import world

sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'e2e'))
from scanning import GANDER, of_type, read_events  # noqa: E402

SCAN_LIMIT_S = 600


def at_least(severity, floor):
    return SEVERITIES.index(severity) >= SEVERITIES.index(floor)


def seconds_of(text):
    return datetime.datetime.strptime(text, '%Y-%m-%dT%H:%M:%S.%f%z').timestamp()


@dataclass
class Said:
    """An alert, as far as it is judged."""
    detector: str
    severity: str
    at: float
    text: str
    source: str = ''
    target: str = ''

    @classmethod
    def of(cls, event):
        alert = event['alert']
        tags = alert['metadata']
        return cls(tags['gander_detector'][0], tags['gander_severity'][0],
                   seconds_of(event['timestamp']), alert['signature'] + ' ' + alert['context']['why'],
                   event.get('src_ip', ''), event.get('dest_ip', ''))


@dataclass
class Score:
    id: str
    title: str
    positive: bool
    ran: bool = True
    why_not: str = ''  # skipped or broken
    missing: list = field(default_factory=list)  # detectors that did not speak loud enough
    found: dict = field(default_factory=dict)  # detector -> severity of its loudest alert
    seconds: float = None  # from the mark to the last of the first alerts
    late: bool = False
    people: int = None
    truth: int = None
    error: float = None  # of the count of people, as a share
    unsaid: list = field(default_factory=list)  # what the explanations should say
    unseen_places: int = 0  # of Scenario.places
    others: list = field(default_factory=list)  # further alerts at medium and above
    scan_s: float = 0
    bytes: int = 0
    expected: tuple = ()
    commitments: tuple = ()

    @property
    def detected(self):
        return self.ran and not self.missing

    @property
    def passed(self):
        if not self.ran:
            return False
        if not self.positive:
            return not self.others
        return not (self.missing or self.late or self.unsaid or self.miscounted or self.unseen_places)

    @property
    def miscounted(self):
        return self.error is not None and self.error > self.allowed_error

    allowed_error: float = 0.06

    def as_dict(self):
        return {**asdict(self), 'detected': self.detected, 'passed': self.passed}


def scan(loaded, folder, capture, extra=()):
    """The events, and how long it took."""
    config = world.configuration(loaded.spec, folder)
    events = os.path.join(folder, 'events.jsonl')
    words = [GANDER, 'scan', '--quiet', '--config', config, '--events', events]
    for setting in loaded.spec.settings:
        words += ['--set', setting]
    begin = time.monotonic()
    done = subprocess.run([*words, *extra, capture], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=SCAN_LIMIT_S, check=False)
    if done.returncode != 0:
        raise RuntimeError(f'gander scan ended with {done.returncode}: {done.stderr.decode()[-600:]}')
    return read_events(events), time.monotonic() - begin


def people_counted(events, people):
    """A transfer is told by session and class: the last word on each session, summed over sessions, of the class with
    the most
    people, summed over pairs of addresses. Sessions and senders have no person in common unless told."""
    last, sums, pairs = {}, {}, {}
    for event in of_type(events, 'transfer'):
        told = event['transfer']
        if event['dest_ip'].startswith(people.to):
            pair = event['src_ip'], event['dest_ip']
            last[pair, told['data_class'], told['to'].get('domain'), told['first_seen']] = told['subjects']['estimate']
    for (pair, data_class, *_), count in last.items():
        sums[pair, data_class] = sums.get((pair, data_class), 0) + count
    for (pair, _), count in sums.items():
        pairs[pair] = max(pairs.get(pair, 0), count)
    return max(pairs.values(), default=0) if people.shared else sum(pairs.values())


def judge(loaded, events, mark):
    """`mark` is when the threshold was crossed, None when nobody looked."""
    spec = loaded.spec
    score = Score(loaded.id, spec.title, loaded.positive, expected=spec.detectors, commitments=spec.commitments)
    said = [Said.of(event) for event in of_type(events, 'alert')]
    for one in said:
        loudest = score.found.get(one.detector)
        if loudest is None or at_least(one.severity, loudest):
            score.found[one.detector] = one.severity
    firsts = []
    for detector in spec.detectors:
        enough = [one for one in said if one.detector == detector and at_least(one.severity, spec.severity)]
        if enough:
            firsts.append(min(one.at for one in enough))
        else:
            score.missing.append(detector)
    if firsts and mark is not None:
        score.seconds = max(firsts) - mark
        score.late = bool(spec.within_s) and score.seconds > spec.within_s
    text = ' '.join(one.text for one in said if one.detector in spec.detectors).lower()
    if not score.missing:
        score.unsaid = [words for words in spec.explains if not re.search(words.lower(), text)]
    places = {(one.source, one.target) for one in said if one.detector in spec.detectors}
    score.unseen_places = max(0, spec.places - len(places))
    if spec.people:
        score.people, score.truth = people_counted(events, spec.people), spec.people.count
        score.error = abs(score.people - score.truth) / score.truth
        score.allowed_error = spec.people.within
    score.others = sorted({
        f'{one.detector} {one.severity}'
        for one in said if one.detector not in spec.detectors + spec.allowed and at_least(one.severity, 'medium')
    })
    return score
