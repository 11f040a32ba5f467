#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`gander baseline`: what was learned is shown, frozen and forgotten by command, between two runs; a mistake is told with
file, cause and remedy."""
import json
import os
import sys
import tempfile

from scanning import Checks, gander, of_type, read_events, valid
from wrapping import pcap

CLIENT, SERVER, HOUR = '10.80.0.1', '198.51.100.9', 3600


def capture(path, hours):
    """One call an hour to a port nobody knows, so that nobody can read it."""
    frames, times = [], []
    for hour in hours:
        call = pcap.Conversation(CLIENT, SERVER, port=5_555, client_port=40_000 + hour)
        call.send(bytes((7 * i * i + hour) % 251 for i in range(600)))
        call.close()
        frames += call.frames
        times += [pcap.START + hour * HOUR + i / 1000 for i in range(len(call.frames))]
    pcap.write_at(path, frames, times)
    return path


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        state, events = os.path.join(folder, 'state'), os.path.join(folder, 'events.json')
        settings = ['--set', f'detect.snapshot.file={state}', '--set', f'detect.snapshot.key_file={state}.key']
        first = capture(os.path.join(folder, 'first.pcap'), range(6))
        second = capture(os.path.join(folder, 'second.pcap'), range(6, 12))

        def scan(path):
            done = gander('scan', '--quiet', '--events', events, *settings, path)
            checks.that(done.returncode == 0, f'scan: {done.stderr.decode()}')
            return read_events(events)

        def asked(*words):
            return gander('baseline', *words, *settings)

        def host():
            done = asked('show', '--json', '--host', CLIENT)
            rows = json.loads(done.stdout)['baselines'] if done.returncode == 0 else []
            return rows[0] if len(rows) == 1 else {'problem': f'{rows} {done.stderr.decode()}'}

        done = asked('show')
        checks.that(done.returncode == 2 and b'remedy' in done.stderr and f'{state}.key'.encode() in done.stderr,
                    f'no snapshot yet: {done.stderr.decode()}')
        checks.that(not os.path.exists(f'{state}.key'), 'to look makes no key')

        scan(first)
        row = host()
        checks.that(row.get('detector') == 'D12' and row.get('state') == 'learning', f'it learns: {row}')
        checks.that(row.get('learned', '').startswith('5 complete hours'), f'five hours are complete: {row}')
        checks.that('learning_until' in row, f'and says until when: {row}')
        text = asked('show').stdout.decode()
        checks.that('D11 beacon' in text and 'network' in text and CLIENT in text, f'as text: {text}')

        done = asked('freeze', '--detector', 'D12', '--asset', '10.80.0.0/16')
        checks.that(done.returncode == 0 and b'1 baselines' in done.stdout, f'asked: {done.stdout} {done.stderr}')
        checks.that(os.stat(f'{state}.requests').st_mode & 0o777 == 0o600, 'the request is its owner\'s')
        told = [e['baseline'] for e in of_type(scan(second), 'baseline')]
        checks.that(told == [{'action': 'freeze', 'detector': 'D12', 'hosts': '10.80.0.0/16', 'baselines': 1}],
                    f'the sensor says what it took: {told}')
        checks.that(valid(events), 'as the schema has it')
        checks.that(not os.path.exists(f'{state}.requests'), 'it is taken once')
        row = host()
        checks.that(row.get('state') == 'frozen' and row.get('learned', '').startswith('5 complete hours'),
                    f'six hours later it has learned nothing: {row}')

        for action in ('thaw', 'reset'):
            checks.that(asked(action, '--host', CLIENT).returncode == 0, f'{action} is asked')
        scan(second)
        row = host()
        checks.that(row.get('state') == 'learning' and row.get('learned', '').startswith('5 complete hours'),
                    f'learned anew from six hours: {row}')

        for words, said in ((('freeze', '--host', '10.9.9.9'), state), (('freeze', '--host', 'nonsense'), '--host'),
                            (('reset', '--asset', '10.0.0.0/99'), '--asset'), (('thaw', '--detector', 'D02'), 'D12')):
            done = asked(*words)
            checks.that(done.returncode == 2 and b'remedy' in done.stderr and said.encode() in done.stderr,
                        f'{words}: {done.returncode} {done.stderr.decode()}')
        done = gander('baseline', 'show')
        checks.that(done.returncode == 2 and b'detect.snapshot.file is not set' in done.stderr, 'no snapshot configured')
        with open(f'{state}.requests', 'wb') as f:
            f.write(b'freeze everything')
        done = gander('scan', '--quiet', '--events', events, *settings, second)
        checks.that(done.returncode == 0 and b'requests' in done.stderr + b''.join(
            json.dumps(e).encode() for e in read_events(events)) or not os.path.exists(f'{state}.requests'),
                    'a foreign request is not obeyed')
        checks.that(host().get('state') == 'learning', 'and changes nothing')
    checks.exit()


if __name__ == '__main__':
    main()
