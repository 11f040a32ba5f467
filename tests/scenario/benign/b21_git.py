# SPDX-License-Identifier: Apache-2.0
"""A repository with fifty commits by eight authors is cloned by git."""
import os

from people import population
from scenario import Scenario

SCENARIO = Scenario('git clone of 50 commits', needs=('git', ))


def make(lab):
    tree = os.path.join(lab.outside.folder, 'project')
    authors = population(lab.seed, 8, contact_only=True)
    lab.outside.run('git', 'init', '--quiet', tree)
    for number in range(50):
        author = authors[number % 8]
        lab.outside.file(f'project/file{number}.py', f'def f{number}():\n    return {number}\n' * 40)
        lab.outside.run('git', '-C', tree, 'add', '-A')
        lab.outside.run('git', '-C', tree, '-c', f'user.name={author["name"]}', '-c', f'user.email={author["email"]}',
                        '-c', 'commit.gpgsign=false', 'commit', '--quiet', '-m', f'step {number}')
    lab.outside.serve('git', 'daemon', '--export-all', f'--base-path={lab.outside.folder}', '--reuseaddr', port=9418)
    for turn in range(3):
        lab.inside.run('git', 'clone', '--quiet', 'git://198.18.14.1/project',
                       os.path.join(lab.inside.folder, f'copy{turn}'))
