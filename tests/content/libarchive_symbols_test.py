#!/usr/bin/env python3
"""What the linked part of our libarchive asks of other libraries, against what it may: nothing that allocates memory of its
own, opens a file, exits, takes a lock or looks at the locale (sensor/content/archive/libarchive_hooks.h).

  libarchive_symbols_test.py RENAMED_LIBARCHIVE_A LIBGANDER_CONTENT_A
"""
import subprocess
import sys

MAY_ASK = set('''
memchr memcmp memcpy memmove memset stpcpy strchr strcmp strcpy strlen strncpy strtol
wcschr wcscpy wcslen wmemcmp wmemmove
__ctype_b_loc __errno_location __snprintf_chk __stack_chk_fail gnu_dev_major gnu_dev_makedev gnu_dev_minor
crc32 inflate inflateEnd inflateReset inflateSetDictionary BZ2_bzDecompress BZ2_bzDecompressEnd lzma_code lzma_end
fcntl
'''.split())
NETTLE = 'nettle_'  # digests, in memory of the caller


def symbols(path):
    """{member: (defined, undefined)}"""
    out = {}
    text = subprocess.run(['nm', '-A', path], capture_output=True, text=True, check=True).stdout
    for line in text.splitlines():
        where, _, rest = line.rpartition(':')
        fields = rest.split()
        if len(fields) < 2:
            continue
        defined, undefined = out.setdefault(where, (set(), set()))
        (undefined if fields[-2] in 'Uw' else defined).add(fields[-1])
    return out


def main():
    library, content = symbols(sys.argv[1]), symbols(sys.argv[2])
    home = {name: member for member, (defined, _) in library.items() for name in defined}
    wanted = {name for _, undefined in content.values() for name in undefined if name in home}
    linked, asked = set(), set()
    while wanted:
        name = wanted.pop()
        if name not in home:
            asked.add(name)
            continue
        if home[name] not in linked:
            linked.add(home[name])
            wanted |= library[home[name]][1]
    ours = {name for defined, _ in content.values() for name in defined}
    wrong = sorted(name for name in asked - ours - MAY_ASK if not name.startswith(NETTLE))
    print(f'{len(linked)} objects of libarchive linked, {len(asked)} symbols asked for, {len(asked & ours)} of them ours')
    if not linked:
        print('nothing of libarchive is linked: wrong files?')
    if wrong:
        print('not allowed: ' + ' '.join(wrong))
    return 1 if wrong or not linked else 0


sys.exit(main())
