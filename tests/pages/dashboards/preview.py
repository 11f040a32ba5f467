#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws every dashboard in headless Chromium from its JSON and live query results: a preview, not Grafana.

  preview.py FOLDER [SECONDS]    pictures to FOLDER, of SECONDS of traffic (default 60); needs root and chromium
"""
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(os.path.dirname(HERE)), name) for name in ('dashboards', 'e2e')]
import boards  # noqa: E402
from scanning import Checks, SKIPPED  # noqa: E402
from stage import PROMETHEUS, Stage, enter_namespace  # noqa: E402

WIDTH, CELL_PX, HEAD_PX = 1500, 33, 70
TYPES = {'.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json'}
CHROMIUM = ['chromium', '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--disable-dev-shm-usage',
            '--no-first-run', '--disable-extensions', '--virtual-time-budget=15000']


class Pages(http.server.BaseHTTPRequestHandler):
    """The page, the dashboards, and the API of the Prometheus of the stage."""

    def do_GET(self):
        path = self.path.split('?')[0]
        if path.startswith('/api/'):
            return self.give(*self.of_prometheus(), 'application/json')
        folder = boards.DASHBOARDS if path.startswith('/dashboards/') else HERE
        name = os.path.join(folder, os.path.basename(path))
        if not os.path.isfile(name):
            return self.give(404, b'', 'text/plain')
        with open(name, 'rb') as f:
            return self.give(200, f.read(), TYPES.get(os.path.splitext(name)[1], 'text/plain'))

    def of_prometheus(self):
        try:
            with urllib.request.urlopen(PROMETHEUS + self.path, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def give(self, status, body, kind):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def chromium(stage, *arguments):
    home = stage.path('chromium')
    return subprocess.run([*CHROMIUM, f'--user-data-dir={home}', *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL,
                          text=True, timeout=120, check=False, env={**os.environ, 'HOME': home}).stdout


def draw(stage, board, port, folder, seconds, checks):
    height = HEAD_PX + CELL_PX * max(p['gridPos']['y'] + p['gridPos']['h'] for p in board['panels'])
    url = f'http://127.0.0.1:{port}/preview.html?board={board["uid"]}&seconds={seconds}'
    size = f'--window-size={WIDTH},{height}'
    picture = os.path.join(folder, board['uid'] + '.png')
    chromium(stage, size, f'--screenshot={picture}', url)
    page = chromium(stage, size, '--dump-dom', url)
    found = re.search(r'<script type="application/json" id="outcome">(.*?)</script>', page, re.S)
    outcome = json.loads(found[1]) if found else []
    wanted = len(board['panels'])
    checks.that(len(outcome) == wanted, f'{board["uid"]}: {len(outcome)} of {wanted} panels drawn')
    for title, kind, what in outcome:
        checks.that(what == 'drawn', f'{board["uid"]}: {title} ({kind}): {what}')
    checks.that(os.path.exists(picture), f'{picture} is not there')
    print(f'{picture}: {len(outcome)} panels')


def main():
    if shutil.which('chromium') is None:
        print('needs chromium')
        sys.exit(SKIPPED)
    enter_namespace()
    folder, seconds = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 60
    os.makedirs(folder, exist_ok=True)
    checks = Checks()
    with Stage() as stage:
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Pages)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stage.play_for(seconds, spare=150)
        for board in boards.load():
            draw(stage, board, server.server_port, folder, seconds, checks)
        server.shutdown()
    checks.exit()


if __name__ == '__main__':
    main()
