#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Man pages and completion know every verb and option that --help shows, are good for their readers (mandoc, bash, zsh, fish,
where installed), and bash's completes."""
import os
import re
import shutil
import subprocess
import tempfile

from scanning import Checks, gander


def text_of(*arguments):
    return gander(*arguments).stdout.decode()


def section(text, title):
    found = re.search(rf'^{title}:\n((?:  .*\n|\n(?=  ))*)', text + '\n', re.M)
    return found[1] if found else ''


def tree(path=()):
    """Verb -> options, as --help has them."""
    text = text_of(*path, '--help')
    options = set()
    for line in section(text, 'Options').splitlines():
        names = re.match(r'  (-\S+)', line)
        if names:
            options.update(n for n in names[1].split(',') if n.startswith('-'))
    found = {' '.join(path): options}
    for line in section(text, 'Subcommands').splitlines():
        verb = re.match(r'  (\S+)', line)
        if verb:
            found.update(tree((*path, verb[1])))
    return found


def plain(roff):
    return re.sub(r'\\f[BIRP]', '', roff).replace('\\-', '-').replace('\\&', '').replace('\\e', '\\')


def check_pages(checks, verbs, folder):
    page = plain(text_of('man'))
    for verb, options in verbs.items():
        begin = 0 if not verb else page.find(f'.SS gander {verb}\n')
        checks.that(begin >= 0, f'gander(1) has {verb}')
        part = page[begin:].split('\n.SS ')[0] if verb else page
        for option in options:
            checks.that(re.search(rf'(^|, ){re.escape(option)}\b', part, re.M), f'gander(1), {verb}: {option}')
    keys = re.findall(r'^ *(\S+): .*# ', text_of('config', 'show'), re.M)
    settings = plain(text_of('man', 'gander.yaml'))
    described = re.findall(r'^\.TP\n(\S+) \(', settings, re.M)
    checks.that(len(keys) > 100 and [k.rsplit('.', 1)[-1] for k in described] == keys,
                f'gander.yaml(5) has the {len(keys)} keys of `config show`: {len(described)}')
    for name, text in (('gander.1', text_of('man')), ('gander.yaml.5', text_of('man', 'gander.yaml'))):
        path = os.path.join(folder, name)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)
        if shutil.which('mandoc'):
            done = subprocess.run(['mandoc', '-Tlint', '-Wwarning', path], stdout=subprocess.PIPE, text=True, check=False)
            faults = [line for line in done.stdout.splitlines() if 'missing date' not in line]  # a date would change each build
            checks.that(not faults, f'mandoc: {faults[:5]}')
        if shutil.which('groff'):
            done = subprocess.run(['groff', '-man', '-Tutf8', '-ww', '-z', path], stderr=subprocess.PIPE, text=True, check=False)
            checks.that(done.returncode == 0 and not done.stderr, f'groff: {done.stderr[:500]}')


def check_scripts(checks, verbs, folder):
    for shell in ('bash', 'zsh', 'fish'):
        script = text_of('completion', shell)
        path = os.path.join(folder, shell)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(script)
        if shutil.which(shell):
            done = subprocess.run([shell, '-n', path], stderr=subprocess.PIPE, check=False)
            checks.that(done.returncode == 0, f'{shell} reads it: {done.stderr[:300]}')
        for verb, options in verbs.items():
            where = {'bash': f"    '{verb}')", 'zsh': f"    '{verb}')", 'fish': f"'__gander_at {verb}'"}[shell]
            checks.that(where in script, f'{shell} knows {verb}')
            part = script[script.find(where):].split('\n      ;;\n')[0]
            if shell == 'fish':
                part = '\n'.join(line for line in script.splitlines() if where in line)
            for option in options:
                word = option if shell != 'fish' else f'-{"l" if option.startswith("--") else "s"} {option.lstrip("-")}'
                checks.that(re.search(rf'(?<![\w-]){re.escape(word)}\b|\'{re.escape(word)}:', part), f'{shell}, {verb}: {option}')


def completed(script, *words):
    """What bash would offer for the last word."""
    lines = f'source {script}; COMP_WORDS=({" ".join(repr(w) for w in words)}); COMP_CWORD={len(words) - 1}; ' \
            'compopt() { :; }; _gander; printf "%s\\n" "${COMPREPLY[@]}"'
    return subprocess.run(['bash', '-c', lines], stdout=subprocess.PIPE, text=True, check=False).stdout.split()


def check_bash(checks, folder):
    script = os.path.join(folder, 'bash')
    for words, wanted in ((('gander', 'sc'), ['scan']), (('gander', 'rules', 'ch'), ['check']),
                          (('gander', 'run', '--dry'), ['--dry-run']),
                          (('gander', 'scan', '--fail-on', 'cri'), ['critical']),
                          (('gander', 'run', '--set', 'runtime.work'), ['runtime.workers=']),
                          (('gander', 'completion', ''), None)):
        offered = completed(script, *words)
        checks.that(offered == wanted if wanted else offered, f'bash, {words}: {offered}')


def main():
    checks = Checks()
    verbs = tree()
    checks.that(len(verbs) > 15 and '--config' in verbs['run'], f'--help is read: {sorted(verbs)}')
    with tempfile.TemporaryDirectory() as folder:
        check_pages(checks, verbs, folder)
        check_scripts(checks, verbs, folder)
        check_bash(checks, folder)
    checks.exit()


if __name__ == '__main__':
    main()
