#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Invents the people of the demo and writes what its machines serve and send, and the truth about it.

  invent.py WORK OUT    WORK gets the files that travel, OUT gets truth.json and planted.txt.gz

One seed, one population: a capture made again differs in its times, never in the people it carries.
"""
import datetime
import gzip
import json
import os
import random
import struct
import sys
import urllib.parse
import uuid
import zlib

import identifiers as ids

SEED = 20261124
GIVEN_F = 'Ada Amelie Bianca Carla Chiara Daria Elena Federica Giulia Hanna Ines Jana Klara Laura Lea Marie Nadia Nora ' \
          'Olga Paula Rosa Sofia Tessa Vera'.split()
GIVEN_M = 'Adam Bruno Carlo Daniel Emil Felix Giorgio Hugo Ivan Jakob Karl Leon Luca Marco Nico Oskar Paul Rafael ' \
          'Samuel Tomas Ugo Viktor'.split()
SURNAMES = 'Abel Amati Barone Berger Borelli Caruso Conti Dubois Engel Ferrari Fontana Garnier Greco Huber Kaminski ' \
           'Keller Lambert Leone Lorenz Marchetti Mercier Moretti Novak Olsen Pagani Perrin Ricci Romano Roux Sartori ' \
           'Schuster Serra Testa Vidal Vogel Weber Winter Zeman'.split()
MAIL_DOMAINS = ['example.com', 'example.net', 'example.org']
FORMS_PER_CLIENT, PEOPLE_PER_FORM, CLIENTS = 4, 5, 60


class Population:
    """Draws people and remembers every value planted in the traffic."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.planted = set()
        self.mail_number = 100

    def plant(self, value):
        self.planted.add(value)
        return value

    def fresh(self, make):
        while True:
            value = make()
            if value not in self.planted:
                return self.plant(value)

    def person(self):
        female = self.rng.random() < 0.5
        given = self.rng.choice(GIVEN_F if female else GIVEN_M)
        surname = self.rng.choice(SURNAMES)
        return {'given': given, 'surname': surname, 'female': female, 'born': ids.birth_date(self.rng)}

    def mail(self, person):
        self.mail_number += 1
        return self.plant(f"{person['given']}.{person['surname']}{self.mail_number}".lower() + '@' +
                          self.rng.choice(MAIL_DOMAINS))


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as f:
        f.write(content if isinstance(content, bytes) else content.encode())


def csv(header, rows):
    return '\r\n'.join([','.join(header)] + [','.join(r) for r in rows]) + '\r\n'


# --- what travels ---------------------------------------------------------------------------------------------------

def lab_results(world, work):
    rows = []
    for i in range(240):
        p = world.person()
        rows.append([f'L{26_000 + i}', p['surname'], p['given'], p['born'].isoformat(),
                     world.fresh(lambda: ids.de_steuer_id(world.rng)), world.rng.choice(['HbA1c', 'TSH', 'CRP', 'K']),
                     f'{world.rng.uniform(0.2, 9.8):.2f}'])
    write(f'{work}/send/lab.csv', csv(['sample', 'surname', 'given_name', 'birth_date', 'steuer_id', 'test', 'result'],
                                      rows))
    return {'de.steuer_id': 240}


def member_dump(world, work):
    rows = []
    for i in range(1500):
        p = world.person()
        rows.append([str(4000 + i), p['surname'], p['given'], p['born'].isoformat(),
                     world.fresh(lambda: ids.it_codice_fiscale(world.rng, p['given'], p['surname'], p['born'],
                                                               p['female'])),
                     world.mail(p), world.plant(ids.it_phone(i)),
                     world.fresh(lambda: ids.it_iban(world.rng)) if i % 3 == 0 else ''])
    write(f'{work}/send/members.csv', csv(['id', 'surname', 'given_name', 'birth_date', 'codice_fiscale', 'email',
                                           'phone', 'iban'], rows))
    return {'it.codice_fiscale': 1500, 'global.email': 1500, 'global.phone_e164': 1500, 'global.iban': 500}


def mailed_list(world, work):
    rows = []
    for _ in range(150):
        p = world.person()
        rows.append([p['surname'], p['given'], p['born'].isoformat(),
                     world.fresh(lambda: ids.pl_pesel(world.rng, p['born']))])
    write(f'{work}/send/staff.csv', csv(['surname', 'given_name', 'birth_date', 'pesel'], rows))
    return {'pl.pesel': 150}


def forms(world, work):
    """Four forms of five people from each of 60 clients: 1,200 people, none twice."""
    index = 0
    for client in range(CLIENTS):
        for form in range(FORMS_PER_CLIENT):
            fields = [('visit', f'V{client:02d}{form}')]
            for n in range(1, PEOPLE_PER_FORM + 1):
                p = world.person()
                fields += [(f'name{n}', f"{p['given']} {p['surname']}"),
                           (f'nir{n}', world.fresh(lambda: ids.fr_nir(world.rng, p['born'], p['female']))),
                           (f'email{n}', world.mail(p)), (f'phone{n}', world.plant(ids.fr_phone(index)))]
                index += 1
            write(f'{work}/send/form-{client:02d}-{form}', urllib.parse.urlencode(fields))
    return {'fr.nir': 1200, 'global.email': 1200, 'global.phone_e164': 1200}


def customers(world, work):
    """Four people from each of twelve States in one gzip-coded JSON: breadth, not bulk."""
    rng = world.rng
    makers = {'us.ssn': ('ssn', lambda p: ids.us_ssn(rng)), 'gb.nhs': ('nhs_number', lambda p: ids.gb_nhs(rng)),
              'gb.nino': ('nino', lambda p: ids.gb_nino(rng)), 'es.dni': ('dni', lambda p: ids.es_dni(rng)),
              'nl.bsn': ('bsn', lambda p: ids.nl_bsn(rng)), 'br.cpf': ('cpf', lambda p: ids.br_cpf(rng)),
              'cn.resident_id': ('id_card', lambda p: ids.cn_resident_id(rng, p['born'])),
              'in.aadhaar': ('aadhaar', lambda p: ids.in_aadhaar(rng)),
              'kr.rrn': ('주민등록번호', lambda p: ids.kr_rrn(rng, p['born'], p['female'])),
              'jp.my_number': ('my_number', lambda p: ids.jp_my_number(rng)),
              'pl.pesel': ('pesel', lambda p: ids.pl_pesel(rng, p['born'])),
              'fr.nir': ('nir', lambda p: ids.fr_nir(rng, p['born'], p['female']))}
    records = []
    for key, make in makers.values():
        for _ in range(4):
            p = world.person()
            records.append({'name': f"{p['given']} {p['surname']}", key: world.fresh(lambda: make(p))})
    body = json.dumps({'export': 'crm', 'records': records}, ensure_ascii=False, indent=1)
    write(f'{work}/send/customers.json.gz', gzip.compress(body.encode(), mtime=0))
    return {key: 4 for key in makers}


def order_form(world, work):
    p = world.person()
    card = world.fresh(lambda: ids.payment_card(world.rng))
    write(f'{work}/send/order', urllib.parse.urlencode([
        ('item', 'Lamp 4411'), ('price', '49.90'), ('name', f"{p['given']} {p['surname']}"),
        ('card_number', ' '.join(card[i:i + 4] for i in range(0, 16, 4))), ('expiry', '09/29'),
        ('ssn', world.fresh(lambda: ids.us_ssn(world.rng)))]))
    return {'global.payment_card': 1, 'us.ssn': 1}


# --- what is ordinary -----------------------------------------------------------------------------------------------

def picture(rng, width=96, height=64):
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
    rows = b''.join(b'\0' + bytes(rng.randrange(256) for _ in range(width * 3)) for _ in range(height))
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)) +
            chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


def shop_page(rng, number):
    """Prices, order numbers (one in ten passes Luhn by chance), times, UUIDs, coordinates: numbers of nobody."""
    rows = []
    for i in range(80):
        when = datetime.datetime(2026, 11, 1) + datetime.timedelta(seconds=rng.randrange(2_000_000))
        rows.append(f'<tr><td>{uuid.UUID(int=rng.getrandbits(128), version=4)}</td><td>{ids.digits(rng, 16)}</td>'
                    f'<td>{when.isoformat()}Z</td><td>{int(when.timestamp() * 1000)}</td>'
                    f'<td>{rng.uniform(1, 900):.2f} EUR</td><td>{rng.uniform(-90, 90):.6f}</td></tr>')
    return ('<!doctype html><html><head><title>Orders, page %d</title><link rel="stylesheet" href="/style.css">'
            '</head><body><img src="/plan.png" alt="plan"><table>\n%s\n</table></body></html>\n' %
            (number, '\n'.join(rows)))


def website(rng, work):
    for n in range(4):
        write(f'{work}/www/orders{n}.html', shop_page(rng, n))
    write(f'{work}/www/index.html', '<!doctype html><html><head><title>Example shop</title></head><body>'
          '<h1>Lamps and shades</h1><p>Open from 09:00 to 17:30. Order line 4411-2, part 0049-1187-22.</p></body></html>\n')
    write(f'{work}/www/style.css', 'td { padding: 2px 6px; font: 13px/1.4 sans-serif; color: #223344; }\n' * 12)
    write(f'{work}/www/plan.png', picture(rng))


# --- the truth ------------------------------------------------------------------------------------------------------

def transfer(name, sender, recipient, domain, country, protocol, carried, types, verdict, alerts, allowed=(), **more):
    return {'name': name, 'senders': sender if isinstance(sender, list) else [sender], 'recipient': recipient,
            'domain': domain, 'to_country': country, 'protocol': protocol, 'carried_as': carried,
            'people': max(types.values()), 'types': types, 'verdict': verdict, 'alerts': alerts,
            'alerts_allowed': list(allowed), **more}


def clients():
    return [f'10.20.{1 + n // 20}.{10 + n % 20}' for n in range(CLIENTS)]


def main():
    work, out = sys.argv[1:3]
    world = Population(SEED)
    website(random.Random(SEED + 1), work)
    write(f'{work}/send/random.bin', random.Random(SEED + 2).randbytes(300_000))
    write(f'{work}/send/clients', '\n'.join(clients()) + '\n')
    transfers = [
        transfer('permitted', '10.20.0.11', '198.51.100.20', 'lab.example.de', 'DE', 'http', 'CSV by PUT',
                 lab_results(world, work), 'registered', [], entry='lab-billing'),
        transfer('dump', '10.30.0.9', '203.0.113.66', 'drop.example.net', 'SG', 'ftp', 'CSV by STOR',
                 member_dump(world, work), 'unregistered', ['D02', 'D07'], ['D01']),
        transfer('mailed', '10.30.0.9', '203.0.113.25', '', 'BR', 'smtp', 'CSV as base64 attachment',
                 mailed_list(world, work), 'unregistered', ['D02', 'D07'], ['D01']),
        transfer('collection', clients(), '198.18.80.80', 'collect.example.net', 'US', 'http', 'urlencoded forms',
                 forms(world, work), 'unregistered', ['D03', 'D07'], ['D01']),
        transfer('breadth', '10.20.0.14', '203.0.113.90', 'files.example.net', 'JP', 'http', 'JSON, gzip-coded',
                 customers(world, work), 'unregistered', ['D01', 'D07']),
        transfer('exposure', '10.20.0.15', '203.0.113.44', 'shop.example.org', 'GB', 'http', 'urlencoded form',
                 order_form(world, work), 'unregistered', ['D01', 'D07']),
    ]
    for address in ['anna@wards.example.com', 'office@wards.example.com', 'it@servers.example.com', 'desk@example.org',
                    'box@example.org', '1@wards.example.com', '2@servers.example.com']:
        world.plant(address)
    truth = {'capture': 'demo.pcap', 'seed': SEED, 'transfers': transfers, 'planted_values': len(world.planted),
             'quiet': {'what': 'ordinary traffic: no alert names these addresses',
                       'addresses': ['192.0.2.10', '192.0.2.25', '192.0.2.53']},
             'encrypted': {'sender': '10.20.0.16', 'recipient': '203.0.113.91', 'bytes_at_least': 300_000}}
    with open(f'{out}/truth.json', 'w') as f:
        json.dump(truth, f, indent=1)
        f.write('\n')
    with open(f'{out}/planted.txt.gz', 'wb') as f:
        f.write(gzip.compress(''.join(v + '\n' for v in sorted(world.planted)).encode(), mtime=0))


if __name__ == '__main__':
    main()
