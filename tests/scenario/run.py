#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays the scenarios, scans what was captured, and scores what Gander says of it.

run.py [--only P01,P13,B*] [--gander BIN] [--json OUT] [--keep DIR] [--seed N] [--jobs N] [--again]

Exit code 1 when fewer positives pass than DETECTION.md §6.3 asks for, or a benign one raises an alert at medium or
above;
with --only, when one of the chosen fails. --again scans what --keep holds from before without playing it anew.
"""
import argparse
import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

os.environ.setdefault('PYTHONDONTWRITEBYTECODE', '1')
sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
POSITIVES_TO_PASS = 38  # of the forty P scenarios
PLAY_LIMIT_S = 300
ALONE = ('unshare', '--net', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc', '--')
SYSTEM = os.environ.get('PATH', '') + ':/usr/sbin:/sbin'


def cannot(loaded):
    """Why this one cannot be played here; empty when it can."""
    if not loaded.live:
        return ''
    missing = [
        name for name in (*loaded.spec.needs, 'ip', 'ethtool', 'tcpdump', 'unshare', 'nsenter')
        if shutil.which(name, path=SYSTEM) is None
    ]
    if os.geteuid() != 0:
        return 'needs root'
    return f'needs {", ".join(missing)}' if missing else ''


def play(loaded, folder, seed):
    command = [sys.executable, '-B', os.path.join(HERE, 'play.py'), loaded.path, folder, str(seed)]
    done = subprocess.run([*(ALONE if loaded.live else
                             ()), *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=PLAY_LIMIT_S, check=False, env={**os.environ, 'PATH': SYSTEM})
    if done.returncode != 0:
        raise RuntimeError(
            f'playing it ended with {done.returncode}: {done.stdout.decode(errors="replace").strip()[-500:]}')


def run_one(loaded, options, top):
    import scoring
    folder = os.path.join(top, loaded.id)
    capture, broken = os.path.join(folder, 'capture.pcap'), cannot(loaded)
    try:
        if not broken:
            if not (options.again and os.path.exists(capture)):
                shutil.rmtree(folder, ignore_errors=True)
                os.makedirs(folder)
                play(loaded, folder, options.seed)
            with open(os.path.join(folder, 'mark'), encoding='utf-8') as f:
                mark = f.read()
            events, taken = scoring.scan(loaded, folder, capture)
            score = scoring.judge(loaded, events, float(mark) if mark else None)
            score.scan_s, score.bytes = round(taken, 2), os.path.getsize(capture)
            return score
    except (RuntimeError, OSError, subprocess.TimeoutExpired, KeyError, ValueError) as problem:
        broken = f'{type(problem).__name__}: {problem}'
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return scoring.Score(loaded.id, loaded.spec.title, loaded.positive, ran=False, why_not=broken,
                         expected=loaded.spec.detectors, commitments=loaded.spec.commitments)


def chosen(scenarios, words):
    patterns = [word.strip().upper() for word in words.split(',') if word.strip()]
    return [one for one in scenarios if not patterns or any(fnmatch.fnmatch(one.id, pattern) for pattern in patterns)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--only', default='')
    parser.add_argument('--gander', default='')
    parser.add_argument('--json', default='')
    parser.add_argument('--keep', default='')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--again', action='store_true')
    options = parser.parse_args()
    if options.gander:
        os.environ['GANDER'] = os.path.abspath(options.gander)
    import table
    from scenario import all_scenarios
    scenarios = chosen(all_scenarios(), options.only)
    with tempfile.TemporaryDirectory(prefix='gander-scenario-') as passing:
        top = os.path.abspath(options.keep) if options.keep else passing
        os.makedirs(top, exist_ok=True)
        os.chmod(top, 0o755)  # servers give up root and still read their folders
        with ThreadPoolExecutor(options.jobs) as pool:
            scores = []
            for score in pool.map(lambda one: run_one(one, options, top), scenarios):
                scores.append(score)
                print(table.row(score), flush=True)
    print(table.summary(scores))
    if options.json:
        with open(options.json, 'w', encoding='utf-8') as out:
            json.dump([score.as_dict() for score in scores], out, indent=1)
    if options.only:
        sys.exit(0 if all(score.passed for score in scores) else 1)
    sys.exit(0 if table.enough(scores, POSITIVES_TO_PASS) else 1)


if __name__ == '__main__':
    main()
