"""VG-END-11: a PC that is a screen for others, by its own word and by what the network hears of it."""

import pytest

from detectors.open_display import OpenDisplay
from detectors.projecting_receiver import ProjectingReceiver
from model.facts import ServiceAdvertised
from model.posture.told import Interfaces, Projecting
from model.times import DAY, HOUR, MINUTE
from model.verdict import Grade, Severity, Subject, Urgency
from tests.detectors.pcs import CLEAR, NOT_APPLICABLE, UNKNOWN, VIOLATION, Office, reads_well

MAC = "10:b6:76:10:20:21"
ABSENT = Projecting(receiver=False, play_to=False, listening=False)
OPEN = Projecting(receiver=True, pin=False, play_to=False, listening=True)


def office(*told, **more) -> Office:
    site = Office(ProjectingReceiver(), **more)
    site.says(*told)
    return site


def advertises(site: Office, text=(("ca", "5"), ("st", "0"))):
    """The same PC is heard on the network as a Cast receiver."""
    for turn in range(2):
        site.takes(
            ServiceAdvertised(
                at=site.view.now + turn, sensor="capture:lan", sequence=turn, leg="lan", mac=MAC, ip="192.168.1.9", service="_googlecast._tcp.local.",
                instance="PC", port=8009, text=text, ttl=4500,
            )
        )  # fmt: skip


def test_without_the_capability_it_is_clear():
    verdict = office(ABSENT).verdict()
    assert (verdict.outcome, verdict.grade) == (CLEAR, Grade.CONFIRMED)
    assert "không nhận hình chiếu" in verdict.summary.vi
    reads_well(verdict)


@pytest.mark.parametrize(
    "told",
    [
        Projecting(receiver=True, pin=True, play_to=False, listening=True),
        Projecting(receiver=True, allowed=False, play_to=False, listening=True),
        Projecting(receiver=True, play_to=False, listening=False),
        Projecting(receiver=None, allowed=False, play_to=False),
    ],
    ids=["asks a PIN", "policy forbids", "installed and off", "policy forbids, not known whether installed"],
)
def test_protected_or_off_is_clear(told):
    assert office(told).outcome() is CLEAR


def test_installed_and_not_seen_open_is_less_sure():
    verdict = office(Projecting(receiver=True, listening=False)).verdict()
    assert (verdict.outcome, verdict.grade) == (CLEAR, Grade.LIKELY)
    assert "đã cài tính năng nhận hình chiếu nhưng không thấy đang mở" in verdict.summary.vi
    reads_well(verdict)
    assert office(Projecting(receiver=False, listening=False)).verdict().grade is Grade.CONFIRMED


@pytest.mark.parametrize(
    ("told", "grade"),
    [
        (OPEN, Grade.CONFIRMED),
        (Projecting(receiver=True, play_to=False, listening=True), Grade.LIKELY),
        (Projecting(receiver=False, pin=False, play_to=False, listening=True), Grade.CONFIRMED),
    ],
    ids=["no PIN by policy", "nothing requires a PIN", "its port is open all the same"],
)
def test_open_without_a_pin_is_a_violation(told, grade):
    verdict = office(told).verdict()
    assert (verdict.outcome, verdict.severity, verdict.urgency, verdict.grade) == (VIOLATION, Severity.MEDIUM, Urgency.REPORT, grade)
    assert dict(verdict.state) == {"receiver": "open"}
    assert "Projecting to this PC" in verdict.remedy[0].vi
    reads_well(verdict)


def test_a_renderer_has_no_protection_to_switch_on():
    verdict = office(Projecting(receiver=False, play_to=True, listening=False)).verdict()
    assert (verdict.outcome, verdict.grade, dict(verdict.state)) == (VIOLATION, Grade.BY_DESIGN, {"play_to": "on"})
    assert "DLNA" in verdict.summary.vi
    reads_well(verdict)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Projecting(play_to=False, listening=False), "chỉ tập lệnh kiểm tra (vg-facts) đọc được"),
        (Projecting(receiver=True, play_to=False), "đang mở hay tắt"),
    ],
)
def test_what_was_not_told_is_unknown(told, said):
    verdict = office(told).verdict()
    assert verdict.outcome is UNKNOWN
    assert said in verdict.summary.vi
    reads_well(verdict)


def test_never_asked_failed_and_not_for_this_pc():
    site = Office(ProjectingReceiver())
    site.checks_in()
    assert site.outcome() is UNKNOWN
    site.fails(Projecting, "failed")
    assert "trả lời lỗi" in site.verdict().summary.vi
    site.fails(Projecting, "absent")
    assert site.outcome() is NOT_APPLICABLE
    assert site.rule.judge(site.view, Subject("asset", "nobody")) is None


def test_a_pc_that_is_a_screen_on_the_network_too_is_told_once_with_both_as_evidence():
    site = office(Interfaces(macs=(MAC,)), OPEN)
    advertises(site)
    verdict = site.verdict()
    assert verdict.outcome is VIOLATION
    assert verdict.summary.vi.count("VG-NET-02") == 1
    assert {piece.value for piece in verdict.evidence if piece.kind == "state"} == {"receiver: open", "Google Cast open: yes"}
    reads_well(verdict)
    both = office(Interfaces(macs=(MAC,)), Projecting(receiver=True, pin=False, play_to=True, listening=True))
    advertises(both)
    assert both.verdict().summary.vi.count("VG-NET-02") == 1
    seen = OpenDisplay().judge(site.view, Subject("asset", site.asset))
    assert seen is not None
    assert seen.outcome is VIOLATION, "the network's own rule speaks of the same asset"


def test_a_screen_that_windows_knows_nothing_of_is_not_called_clear():
    site = office(Interfaces(macs=(MAC,)), ABSENT)
    advertises(site)
    verdict = site.verdict()
    assert verdict.outcome is UNKNOWN
    assert "có thể do phần mềm khác" in verdict.summary.vi
    reads_well(verdict)
    site.waits(25 * HOUR)
    site.says(ABSENT)
    assert site.outcome() is CLEAR, "an advert of yesterday says nothing of today"


def test_the_life_of_a_finding():
    site = office(OPEN)
    assert site.steps() == ["opened:observed"]
    site.restarts()
    assert (site.outcome(), site.steps()) == (VIOLATION, [])
    site.waits(3 * DAY)
    assert (site.outcome(), site.steps()) == (UNKNOWN, [])
    site.says(Projecting(receiver=True, pin=True, play_to=False, listening=True))
    assert site.steps() == ["resolved:observed"]
    site.waits(11 * MINUTE)
    carried = office(ABSENT)
    carried.says(OPEN, source="portable", ago=10 * DAY)
    assert carried.outcome() is CLEAR, "a bundle of before does not outdo this morning's answer"
