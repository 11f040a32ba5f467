# SPDX-License-Identifier: Apache-2.0
"""Identifiers of telephones that do not exist."""
import json
import uuid

from people import ids


def imei(rng):
    body = '35' + ids.digits(rng, 12)
    return body + ids.luhn_digit(body)


def handset(rng, number, random_mac=False):
    """What a telephone reports: who it is three times over, and where it is."""
    vendor = '3c5ab4' if not random_mac else f'{rng.randrange(64) << 2 | 2:02x}{rng.getrandbits(16):04x}'
    mac = vendor + f'{rng.getrandbits(24):06x}'
    return json.dumps({
        'imei': imei(rng), 'imsi': f'24201{ids.digits(rng, 10)}', 'wifi_mac': ':'.join(mac[i:i + 2]
                                                                                       for i in range(0, 12, 2)),
        'advertising_id': str(uuid.UUID(int=rng.getrandbits(128), version=4)), 'serial': f'R58M{number:06d}K',
        'latitude': round(rng.uniform(59.8, 60.1), 6), 'longitude': round(rng.uniform(10.5, 11.0), 6)
    })
