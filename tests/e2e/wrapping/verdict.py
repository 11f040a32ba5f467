# SPDX-License-Identifier: Apache-2.0
"""What one scan says about many places at once: each place is a pair of addresses of its own."""
import os
from collections import defaultdict

from scanning import fates, final_ledger, gander, of_type, read_events


def people_counts(events):
    """(sender, recipient) -> rule -> people."""
    counts = defaultdict(dict)
    for event in of_type(events, 'transfer'):
        for kind in event['transfer']['types']:
            counts[event['src_ip'], event['dest_ip']][kind['id']] = kind['distinct']['estimate']
    return counts


def mark(counts, expected):
    """'+' all and no more, '-' nothing, else what was counted, as 3/0/1."""
    numbers = [counts.get(rule, 0) for rule in expected]
    if numbers == list(expected.values()):
        return '+'
    return '/'.join(map(str, numbers)) if any(numbers) else '-'


def people_of(events, sender, recipient, expected):
    return mark(people_counts(events)[sender, recipient], expected)


class Verdict:
    """The events of a scan. `people` and `files` are by (sender, recipient)."""
    def __init__(self, capture, folder, *options):
        path = os.path.join(folder, 'events.json')
        self.run = gander('scan', '--quiet', '--set', 'privacy.metadata=raw', '--events', path, *options, capture)
        if self.run.returncode != 0:
            raise SystemExit(f'gander ended with {self.run.returncode}: {self.run.stderr.decode()[-2000:]}')
        self.events = read_events(path)
        self.ledger = final_ledger(self.events)
        self.people = people_counts(self.events)
        self.files = defaultdict(list)
        for event in of_type(self.events, 'fileinfo'):
            for ends in ((event['src_ip'], event['dest_ip']), (event['dest_ip'], event['src_ip'])):
                self.files[ends].append(event['fileinfo'])

    def balanced(self):
        return self.ledger['received'] == self.ledger['sum'] == fates(self.ledger)

    def found(self, sender, recipient, expected):
        return mark(self.people[sender, recipient], expected)
