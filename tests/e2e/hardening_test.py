#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How the binary was built: position-independent, relocations read-only before main, no memory that is writable and executable,
stack protector, stack clash protection, checked copies and indices, branch targets marked. Release builds; exits 77
(skipped) under a sanitizer.

Debian 12 compiles its own start-up code and libarchive without branch marks, so the linker cannot mark the whole
program; each object of Gander's own must be marked."""
import glob
import os
import re
import subprocess

from scanning import GANDER, Checks, skip_if_sanitized


def readelf(*arguments):
    return subprocess.run(['readelf', '-W', *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False).stdout


def check_binary(checks):
    header, segments, dynamic, symbols = (readelf(a, GANDER) for a in ('-h', '-l', '-d', '--dyn-syms'))
    checks.that(re.search(r'Type:\s+DYN', header) and 'PIE' in dynamic, 'position-independent')
    checks.that('GNU_RELRO' in segments, 'relocations become read-only')
    checks.that(re.search(r'\(FLAGS\).*BIND_NOW', dynamic) and re.search(r'\(FLAGS_1\).*NOW', dynamic), 'bound at start')
    checks.that('RPATH' not in dynamic and 'RUNPATH' not in dynamic, 'no path of its own for libraries')
    checks.that('TEXTREL' not in dynamic, 'no relocation in code')
    stack = re.search(r'GNU_STACK.*', segments)
    checks.that(stack and ' E' not in stack[0].split('0x')[-2] and re.search(r' RW +0x', stack[0]), f'stack: {stack and stack[0]}')
    loads = re.findall(r'^\s+LOAD(?:\s+0x\w+){5}\s+([RWE ]+?)\s+0x', segments, re.M)
    checks.that(len(loads) >= 3 and not any('W' in flags and 'E' in flags for flags in loads), f'segments: {loads}')
    checks.that('__stack_chk_fail' in symbols, 'stack protector')
    checked = sorted(set(re.findall(r'__\w+_chk\b', symbols)))
    checks.that(len(checked) >= 3, f'checked copies: {checked}')
    checks.that('__glibcxx_assert_fail' in symbols, 'indices of vectors and views are checked')
    # -fstack-clash-protection touches each page of a large frame on its way down.
    code = subprocess.run(['objdump', '-d', '--no-show-raw-insn', GANDER], capture_output=True, text=True, check=False).stdout
    checks.that(len(re.findall(r'\borq\s+\$0x0,\(%rsp\)', code)) >= 10, 'large stack frames are touched page by page')


def check_objects(checks):
    """Every object of every room, in the libraries beside the binary."""
    libraries = glob.glob(os.path.join(os.path.dirname(GANDER), 'sensor', 'libgander_*.a'))
    for library in libraries:
        notes = readelf('-n', library)
        objects = notes.count('\nFile: ')
        marked = len(re.findall(r'Properties:.*x86 feature: IBT, SHSTK', notes))
        checks.that(0 < objects == marked, f'{os.path.basename(library)}: {marked} of {objects} objects have marked branches')
    return len(libraries)


def main():
    skip_if_sanitized()
    checks = Checks()
    check_binary(checks)
    if not check_objects(checks):
        print('no libraries beside the binary: its objects were not looked at')
    checks.exit()


if __name__ == '__main__':
    main()
