# SPDX-License-Identifier: Apache-2.0
"""An API with a record for each number, and clients that walk through it, for P15, P16 and P17."""
import json
import os

FIRST, COUNT = 1_000, 1_000


def serve_records(lab):
    folder = os.path.join(lab.inside.folder, 'patient')
    for number, row in enumerate(lab.people(COUNT), FIRST):
        lab.inside.file(f'patient/{number}', json.dumps({'id': number, **row}))
    lab.inside.serve_web(f'location /patient/ {{ alias {folder}/; types {{}} default_type application/json; }}\n')


def walk(lab, client, numbers):
    """One connection, one request after the other."""
    urls = ''.join(f'url = "http://10.30.4.8/patient/{number}"\noutput = /dev/null\n' for number in numbers)
    lab.outside.curl('--config', lab.outside.file('walk', urls), source=client)
