#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a proof of `gander evidence prove` with the sensor's public key alone.

  check_proof.py PUBLIC.pem PROOF.json

Written to be read: nothing but Python's own library, Ed25519 as RFC 8032 section 5.1.7 defines it, the tree as RFC 9162
section 2.1.3.2. Slow on purpose and only for public data. Exit code 0 when the proof holds, 1 when it does not.
"""
import base64
import hashlib
import json
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P:
        return None
    return P - x if (x & 1) != sign else x


def point(encoded):
    number = int.from_bytes(encoded, 'little')
    y = number & (1 << 255) - 1
    x = recover_x(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p = add(p, p)
        n >>= 1
    return q


def same(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


BASE_Y = 4 * pow(5, -1, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def signature_holds(public, message, signature):
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], 'little')
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), 'little') % L
    return same(times(s, BASE), add(r, times(h, a)))


def public_key(path):
    text = ''.join(line for line in open(path, encoding='ascii').read().split('\n') if not line.startswith('-----'))
    der = base64.b64decode(text, validate=True)
    head = bytes.fromhex('302a300506032b6570032100')  # SubjectPublicKeyInfo of Ed25519, RFC 8410
    if len(der) != 44 or not der.startswith(head):
        sys.exit(f'{path}: no Ed25519 public key')
    return der[len(head):]


def root_of_note(note, public):
    text, _, signatures = note.partition('\n\n')
    text += '\n'
    origin, size, root, *_ = text.split('\n')
    key_id = hashlib.sha256(origin.encode() + b'\n\x01' + public).digest()[:4]
    for line in signatures.split('\n'):
        dash, _, rest = line.partition(' ')
        name, _, encoded = rest.partition(' ')
        if dash != '\u2014' or name != origin:
            continue
        signed = base64.b64decode(encoded, validate=True)
        if len(signed) == 68 and signed[:4] == key_id and signature_holds(public, text.encode(), signed[4:]):
            return origin, int(size), base64.b64decode(root, validate=True)
    return None


def root_from(leaf, index, size, path):
    node = lambda left, right: hashlib.sha256(b'\x01' + left + right).digest()
    here, last, root = index, size - 1, leaf
    for other in path:
        if last == 0:
            return None
        if here & 1 or here == last:
            root = node(other, root)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            root = node(root, other)
        here, last = here >> 1, last >> 1
    return root if last == 0 else None


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    public = public_key(sys.argv[1])
    proof = json.load(open(sys.argv[2], encoding='utf-8'))
    note = root_of_note(proof['checkpoint'], public)
    if note is None:
        print('does NOT hold: the checkpoint is not signed by this key')
        return 1
    origin, size, root = note
    print(f'{origin} signed {size} records, root {root.hex()}')
    for item in proof['records']:
        leaf = hashlib.sha256(b'\x00' + item['record'].encode()).digest()
        index, path = item['index'], [bytes.fromhex(h) for h in item['path']]
        if not 0 <= index < size or root_from(leaf, index, size, path) != root:
            print(f'does NOT hold: record {index} is not among them')
            return 1
        print(f'holds: record {index} is among them, unchanged: {item["record"]}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
