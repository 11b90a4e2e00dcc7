"""How signs are weighed: agreement makes sure, disagreement never does."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from model.classes.judge import classify, matching, weigh
from model.classes.kinds import ANY, DIRECT, FIELDS, HINT, SOLID, STRONG, UNKNOWN, WEAK, Classification, DeviceClass, Rule, Sign, Signal
from model.classes.rules import ALL
from model.rows import DhcpProfile
from model.verdict import Grade

ORDER = [None, Grade.INFERRED, Grade.LIKELY, Grade.CONFIRMED]
CLASSES = sorted(get_args(DeviceClass))

WINDOWS_10 = (1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252)
IOS = (1, 121, 3, 6, 15, 108, 114, 119, 252)
ANDROID = (1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114, 108)
UDHCP = (1, 3, 6, 12, 15, 28, 42)


def signal(field: str, says: dict[str, int], text: str = "x") -> Signal:
    return Signal(Sign(field, text, "dhcp", 1), Rule(field=field, pattern="", says=says, means="m", source="s", example=""))


def rank(answer: Classification) -> int:
    return ORDER.index(answer.grade)


def test_nothing_heard_is_unknown(made) -> None:
    assert classify(made()) == Classification()
    assert weigh([]).name == UNKNOWN


def test_an_asset_kept_as_a_hash_keeps_the_class_it_was_written_down_with(made) -> None:
    veiled = made()
    veiled.device_class = "phone_android"
    assert classify(veiled) == Classification(name="phone_android")


SAYINGS = st.dictionaries(st.sampled_from(CLASSES), st.sampled_from([0, HINT, WEAK, SOLID, STRONG, DIRECT]), min_size=1, max_size=4)
ANYHOW = st.builds(lambda says, rest: {**says, **({ANY: 0} if rest else {})}, SAYINGS, st.booleans())
SIGNALS = st.lists(st.builds(signal, st.sampled_from(sorted(FIELDS)), ANYHOW), max_size=6)
REAL = st.lists(st.sampled_from(ALL).map(lambda rule: Signal(Sign(rule.field, rule.example, "dhcp", 1), rule)), max_size=6)


@settings(deadline=None)
@given(SIGNALS | REAL, st.builds(signal, st.sampled_from(sorted(FIELDS)), SAYINGS))
def test_a_sign_against_never_makes_it_surer(signals: list[Signal], other: Signal) -> None:
    before = weigh(signals)
    assume(before.name != UNKNOWN and not other.rule.fits(before.name) and other.rule.weight)
    after = weigh([*signals, other])
    assert rank(after) <= rank(before)
    assert after.grade in (None, Grade.INFERRED) or after.name != before.name
    if after.name == before.name:
        assert any(line.value.startswith("≠ ") for line in after.evidence) or len(after.evidence) == 12


@settings(deadline=None)
@given(SIGNALS | REAL)
def test_sure_needs_agreement_or_own_words(signals: list[Signal]) -> None:
    answer = weigh(signals)
    favour = [each for each in signals if each.weighs(answer.name)]
    if answer.grade is Grade.CONFIRMED:
        assert any(each.weighs(answer.name) == DIRECT for each in favour)
    if answer.grade is Grade.LIKELY:
        assert len({each.source for each in favour}) > 1
    if answer.grade in (Grade.LIKELY, Grade.CONFIRMED):
        assert all(each.rule.fits(answer.name) for each in signals if each.rule.weight)
    assert (answer.grade is None) == (answer.name == UNKNOWN)


@settings(deadline=None)
@given(SIGNALS | REAL, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(signals: list[Signal], dice) -> None:
    shuffled = [*signals, *signals[:2]]
    dice.shuffle(shuffled)
    assert weigh(shuffled) == weigh(signals)


@settings(deadline=None)
@given(st.sampled_from(sorted(FIELDS)), st.sampled_from(CLASSES), st.sampled_from([HINT, WEAK]))
def test_a_single_weak_sign_is_not_enough(field: str, name: str, weight: int) -> None:
    assert weigh([signal(field, {name: weight})]).name == UNKNOWN


def test_two_that_disagree_are_unknown_with_both_as_evidence() -> None:
    answer = weigh([signal("dhcp.class", {"windows_pc": STRONG}, "MSFT 5.0"), signal("name", {"printer": STRONG}, "NPI8D3A1F")])
    assert answer.name == UNKNOWN
    assert [line.value for line in answer.evidence] == ["60=MSFT 5.0 → windows_pc", "NPI8D3A1F → printer"]


def test_the_maker_of_the_mac_is_not_the_operating_system(made) -> None:
    answer = classify(made("28:cf:da:dc:8d:76", DhcpProfile(host_name="NicksMacBook", vendor_class="MSFT 5.0", parameters=WINDOWS_10), ["dhcp:NicksMacBook"]))
    assert (answer.name, answer.grade) == ("windows_pc", Grade.INFERRED)
    assert {line.value.partition(" → ")[0] for line in answer.evidence if line.value.startswith("≠ ")} == {"≠ Apple, Inc.", "≠ NicksMacBook"}


# What people bring and offices have: MAC, option 60, option 55, names; the class, how sure.
DEVICES = [
    ("00:06:5b:10:20:21", "MSFT 5.0", WINDOWS_10, ["dhcp:DESKTOP-A1B2C3D"], "windows_pc", Grade.LIKELY),
    ("00:15:17:a3:d1:10", "MSFT 5.0", WINDOWS_10, ["dhcp:WIN-7U2QK4VN3PL"], "windows_pc", Grade.INFERRED),  # or a server
    ("00:30:48:bd:3e:c4", "MSFT 5.0", WINDOWS_10, ["dhcp:WIN-7U2QK4VN3PL"], "server", Grade.LIKELY),
    ("00:0c:29:61:f5:5f", "MSFT 5.0", WINDOWS_10, [], "windows_pc", Grade.INFERRED),
    ("", "", WINDOWS_10, [], "windows_pc", Grade.INFERRED),
    ("6a:5f:2e:10:20:51", "android-dhcp-14", ANDROID, [], "phone_android", Grade.INFERRED),
    ("6a:5f:2e:10:20:51", "android-dhcp-13", ANDROID, ["dhcp:Galaxy-A54-5G"], "phone_android", Grade.LIKELY),
    ("6a:5f:2e:10:20:51", "android-dhcp-13", ANDROID, ["dhcp:Galaxy-Tab-S8"], "tablet", Grade.LIKELY),
    ("6a:5f:2e:10:20:51", "HUAWEI:android:VOG", (1, 3, 6), [], "phone_android", Grade.INFERRED),
    ("5e:3c:1b:10:20:52", "", IOS, [], "phone_iphone", Grade.INFERRED),
    ("5e:3c:1b:10:20:52", "", IOS, ["dhcp:iPhone"], "phone_iphone", Grade.LIKELY),
    ("5e:3c:1b:10:20:52", "", IOS, ["dhcp:iPad"], "tablet", Grade.INFERRED),
    ("5e:3c:1b:10:20:52", "", (1, 121, 3, 6, 15, 119, 252, 95, 44, 46), [], "mac", Grade.INFERRED),
    ("5e:3c:1b:10:20:52", "", (), [], UNKNOWN, None),  # a random address alone is no phone (RFC 9724)
    ("28:cf:da:dc:8d:76", "", (), [], UNKNOWN, None),
    ("00:15:17:a3:d1:10", "", (), [], UNKNOWN, None),
    ("00:15:17:a3:d1:10", "PXEClient:Arch:00000:UNDI:002001", (1, 3, 6, 43, 60), [], UNKNOWN, None),
    ("92:dd:a4:8d:5f:de", "udhcp 1.36.1", UDHCP, [], UNKNOWN, None),
    ("50:c7:bf:00:fc:a3", "udhcp 1.19.4", UDHCP, [], UNKNOWN, None),
    ("44:19:b6:00:00:01", "udhcp 1.19.4", UDHCP, [], "camera", Grade.INFERRED),
    ("00:0b:82:01:fc:42", "Grandstream GXP1625", (1, 3, 6, 42, 66, 120), [], "voip_phone", Grade.LIKELY),
    ("00:80:77:01:02:03", "", (), ["dhcp:BRN008077010203"], "printer", Grade.LIKELY),
    ("00:11:32:10:20:36", "", (), ["mdns:DiskStation.local."], "nas", Grade.LIKELY),
    ("b8:27:eb:b8:53:c8", "dhcpcd-6.11.5:Linux-4.1.18-v7+:armv7l:BCM2709", (), [], "single_board_computer", Grade.LIKELY),
    ("30:52:53:01:02:03", "", (), ["dhcp:jetkvm-0102"], "kvm", Grade.LIKELY),
    ("00:0c:29:01:02:03", "", (1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42), ["dhcp:ubuntu"], "linux_pc", Grade.LIKELY),
    ("d8:e0:e1:01:02:03", "udhcp 1.14.3-VD Linux VDLinux.1.2.1.x", UDHCP, [], "screen", Grade.LIKELY),
    ("5c:cf:7f:07:ae:fb", "MSFT 5.0", WINDOWS_10, [], "windows_pc", Grade.INFERRED),  # whatever is right, nobody is sure
]


@pytest.mark.parametrize(("mac", "vendor_class", "parameters", "names", "name", "grade"), DEVICES)
def test_devices(made, mac: str, vendor_class: str, parameters: tuple[int, ...], names: list[str], name: str, grade: Grade | None) -> None:
    answer = classify(made(mac, DhcpProfile(vendor_class=vendor_class, parameters=parameters), names))
    assert (answer.name, answer.grade) == (name, grade), answer.evidence


@settings(deadline=None)
@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=200))
def test_any_text_is_borne(field: str, text: str) -> None:
    assert all(rule.field == field for rule in matching(field, text))


@pytest.mark.parametrize("text", ["a" * 10_000, "[TV]" * 2_000, "1," * 5_000, "MF" * 3_000, " " * 10_000, "_" * 10_000, "DS-2CD" * 1_500])
@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.timeout(20)
def test_long_hostile_texts_cost_no_more_than_their_length(field: str, text: str) -> None:
    assert isinstance(matching(field, text), tuple)
