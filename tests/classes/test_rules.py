"""Each rule by its own example, and the tables as a whole."""

from __future__ import annotations

from typing import get_args

import pytest

from collector import vendors
from model.classes.judge import matching
from model.classes.kinds import ANY, DIRECT, FIELDS, SOLID, DeviceClass, Rule
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


# Names and texts of devices that are sold in Viet Nam, in the forms their makers' guides and defaults give them.
SOLD_HERE = [
    ("name", "Canon1a2b3c", "printer"),
    ("name", "BRW1A2B3C4D5E6F", "printer"),
    ("name", "EPSON L3150 Series", "printer"),
    ("mdns.text", "_ipp._tcp ty=FUJI XEROX DocuCentre-V 2060", "printer"),
    ("mdns.text", "_ipp._tcp ty=FUJIFILM Apeos C325", "printer"),
    ("mdns.text", "_uscan._tcp ty=ScanSnap iX1600", "scanner"),
    ("mdns.text", "_uscan._tcp ty=Brother ADS-2700W", "scanner"),
    ("name", "fi-7160", "scanner"),
    ("name", "DS-7608NI-K2", "camera"),
    ("wsd.scope", "onvif://www.onvif.org/name/HIKVISION%20DS-2CD1023G0", "camera"),
    ("wsd.scope", "onvif://www.onvif.org/hardware/DH-IPC-HFW1230", "camera"),
    ("wsd.scope", "onvif://www.onvif.org/name/Dahua", "camera"),
    ("name", "chuangmi-camera-ipc019_miap1A2B", "camera"),
    ("name", "IMOU-Ranger2", "camera"),
    ("name", "CS-C6N", "camera"),
    ("name", "KX-C2012", "camera"),
    ("name", "Tapo_C200", "camera"),
    ("name", "orangepizero2", "single_board_computer"),
    ("name", "nanopi-r4s", "single_board_computer"),
    ("name", "jetson-nano", "single_board_computer"),
    ("mdns.text", "_googlecast._tcp md=X96mini", "screen"),
    ("name", "FPT Play Box", "screen"),
    ("name", "apc1A2B3C", "iot"),
    ("name", "DiskStation", "nas"),
    ("name", "TS-251D", "nas"),
    ("name", "Galaxy-A54", "phone_android"),
    ("name", "OPPO-Reno8", "phone_android"),
    ("name", "vivo-Y21", "phone_android"),
    ("name", "PS5-9A8B", "console"),
    ("name", "SIP-T31P", "voip_phone"),
]


@pytest.mark.parametrize(("field", "text", "name"), SOLD_HERE)
def test_what_is_sold_here_is_known_by_its_own_words(field: str, text: str, name: str) -> None:
    assert max((rule.says.get(name, 0) for rule in matching(field, text)), default=0) >= SOLID
    assert {other for rule in matching(field, text) for other, weight in rule.says.items() if weight >= DIRECT} <= {name}


# Texts that look like what a rule is after and are not.
STRANGERS = [
    ("name", "mayin-tang2", "windows_pc"),
    ("name", "Gateway-PC", "iot"),
    ("name", "echo", "speaker"),
    ("name", "administrator", "server"),
    ("name", "PCI-DSS", "windows_pc"),
    ("name", "CS-CANBO-01", "camera"),
    ("name", "KX-TG1311", "camera"),
    ("name", "wifi-6160", "scanner"),
    ("name", "apc-phong-1", "iot"),
    ("name", "PC-JETSON2", "single_board_computer"),
    ("name", "mdvr1234", "camera"),
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
