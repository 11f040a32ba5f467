# SPDX-License-Identifier: Apache-2.0
"""Thirty kinds of secrets on thirty ways, each to a place of its own."""
import secret_kinds
from scenario import CONTENT_S, Scenario

SCENARIO = Scenario('Secrets, 30 kinds', ('D14', ), allowed=('D01', ), places=30, explains=('secret', ),
                    within_s=CONTENT_S, commitments=('C3a', 'C8'))


def make(script):
    script.mark(script.start)
    for number, say in enumerate(secret_kinds.KINDS):
        say(script, '10.20.0.39', f'203.0.113.{100 + number}', script.start + 0.1 * number)
