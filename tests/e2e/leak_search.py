# SPDX-License-Identifier: Apache-2.0
"""Looks for planted values in output: raw, without separators, percent, hex, HTML entities and base64."""
import base64
import html
import urllib.parse

STEM = 8  # every form searched for is at least this long; its first bytes are its key in the table


def forms(value):
    """All ways to write `value` that are searched without regard to case."""
    raw = value.encode()
    yield raw
    yield ''.join(c for c in value if c.isalnum()).encode()
    yield urllib.parse.quote(value, safe='').encode()
    yield urllib.parse.quote_plus(value).encode()
    yield raw.hex().encode()


def base64_forms(value):
    """The part of the base64 text that does not depend on what stands before and after, at each of three phases."""
    raw = value.encode()
    for phase in range(3):
        text = base64.b64encode(b'\0' * phase + raw)
        first = -(-phase * 8 // 6)
        last = (phase + len(raw)) * 8 // 6
        yield text[first:last]


class LeakSearch:
    def __init__(self, values):
        self.folded, self.exact = {}, {}
        for value in values:
            for form in forms(value):
                self._add(self.folded, form.lower(), value)
            for form in base64_forms(value):
                self._add(self.exact, form, value)

    @staticmethod
    def _add(table, form, value):
        if len(form) >= STEM:
            table.setdefault(form[:STEM], []).append((form, value))

    def find(self, output):
        """Planted values that occur in `output` (bytes)."""
        found = set()
        unescaped = html.unescape(output.decode('utf-8', 'replace')).encode()
        for text, table in ((output, self.exact), (output.lower(), self.folded), (unescaped.lower(), self.folded)):
            for i in range(len(text) - STEM + 1):
                for form, value in table.get(text[i:i + STEM], ()):
                    if text.startswith(form, i):
                        found.add(value)
        return found


def self_check():
    """The search must find what is there, or its silence means nothing."""
    secret = '078-05-1120'
    search = LeakSearch([secret])
    for written in (secret, '078051120', secret.encode().hex().upper(), base64.b64encode(b'x' + secret.encode()).decode(),
                    base64.b64encode(b'xy,' + secret.encode() + b',z').decode()):
        assert search.find(f'before {written} after'.encode()) == {secret}, written
    assert LeakSearch(['a.b@example.org']).find(b'to=a.b%40example.org') == {'a.b@example.org'}
    assert not search.find(b'078-05-1121 nothing here')
