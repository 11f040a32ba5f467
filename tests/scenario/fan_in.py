# SPDX-License-Identifier: Apache-2.0
"""Sixty machines that post forms, for P09, P10 and P40."""
from people import as_form, split

SOURCES, PEOPLE, A_FORM = 60, 1_200, 4
FORM = ('--header', 'Content-Type: application/x-www-form-urlencoded')


def post_forms(lab, collector):
    """`collector` gives the address and name to which the form of a number goes. The mark is when 1,000 people have
    gone."""
    lab.outside.serve_web()
    number = 0
    for source, rows in enumerate(split(lab.people(PEOPLE), SOURCES)):
        for begin in range(0, len(rows), A_FORM):
            if number * A_FORM == 1_000:
                lab.mark()
            body = b'\n'.join(as_form(row) for row in rows[begin:begin + A_FORM])
            address, name = collector(number)
            words = ('--header', f'Host: {name}') if name else ()
            lab.inside.curl(*words, *FORM, '--data-binary', f'@{lab.inside.file("form", body)}',
                            f'http://{address}/in/join', source=f'10.20.{source // 20 + 1}.{source % 20 + 10}')
            number += 1
