# SPDX-License-Identifier: Apache-2.0
"""Runs commands and says what they cost: CPU time of the process, wall time, peak memory."""
import json
import os
import statistics
import struct
import subprocess
import tempfile
import time


class Cost:
    def __init__(self, cpu, wall, peak, text):
        self.cpu, self.wall, self.peak, self.text = cpu, wall, peak, text

    def json(self):
        return json.loads(self.text[self.text.index('{'):])


def run(command, allowed=(0, 1)):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode not in allowed:
            raise RuntimeError(f'{" ".join(command)} ended with {process.returncode}: {err.read().decode()[-400:]}')
        return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, out.read().decode())


def in_turns(contenders, rounds):
    """{name: function} -> {name: [result of each round]}, one of each in every round."""
    results = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            results[name].append(contender())
    return results


def median(values):
    return statistics.median(values)


def empty_capture(path):
    """One frame that is not IP: a run that starts and ends."""
    frame = b'\xff' * 12 + b'\x08\x06' + b'\0' * 28
    with open(path, 'wb') as f:
        f.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        f.write(struct.pack('<IIII', 1, 0, len(frame), len(frame)) + frame)


def truth(path):
    with open(path) as f:
        return {what: int(count) for what, count in (line.split() for line in f)}


def machine():
    facts = {'load': os.getloadavg(), 'cores': os.cpu_count(), 'kernel': os.uname().release, 'cpu': 'unknown', 'mhz': 0.0}
    with open('/proc/cpuinfo') as f:
        for line in f:
            name, _, value = line.partition(':')
            if name.strip() == 'model name':
                facts['cpu'] = value.strip()
            if name.strip() == 'cpu MHz':
                facts['mhz'] = max(facts['mhz'], float(value))
            if name.strip() == 'flags':
                facts['avx2'], facts['avx512'] = ' avx2 ' in value, ' avx512bw ' in value
    return facts


def cycle_counter():
    """True when this machine counts cycles; many virtual machines do not."""
    try:
        done = subprocess.run(['perf', 'stat', '-x,', '-e', 'cycles:u', 'true'], stderr=subprocess.PIPE, text=True)
        return done.returncode == 0 and done.stderr.split(',')[0].strip().isdigit()
    except OSError:
        return False
