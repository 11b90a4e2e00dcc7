"""VG-NET-01 by probes of our own: what proves, what only looks so, what silence says, and when a proof is over."""

from __future__ import annotations

import pytest

from collector.engine import Engine
from detectors.shared_segment import SharedSegment
from model.declared import Zone
from model.facts import AddressSeen, SensorHeard
from model.site import fold
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Grade, Outcome, Severity, Subject
from model.wirefacts import ProbeRan
from tests.detectors.probed import (
    CITIZEN,
    MAYBE,
    OWN,
    PAIR,
    PROVEN,
    RELAY,
    ROUTER,
    STAFF,
    both_ways,
    graded,
    judge,
    listen,
    numbers,
    other,
    probe,
    rung,
    site,
    techniques,
)
from tests.model.making import AT, heard_nonce

# Nonces


def test_frames_heard_both_ways_prove_one_link_layer():
    view = site()
    both_ways(view, AT, crosses=True)
    verdict = judge(view)
    assert graded(verdict) == PROVEN
    assert "ngược lại" in verdict.summary.vi
    assert "nonce raw can-bo > nguoi-dan" in [piece.value for piece in verdict.evidence]


def test_a_one_way_leak_is_proven_and_its_direction_told():
    view = site()
    listen(view, AT)
    probe(view, "nguoi-dan", AT, crosses=True)
    probe(view, "can-bo", AT)
    verdict = judge(view)
    assert graded(verdict) == PROVEN
    assert "một chiều" in verdict.summary.vi
    assert verdict.summary.vi.index("Wi-Fi khu chờ") < verdict.summary.vi.index("Mạng cán bộ")


def test_datagrams_alone_prove_nothing_where_the_raw_frames_stayed_away():
    view = site()
    both_ways(view, AT, "raw")
    both_ways(view, AT, "udp", crosses=True)
    assert graded(judge(view)) == MAYBE


def test_datagrams_alone_prove_it_where_no_raw_frame_could_be_sent():
    view = site()
    both_ways(view, AT, "raw", outcome="failed", tapped=False)
    both_ways(view, AT, "udp", crosses=True)
    assert graded(judge(view)) == PROVEN


@pytest.mark.parametrize("how", [{"mac": RELAY}, {"ttl": 254}], ids=["another sender", "a hop"])
def test_a_relayed_datagram_is_only_likely(how):
    view = site()
    both_ways(view, AT, "udp", crosses=True, **how)
    verdict = judge(view)
    assert graded(verdict) == MAYBE
    assert "chuyển tiếp" in verdict.summary.vi


def test_a_mirror_port_alone_may_have_been_given_a_copy():
    view = site(vantage="mirror")
    listen(view, AT, vantage="mirror")
    probe(view, "can-bo", AT, crosses=True)
    assert graded(judge(view)) == MAYBE
    probe(view, "nguoi-dan", AT + MINUTE, crosses=True)
    assert graded(judge(view)) == PROVEN


def test_a_tagged_frame_joins_the_tagged_segment_alone():
    view = site(STAFF, CITIZEN, Zone(leg="can-bo", role="staff", vlan=(20,)))
    listen(view, AT)
    probe(view, "nguoi-dan", AT, crosses=True, vlan=(20,))
    assert graded(judge(view, Subject("segments", "can-bo/20|nguoi-dan"))) == PROVEN
    assert judge(view).outcome is Outcome.UNKNOWN


# Silence


def test_silence_is_not_observed_and_says_why_it_may_be_blind():
    view = site()
    both_ways(view, AT)
    verdict = judge(view)
    assert (verdict.outcome, rung(verdict)) == (Outcome.UNKNOWN, "not_observed")
    assert "khung thử lớp 2" in verdict.reason.vi
    assert "cách ly" in verdict.reason.vi
    assert techniques(verdict)["nonce"] == "silent"


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"outcome": "failed", "tapped": False, "detail": "eth1 đang tắt"}, "eth1 đang tắt"),
        ({"tapped": False}, "không thấy rời khỏi hộp"),
    ],
)
def test_a_probe_that_could_not_be_made_is_told(how, why):
    view = site()
    both_ways(view, AT, **how)
    verdict = judge(view)
    assert verdict.outcome is Outcome.UNKNOWN
    assert why in verdict.reason.vi
    assert techniques(verdict)["nonce"] == "unable"


def test_a_leg_that_nobody_listened_to_heard_nothing():
    view = site()
    for origin in OWN:
        probe(view, origin, AT + HOUR)
    assert techniques(judge(view))["nonce"] == "unable"


def test_no_number_of_silences_makes_it_clear():
    view = site()
    for hour in range(0, 48, 4):
        both_ways(view, AT + hour * HOUR)
    assert judge(view).outcome is Outcome.UNKNOWN


def test_without_probes_the_verdict_says_that_none_is_switched_on():
    assert "chưa bật" in judge(site()).reason.vi


# How a proof ends


def later(view, hours, **fields):
    """Runs both ways at these hours, listened to in between."""
    for minute in range(0, hours[-1] * 60 + 1, 1):
        listen(view, AT + minute * MINUTE)
    for hour in hours:
        both_ways(view, AT + hour * HOUR, **fields)


def test_three_silences_both_ways_over_a_day_end_it():
    view = site()
    both_ways(view, AT, crosses=True)
    later(view, (2, 14, 26))
    verdict = judge(view)
    assert (verdict.outcome, rung(verdict)) == (Outcome.CLEAR, "not_observed")
    assert "24 giờ" in verdict.summary.vi


@pytest.mark.parametrize("hours", [(2, 26), (2, 14, 20)], ids=["twice", "within less than a day"])
def test_fewer_do_not(hours):
    view = site()
    both_ways(view, AT, crosses=True)
    later(view, hours)
    assert graded(judge(view)) == PROVEN


def test_silence_without_its_control_does_not():
    view = site()
    both_ways(view, AT, crosses=True)
    later(view, (2, 14, 26), tapped=False)
    assert graded(judge(view)) == PROVEN


def test_silence_one_way_does_not():
    view = site()
    both_ways(view, AT, crosses=True)
    for hour in (2, 14, 26):
        listen(view, AT + hour * HOUR)
        probe(view, "can-bo", AT + hour * HOUR)
        probe(view, "can-bo", AT + hour * HOUR, "udp")
    assert graded(judge(view)) == PROVEN


def test_one_more_crossing_begins_anew():
    view = site()
    both_ways(view, AT, crosses=True)
    later(view, (2, 14))
    listen(view, AT + 20 * HOUR)
    probe(view, "can-bo", AT + 20 * HOUR, crosses=True)
    later(view, (26,))
    assert graded(judge(view)) == PROVEN


def test_a_device_that_crosses_meanwhile_keeps_it_open():
    view = site()
    both_ways(view, AT, crosses=True)
    later(view, (2, 14, 26))
    for number in range(3):
        at = AT + (20 + number) * HOUR
        for leg in OWN:
            fold(view, AddressSeen(at=at, leg=leg, mac="00:06:5b:00:00:77", ip="192.168.1.7"))
            fold(view, AddressSeen(at=at + 2, leg=leg, mac="00:06:5b:00:00:77", ip="192.168.1.7"))
    assert graded(judge(view)) == MAYBE


def test_the_finding_opens_with_the_frame_and_closes_with_the_third_silence():
    view = site()
    engine = Engine(view, [SharedSegment()])

    def run(at, *, crosses):
        for beat in range(-60, 61, 60):
            for leg in OWN:
                engine.take(SensorHeard(at=at + beat * SECOND, sensor=f"capture:{leg}", leg=leg, vantage="plain"))
        for origin, own in OWN.items():
            number = next(numbers)
            fields = {"nonce": f"{number:016x}", "client": own, "target": other(origin), "tapped": True}
            engine.take(ProbeRan(at=at, sensor="probe", sequence=number, leg=origin, probe="nonce_raw", outcome="sent", **fields))
            if crosses:
                engine.take(heard_nonce("raw", number, at, origin, other(origin), at=at + 1000, leg=other(origin), mac=own, sequence=number))
        engine.tick(at + MINUTE)

    run(AT, crosses=True)
    [finding] = engine.findings.values()
    assert (finding.state, finding.grade, finding.subject) == ("open", Grade.PROVEN, PAIR)
    for hour in (2, 14, 26):
        run(AT + hour * HOUR, crosses=False)
    [finding] = engine.findings.values()
    assert finding.state == "resolved"


# Routed way


def test_a_datagram_by_way_of_a_router_is_a_routed_path_with_its_hops():
    view = site()
    listen(view, AT)
    probe(view, "nguoi-dan", AT, "routed", crosses=True, ttl=254, mac=ROUTER)
    verdict = judge(view)
    assert graded(verdict) == (Outcome.VIOLATION, Severity.HIGH, Grade.CONFIRMED, "routed_reachable")
    assert "qua 1 bộ định tuyến" in verdict.summary.vi


def test_a_routed_way_that_is_shut_is_over_after_a_day():
    view = site()
    listen(view, AT)
    probe(view, "nguoi-dan", AT, "routed", crosses=True, ttl=254, mac=ROUTER)
    later(view, (2, 14))
    for hour in (2, 14):
        probe(view, "nguoi-dan", AT + hour * HOUR, "routed")
    assert rung(judge(view)) == "routed_reachable"
    listen(view, AT + 26 * HOUR)
    probe(view, "nguoi-dan", AT + 26 * HOUR, "routed")
    assert judge(view).outcome is Outcome.CLEAR


def test_a_laptop_that_roams_carries_no_nonce():
    view = site()
    for n in range(6):
        leg = list(OWN)[n % 2]
        at = AT + n * 40 * SECOND
        fold(view, AddressSeen(at=at, leg=leg, mac="00:06:5b:00:00:77", ip="192.168.1.7"))
    both_ways(view, AT + 10 * MINUTE)
    view.now = AT + DAY
    assert judge(view).outcome is Outcome.UNKNOWN
