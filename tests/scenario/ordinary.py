# SPDX-License-Identifier: Apache-2.0
"""Traffic that means nothing, for scenarios that need company."""
import synth
import talks
import world

SITES = [(f'www.{word}.example.org', f'192.0.2.{10 + i}')
         for i, word in enumerate('news shop maps video wiki bank mail code music weather'.split())]
SENTENCE = b'<p>Nothing of note happened today in the city.</p>'
PAGE = b'<html><head><title>page</title></head><body>' + SENTENCE * 40 + b'</body></html>'


def browse(script, clients, hours, visits_an_hour=6, net='10.20.9'):
    """People look at pages in bursts, mostly over TLS, with the names resolved before."""
    rng = script.rng
    for client in range(clients):
        address = f'{net}.{client + 10}'
        for _ in range(int(hours * visits_an_hour)):
            at = script.start + rng.uniform(0, hours * synth.HOUR_S)
            name, server = rng.choice(SITES)
            talks.dns(script, address, world.RESOLVER, at, name, answer=talks.address_data(server))
            for _ in range(rng.randrange(1, 4)):
                at += rng.uniform(0.05, 3)
                if rng.random() < 0.8:
                    talks.tls_exchange(script, address, server, at, name, rng.randrange(300, 1_500),
                                       rng.randrange(1_500, 6_000))
                else:
                    talks.get(script, address, server, at, name, PAGE, path=f'/{rng.randrange(10_000)}')
