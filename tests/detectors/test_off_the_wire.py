"""What a replay leaves out is what no capture feeds."""

from __future__ import annotations

import pytest

from collector.registry import OFF_THE_WIRE, build_all, detector_class, detector_modules
from collector.replay import Replay
from model.declared import Declared
from tests import corpus


@pytest.mark.parametrize("module", sorted(OFF_THE_WIRE))
def test_a_rule_left_out_needs_a_pc_or_a_portal(module):
    about = detector_class(module).about
    assert about.needs[0] == "endpoint" or set(about.kinds) == {"portal"}


def test_the_same_is_found_without_them():
    lean, full = (Replay(Declared(site="xa", legs=("file",)), rules, "file") for rules in (build_all(but=OFF_THE_WIRE), build_all()))
    assert len(lean.engine.detectors) == len(detector_modules()) - len(OFF_THE_WIRE)
    for capture in corpus.lab_captures()[:12]:
        lean.run(capture)
        full.run(capture)
    assert lean.engine.standing() == full.engine.standing() != []
