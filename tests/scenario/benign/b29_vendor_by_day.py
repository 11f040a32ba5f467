# SPDX-License-Identifier: Apache-2.0
"""The vendor of P38, who only comes in the hours that the register names, and reads."""
import p38_vendor_at_night
import synth
from scenario import Scenario

SCENARIO = Scenario('Vendor session to controllers in its hours', policy=p38_vendor_at_night.SCENARIO.policy)


def make(script):
    p38_vendor_at_night.session(script, script.start + synth.HOUR_S)
