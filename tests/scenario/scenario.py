# SPDX-License-Identifier: Apache-2.0
"""What a scenario declares, and where the scenarios are. A file `positive/p01_*.py` or `benign/b01_*.py` has

    SCENARIO = Scenario(...)        # what it is, what must be seen of it
    def make(stage): ...            # plays it

`stage` is a synth.Capture when the scenario is written by script, a lab.Lab when real programs play it; both have
`mark()`.
"""
import glob
import importlib.util
import os
import sys
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.abspath(__file__))
SEVERITIES = ('info', 'low', 'medium', 'high', 'critical')
CONTENT_S, TUNNEL_S, FAN_IN_S = 10, 60, 120  # DETECTION.md §6.3


@dataclass(frozen=True)
class People:
    """How many people there are in truth, and where they were sent; senders have no person in common unless
    `shared`."""
    count: int
    to: tuple  # beginnings of recipients' addresses
    within: float = 0.06
    shared: bool = False


@dataclass(frozen=True)
class Scenario:
    title: str
    detectors: tuple = ()  # all of them must speak; none for a benign one
    severity: str = 'medium'  # at least, of each of them
    allowed: tuple = ()  # may speak too, and is not told as unexpected
    explains: tuple = ()  # expressions that the explanations of `detectors` must match, without regard to case
    places: int = 0  # so many pairs of addresses must have an alert of `detectors`
    people: People = None
    within_s: float = 0  # from the mark to the first alert, in packet time; 0 = not judged
    needs: tuple = ()  # programs; any makes it a live one, played in namespaces
    policy: str = ''  # more of the policy, beside world.ZONES
    settings: tuple = ()  # `--set` of the scan
    registers: str = ''  # own lists, made by make() in its folder
    commitments: tuple = ()  # of the seed, as in DETECTION.md §1
    loss: float = 0  # this share of the packets is taken away before the scan
    one_way: bool = False  # only what goes to the higher port's side is left: see rewriting.one_sided


@dataclass
class Loaded:
    id: str
    path: str
    spec: Scenario
    make: object
    positive: bool = field(init=False)

    def __post_init__(self):
        self.positive = os.path.basename(os.path.dirname(self.path)) == 'positive'

    @property
    def live(self):
        return bool(self.spec.needs)


def load(path):
    name = os.path.splitext(os.path.basename(path))[0]
    for folder in ('positive', 'benign'):  # a variant imports what it varies
        if os.path.join(HERE, folder) not in sys.path:
            sys.path.append(os.path.join(HERE, folder))
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return Loaded(name.split('_')[0].upper(), path, module.SCENARIO, module.make)


def all_scenarios():
    return [
        load(path) for folder in ('positive', 'benign')
        for path in sorted(glob.glob(os.path.join(HERE, folder, '[a-z]*.py')))
    ]
