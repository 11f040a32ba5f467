# SPDX-License-Identifier: Apache-2.0
"""A store of people is copied to its replica in the same zone, over TLS, for a day."""
import synth
import talks
from scenario import Scenario

SCENARIO = Scenario('Database replication inside a zone, 24 h')


def make(script):
    talk = talks.tls(script, '10.30.0.41', '10.30.0.40', script.start, 'db.example.org', port=5432)
    for turn in range(288):
        talk.reply(talks.records(talks.noise(script.rng, 100_000)), at=script.start + 300 * turn)
        talk.send(talks.records(talks.noise(script.rng, 80)))
    talk.close(at=script.start + synth.DAY_S)
