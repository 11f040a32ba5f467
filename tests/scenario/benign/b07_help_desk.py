# SPDX-License-Identifier: Apache-2.0
"""A help desk answers three hundred people, each at an address of their own, over ten days."""
import synth
import talks
from people import population
from scenario import Scenario

SCENARIO = Scenario('Help desk answers 300 people')


def make(script):
    for number, person in enumerate(population(script.seed, 300, contact_only=True)):
        at = script.start + number // 30 * synth.DAY_S + number % 30 * 900
        answer = (f'Subject: Your question\r\nTo: {person["email"]}\r\n\r\n'
                  f'Dear {person["name"]},\r\nplease switch it off and on.\r\n')
        talks.mail(script, '10.30.0.25', f'198.18.{number // 200 + 40}.{number % 200 + 5}', at, 'desk@example.org',
                   person['email'], answer.encode())
