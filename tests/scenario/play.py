# SPDX-License-Identifier: Apache-2.0
"""Plays one scenario: play.py SCENARIO.py FOLDER [SEED] writes FOLDER/capture.pcap and FOLDER/mark. Live ones are
played in a
network namespace that run.py made for this process."""
import os
import sys

import people
import rewriting
import synth
from scenario import load


class Script(synth.Capture):
    """A capture that knows its people and its mark."""
    def __init__(self, folder, seed):
        super().__init__(seed)
        self.folder, self.seed, self.marked = folder, seed, None

    def people(self, count, state='NO', **options):
        return people.population(self.seed, count, state, **options)

    def mark(self, at):
        """The moment, as a time of the capture, from which the time to detect is told."""
        self.marked = at


def play(loaded, folder, seed):
    """The mark, and the capture in `folder`."""
    path = os.path.join(folder, 'capture.pcap')
    if loaded.live:
        from lab import Lab  # needs what only a live run needs
        with Lab(folder, seed) as stage:
            loaded.make(stage)
            stage.stop_capture()
    else:
        stage = Script(folder, seed)
        loaded.make(stage)
        stage.write(path)
    if loaded.spec.loss or loaded.spec.one_way:
        frames = synth.read(path)
        frames = rewriting.lost(frames, loaded.spec.loss, seed) if loaded.spec.loss else frames
        synth.write(path, rewriting.one_sided(frames) if loaded.spec.one_way else frames)
    with open(os.path.join(folder, 'mark'), 'w', encoding='utf-8') as out:
        out.write('' if stage.marked is None else repr(stage.marked))


if __name__ == '__main__':
    play(load(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1)
