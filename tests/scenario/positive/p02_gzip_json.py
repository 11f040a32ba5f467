# SPDX-License-Identifier: Apache-2.0
"""Ten thousand customers as JSON, gzip-coded, put to a server abroad."""
import gzip

from people import as_json, split
from scenario import CONTENT_S, People, Scenario

SCENARIO = Scenario('10,000 records as JSON under gzip', ('D02', ), 'high', allowed=('D01', 'D07', 'D12'),
                    people=People(10_000, ('203.0.113.', )), explains=('bulk copy', 'threshold'), within_s=CONTENT_S,
                    needs=('nginx', 'curl'), commitments=('C3a', 'C4a'))


def send(lab, pages):
    lab.outside.serve_web()
    paths = [
        lab.inside.file(f'customers{number}.json.gz', gzip.compress(as_json(rows), mtime=0))
        for number, rows in enumerate(split(lab.people(10_000), pages))
    ]
    lab.mark()
    for path in paths:
        lab.inside.curl('--upload-file', path, '--header', 'Content-Type: application/json', '--header',
                        'Content-Encoding: gzip', 'http://203.0.113.20/in/customers', source='10.30.0.9')


def make(lab):
    send(lab, pages=1)
