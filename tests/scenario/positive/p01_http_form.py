# SPDX-License-Identifier: Apache-2.0
"""Three patients register by a web form that nobody encrypted."""
from scenario import CONTENT_S, People, Scenario

SCENARIO = Scenario('Web form with national ids, clear text', ('D01', ), explains=('clear text', ),
                    people=People(3,
                                  ('203.0.113.', )), within_s=CONTENT_S, needs=('nginx', 'curl'), commitments=('C3a', ))


def make(lab):
    lab.outside.serve_web()
    lab.mark()
    for person in lab.people(3):
        lab.inside.curl('--data-urlencode', f'name={person["name"]}', '--data-urlencode',
                        f'fodselsnummer={person["fodselsnummer"]}', '--data-urlencode', f'email={person["email"]}',
                        'http://203.0.113.10/in/register', source='10.20.0.11')
