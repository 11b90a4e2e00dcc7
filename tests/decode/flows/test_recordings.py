"""Our own laboratory recordings of real receivers: who pushed what to them."""

import json

import pytest

from model.wirefacts import ScreenPushed
from tests import corpus
from tests.decode import frames

PHONE = "6a:5f:2e:10:20:51"
EXPECTED = {path.parent.name: json.loads((path.parent / "expected.json").read_text()) for path in corpus.lab_captures()}
PUSHED = sorted(name for name, told in EXPECTED.items() if "push" in told)


def pushes(name):
    found = [fact for fact in frames.facts_of(corpus.LAB / name / "capture.pcap") if isinstance(fact, ScreenPushed)]
    return list({(fact.at, fact.action): fact for fact in found}.values())


@pytest.mark.parametrize("name", PUSHED)
def test_what_was_pushed_is_told_with_its_sender_screen_and_address(name):
    told = EXPECTED[name]["push"]
    assert (told["sender"], told["screen"], told["media"], True) in {(fact.mac, fact.screen_mac, fact.url, fact.accepted) for fact in pushes(name)}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("dlna-gmediarender-push", [("dlna", "content", "SetAVTransportURI"), ("dlna", "command", "Play")]),
        ("dial-peer", [("dial", "content", "apps/YouTube")]),
        ("roku-emulated", [("roku", "command", "keypress/Home")]),
        ("pjlink-search", []),  # only questions
        ("airplay-uxplay", []),  # GET /info
        ("only-questions", []),
        ("mediaserver-minidlna", []),
    ],
)
def test_the_pushes_of_a_recording(name, wanted):
    found = pushes(name)
    assert [(fact.family, fact.kind, fact.action) for fact in found] == wanted
    assert all(fact.mac == PHONE and fact.accepted for fact in found)
