# SPDX-License-Identifier: Apache-2.0
"""One row of the matrix: a wrapping, who makes it, and where it exists at all."""
import shutil
import subprocess
from dataclasses import dataclass
from typing import Callable

REQUEST, RESPONSE, SMTP, FTP, SMB, WEBSOCKET = 'request', 'response', 'smtp', 'ftp', 'smb', 'websocket'
COLUMNS = (REQUEST, RESPONSE, SMTP, FTP, SMB, WEBSOCKET)
HTTP = (REQUEST, RESPONSE)
TOOL_LIMIT_S = 60


@dataclass(frozen=True)
class Wrapped:
    """What travels: `type` is the Content-Type where a protocol has one, `coding` HTTP's Content-Encoding."""
    data: bytes
    name: str
    type: str = 'application/octet-stream'
    coding: str = ''


@dataclass(frozen=True)
class Row:
    title: str
    make: Callable  # folder -> Wrapped
    needs: tuple = ()  # programs without which the row is skipped
    hidden: bool = True  # no value may stand readable in what travels
    columns: tuple = COLUMNS  # where the wrapping exists
    why: str = ''  # why it exists nowhere else
    how: frozenset = frozenset()  # what the carrier must do, e.g. chunked, http2, range, form, raw_mail
    locked: str = ''  # only a password opens it: nothing is found, a file of this name (* any) is told

    def missing(self):
        return [program for program in self.needs if shutil.which(program) is None]


def tool(*command, given=None, folder=None):
    """Standard output of a program that must succeed."""
    done = subprocess.run(command, input=given, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=None if given is not None else subprocess.DEVNULL, timeout=TOOL_LIMIT_S, check=False)
    if done.returncode != 0:
        raise SystemExit(
            f'{" ".join(command)}: exit {done.returncode}: {done.stderr.decode(errors="replace")[-500:]}')
    return done.stdout
