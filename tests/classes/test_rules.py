"""Each rule by its own example, and the tables as a whole."""

from __future__ import annotations

from typing import get_args

import pytest

from collector import vendors
from model.classes.judge import matching
from model.classes.kinds import ANY, DIRECT, FIELDS, DeviceClass, Rule
from model.classes.rules import ALL

CLASSES = set(get_args(DeviceClass))


def told(rule: Rule) -> str:
    return f"{rule.field} {rule.means} {rule.example}"


@pytest.mark.parametrize("rule", ALL, ids=told)
def test_a_rule_meets_its_example(rule: Rule) -> None:
    assert rule in matching(rule.field, rule.example)


@pytest.mark.parametrize("rule", ALL, ids=told)
def test_a_rule_is_whole(rule: Rule) -> None:
    assert rule.field in FIELDS
    assert set(rule.says) <= CLASSES | {ANY}
    assert 0 <= min(rule.says.values()) <= max(rule.says.values()) <= DIRECT
    assert rule.says.get(ANY, 0) == 0
    assert rule.means
    assert rule.source


def test_every_class_can_be_reached() -> None:
    assert {name for rule in ALL for name, weight in rule.says.items() if weight} == CLASSES


def test_no_maker_decides_an_operating_system() -> None:
    systems = ("windows_pc", "mac", "linux_pc", "phone_android", "phone_iphone", "tablet")
    makers = [rule for rule in ALL if rule.field == "vendor"]
    assert [rule.example for rule in makers if any(rule.says.get(name, 0) > 2 for name in systems)] == []


def test_examples_of_makers_are_in_the_shipped_table() -> None:
    names = set(vendors.table().names.decode().split("\n"))
    assert [rule.example for rule in ALL if rule.field == "vendor" and rule.example not in names] == []


# Texts that look like what a rule is after and are not.
STRANGERS = [
    ("name", "mayin-tang2", "windows_pc"),
    ("name", "Gateway-PC", "iot"),
    ("name", "echo", "speaker"),
    ("name", "administrator", "server"),
    ("name", "PCI-DSS", "windows_pc"),
    ("dhcp.class", "MSFT 5.0 XBOX", "windows_pc"),
    ("dhcp.list", "1,3,6,15", "windows_pc"),
    ("dhcp.list", "1,121,3,6,15,119,252,95,44,46", "phone_iphone"),
    ("dhcp.list", "1,121,3,6,15,108,114,119,252", "mac"),
    ("mdns.text", "_http._tcp path=/index.html", "camera"),
    ("mdns.type", "_http._tcp", "printer"),
    ("ssdp.type", "upnp:rootdevice", "router"),
    ("vendor", "Applied Materials", "mac"),
    ("vendor", "Intellian Technologies", "windows_pc"),
    ("vendor", "Dellner", "windows_pc"),
    ("lldp.able", "bridge,phone", "switch"),
    ("group", "224.0.0.251", "router"),
    ("browser", "types=00011003 version=6.1", "server"),
]


@pytest.mark.parametrize(("field", "text", "name"), STRANGERS)
def test_what_only_looks_like_it_says_nothing(field: str, text: str, name: str) -> None:
    assert [rule.means for rule in matching(field, text) if rule.says.get(name, 0)] == []
