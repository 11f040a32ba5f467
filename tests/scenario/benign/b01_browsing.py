# SPDX-License-Identifier: Apache-2.0
"""Fifty people browse for a day."""
from ordinary import browse
from scenario import Scenario

SCENARIO = Scenario('Web browsing, 50 people, 24 h')


def make(script):
    browse(script, clients=50, hours=24, visits_an_hour=2)
