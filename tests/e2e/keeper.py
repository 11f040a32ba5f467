#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stands in for the binary under privacy_suite.py: the same arguments, signals, outputs and exit code, and a copy of every
output: both streams and whatever file changed that the arguments or the configuration name, folders whole.

KEPT_BINARY is the binary, KEPT_OUTPUTS the folder that gets one folder a run.
"""
import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
LARGEST = 64 << 20
WORDS = re.compile(r'[\s,=\[\]{}"\']+')


def with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def named_paths(arguments):
    """Everything that may be a path, in the arguments and in the configurations that they name; and all that text."""
    text = ' '.join(arguments)
    paths = set(WORDS.split(text))
    for path in sorted(paths):
        if path.endswith(('.yaml', '.yml')) and os.path.isfile(path) and os.path.getsize(path) < 1 << 20:
            with open(path, encoding='utf-8', errors='replace') as f:
                more = f.read()
            text += '\n' + more
            paths.update(os.path.join(os.path.dirname(path), word) for word in WORDS.split(more))
    return {p for p in paths if p and len(p) < 4096 and '\0' not in p}, text


def files_of(path):
    if os.path.isdir(path):
        for folder, _, names in os.walk(path):
            yield from (os.path.join(folder, name) for name in names)
    else:
        yield path
        folder = os.path.dirname(path) or '.'
        if os.path.isdir(folder):  # what was turned out of the way, what is told beside it
            yield from (os.path.join(folder, n) for n in os.listdir(folder) if n.startswith(os.path.basename(path) + '.'))


def keep_changed(paths, since, kept):
    done = set()
    for path in sorted(paths):
        for file in files_of(path) if os.path.exists(path) and os.path.realpath(path) not in ('/', '/tmp') else ():
            real = os.path.realpath(file)
            if real in done or not os.path.isfile(real) or real.startswith('/dev/'):
                continue
            done.add(real)
            seen = os.stat(real)
            if seen.st_mtime_ns >= since and seen.st_size <= LARGEST:
                shutil.copyfile(real, os.path.join(kept, f'{len(done)}-{os.path.basename(real)}'))


def pump(source, sink, path):
    with open(path, 'wb') as copy:
        while piece := os.read(source.fileno(), 1 << 16):
            copy.write(piece)
            try:
                os.write(sink, piece)
            except OSError:  # the test reads no further
                pass


def main():
    binary, arguments = os.environ['KEPT_BINARY'], sys.argv[1:]
    paths, text = named_paths(arguments)
    raw = re.search(r'metadata\s*[:=]\s*raw', text) is not None
    kept = os.path.join(os.environ['KEPT_OUTPUTS'], f'{time.time_ns()}-{os.getpid()}' + ('.raw' if raw else ''))
    os.makedirs(kept)
    with open(os.path.join(kept, 'arguments'), 'w', encoding='utf-8') as f:
        f.write(' '.join(arguments))
    since = time.time_ns() - 20_000_000  # file times are coarse
    # Under a journal the sensor looks at what its error stream is; that one it gets itself, and nothing is kept of it.
    streams = {} if 'JOURNAL_STREAM' in os.environ else {'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE}
    child = subprocess.Popen([binary, *arguments], preexec_fn=with_parent, **streams)
    for number in FORWARDED:
        signal.signal(number, lambda n, _: child.send_signal(n))
    pumps = [threading.Thread(target=pump, args=(stream, sink, os.path.join(kept, name)))
             for stream, sink, name in ((child.stdout, 1, 'stdout'), (child.stderr, 2, 'stderr')) if stream is not None]
    for thread in pumps:
        thread.start()
    code = child.wait()
    for thread in pumps:
        thread.join()
    keep_changed(paths, since, kept)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == '__main__':
    main()
