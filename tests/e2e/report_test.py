#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`gander report`: the page made of the events of a run has the figures of the page of the run itself; times, several
files, damaged lines, mistakes; and the page's own draft of a register entry can be added."""
import datetime
import html.parser
import json
import os
import re
import shlex
import shutil
import tempfile

from scanning import CAPTURES, Checks, gander, valid

DEMO = os.path.join(CAPTURES, 'demo')
SECTIONS = ['in-short', 'movements', 'time', 'recipients', 'alerts', 'meters', 'blind', 'next', 'method']
EMPTY = {'area', 'br', 'col', 'hr', 'img', 'input', 'link', 'meta'}


class Page(html.parser.HTMLParser):
    """Text by section, tables as rows of cells, and what is opened and not closed."""

    def __init__(self, path):
        super().__init__()
        self.open, self.faults, self.sections, self.tables, self.commands = [], [], {}, {}, []
        self.section = 'header'
        with open(path, encoding='utf-8') as f:
            self.feed(f.read())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == 'h2':
            self.section = attributes['id']
        if tag == 'tr':
            self.tables.setdefault(self.section, []).append([])
        if tag in ('td', 'th') and self.tables.get(self.section):
            self.tables[self.section][-1].append('')
        if tag == 'pre':
            self.commands.append('')
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        if 'style' in self.open:
            return
        self.sections[self.section] = self.sections.get(self.section, '') + data
        if ('td' in self.open or 'th' in self.open) and self.tables.get(self.section):
            self.tables[self.section][-1][-1] += data
        if 'pre' in self.open:
            self.commands[-1] += data


def scan(folder, *more):
    events, page = os.path.join(folder, 'events.json'), os.path.join(folder, 'scan.html')
    done = gander('scan', '--quiet', '--json', '--config', os.path.join(DEMO, 'demo.yaml'), '--events', events, '--report', page,
                  *more, os.path.join(DEMO, 'demo.pcap'))
    return done, events, page


def figures(summary):
    """The summary but for what only the run itself knows: how many events it had written when it was asked."""
    out = json.loads(summary)
    del out['events']
    out.pop('outputs', None)  # the sinks of the run
    return out


def check_agreement(checks, folder):
    done, events, page = scan(folder)
    if not checks.that(done.returncode == 0, f'scan: {done.stderr.decode()}'):
        checks.exit()
    checks.that(valid(events), 'events are as the schema has them')
    told = gander('report', '--json', '--events', events)
    of_run, of_events = figures(done.stdout), figures(told.stdout)
    for key in of_run:
        checks.that(of_run[key] == of_events.get(key), f'{key} of the run and of its events: {of_run[key]} {of_events.get(key)}')
    again = os.path.join(folder, 'again.html')
    done = gander('report', '--events', events, '-o', again)
    checks.that(done.returncode == 0 and done.stdout.decode().strip() == again, f'{done.stdout}{done.stderr}')
    first, second = Page(page), Page(again)
    checks.that(list(first.sections) == ['header', *SECTIONS], f'sections: {list(first.sections)}')
    for name in ['header', *SECTIONS[:-1]]:
        checks.that(first.sections[name] == second.sections[name], f'{name} of the two pages differ')
        checks.that(first.tables.get(name) == second.tables.get(name), f'tables of {name} of the two pages differ')
    checks.that(not first.faults and not second.faults, f'elements: {first.faults} {second.faults}')
    checks.that('1 event file' in second.sections['method'], 'the page says what it was made of')
    return events, first


def check_content(checks, page):
    with open(os.path.join(DEMO, 'truth.json'), encoding='utf-8') as f:
        truth = json.load(f)
    movements = page.tables['movements']
    for transfer in truth['transfers']:
        rows = [r for r in movements if len(r) == 6 and transfer['recipient'] in r[3]]
        checks.that(len(rows) == 1 and rows[0][0] == transfer['verdict'], f"{transfer['name']}: {rows}")
        border = [r for r in movements if len(r) == 5 and r[1] == transfer['to_country']]
        checks.that(len(border) == 1 and (border[0][3] == '0') == (transfer['verdict'] == 'registered'), f'{border}')
    short = page.sections['in-short']
    for part in ('without permission', '203.0.113.66 (SG)', 'lab-billing', 'tax numbers', 'no entry of the register covers it',
                 'encrypted'):
        checks.that(part in short, f'in short: {part} is missing in {short}')
    recipients = page.tables['recipients'][1:]
    for transfer in truth['transfers']:
        checks.that(sum(transfer['recipient'] in r[0] for r in recipients) == 1, f"{transfer['name']}: {recipients}")
    checks.that('What to do:' in page.sections['alerts'], 'alerts say what to do')


def check_draft(checks, folder, page):
    """What the page drafts is an entry, once a person has filled in what only people know."""
    drafts = [c for c in page.commands if c.startswith('gander register add')]
    checks.that(len(drafts) >= 4, f'{len(drafts)} drafts')
    for number, draft in enumerate(drafts):
        policy = os.path.join(folder, 'policy.yaml')
        shutil.copy(os.path.join(DEMO, 'policy.yaml'), policy)
        filled = draft.replace('ENTRY-ID', f'draft-{number}').replace('PURPOSE', 'billing').replace('REFERENCE', 'DPA-1')
        filled = filled.replace('FIRST-DAY', '2026-11-01').replace('LAST-DAY', '2027-10-01').replace('policy.yaml', policy)
        done = gander(*shlex.split(filled)[1:])
        checks.that(done.returncode == 0 and f'draft-{number}' in done.stdout.decode(), f'{filled}: {done.stderr.decode()}')


def check_times(checks, folder, events):
    out = os.path.join(folder, 'times.html')
    first = min(json.loads(line)['timestamp'] for line in open(events, encoding='utf-8'))
    day = datetime.date.fromisoformat(first[:10])
    report = lambda *more: gander('report', '--json', '--events', events, *more)
    whole = figures(report('--from', day.isoformat(), '--to', (day + datetime.timedelta(days=2)).isoformat()).stdout)
    checks.that(len(whole['movements']) == 7, f"{len(whole['movements'])} movements of that day")
    done = report('--from', (day + datetime.timedelta(days=2)).isoformat())
    checks.that(done.returncode == 2 and b'the latest is of ' + first[:10].encode() in done.stderr, f'{done.stderr}')
    done = gander('report', '--events', events, '--since', '5s', '-o', out)
    checks.that(done.returncode == 2 and not os.path.exists(out), f'nothing of that time, no page: {done.stderr}')
    for wrong in (['--since', '24'], ['--since', '0h'], ['--from', 'monday'], ['--from', '2026-02-30'],
                  ['--from', '2027-01-01', '--to', '2026-01-01'], ['--since', '1h', '--from', '2026-01-01']):
        done = report(*wrong)
        checks.that(done.returncode == 2 and b'remedy' in done.stderr, f'{wrong}: {done.stderr}')


def check_files(checks, folder, events):
    with open(events, encoding='utf-8') as f:
        lines = f.readlines()
    whole = figures(gander('report', '--json', '--events', events).stdout)
    half = len(lines) // 2
    config = os.path.join(folder, 'gander.yaml')
    rotated = os.path.join(folder, 'log.json.1'), os.path.join(folder, 'log.json')
    for path, part in zip(rotated, (lines[:half], lines[half:])):
        with open(path, 'w', encoding='utf-8') as f:
            f.writelines(part)
    with open(config, 'w', encoding='utf-8') as f:
        f.write('report: {events: log.json}\n')
    for arguments in (['--events', *reversed(rotated)], ['--config', config]):
        done = gander('report', '--json', *arguments)
        checks.that(done.returncode == 0 and figures(done.stdout) == whole, f'two files are one: {arguments} {done.stderr}')
    with open(rotated[1], 'a', encoding='utf-8') as f:
        f.write('{"event_type":"transfer"}\n\x00\xff garbage\n' + lines[-1][:100])
    done = gander('report', '--json', '--events', *rotated)
    checks.that(b'3 lines cannot be read' in done.stderr, f'{done.stderr}')
    told = figures(done.stdout)
    checks.that(re.match(r'3 lines of the event files', told['warnings'][0]) is not None, f"{told['warnings']}")
    checks.that(told['movements'] == whole['movements'], 'the rest is as it was')
    for wrong in (['--events', os.path.join(folder, 'none.json')], ['--events', os.path.join(DEMO, 'demo.pcap')], [],
                  ['--set', f'report.events={folder}/none.json']):
        done = gander('report', '--json', *wrong)
        checks.that(done.returncode == 2 and b'remedy' in done.stderr, f'{wrong}: {done.stderr}')
    done = gander('report', '--events', events, '-o', '/no/such/folder/x.html')
    checks.that(done.returncode == 3 and b'remedy' in done.stderr, f'{done.stderr}')


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        events, page = check_agreement(checks, folder)
        check_content(checks, page)
        check_draft(checks, folder, page)
        check_times(checks, folder, events)
        check_files(checks, folder, events)
    checks.exit()


if __name__ == '__main__':
    main()
