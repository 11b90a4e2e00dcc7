"""The classes, what a sign is, what a rule says of it, and the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Literal

import msgspec

from model.verdict import Evidence, EvidenceKind, Grade

UNKNOWN = "unknown"

DeviceClass = Literal[
    "windows_pc", "mac", "linux_pc", "phone_android", "phone_iphone", "tablet", "printer", "scanner", "camera", "screen", "speaker", "projector",
    "router", "access_point", "switch", "nas", "server", "voip_phone", "console", "single_board_computer", "kvm", "iot",
]  # fmt: skip

# Where a sign comes from. Signs of one source are written by one program of the device and count once, by the strongest.
Source = Literal["vendor", "address", "dhcp", "name", "mdns", "ssdp", "wsd", "netbios", "lldp", "groups", "role", "pjlink", "ttl"]

# One hint or two prove nothing; a maker of one kind of device, an operating system's own habit, and a device's own words about itself do.
HINT = 1
WEAK = 2
SOLID = 3
STRONG = 4
DIRECT = 8

# In `says`: whatever else the device may be, this sign is no argument against it.
ANY = "*"


class Classification(msgspec.Struct, frozen=True, kw_only=True):
    """What kind of device an asset is thought to be, how sure, and why. Not known is `unknown`, without a grade.

    `kind` says more where the class is wide (iot: plug, light, scale ...), empty if not told. `evidence` holds the signs for the class and,
    marked with ≠, those against it; when signs disagree, all of them.
    """

    name: str = UNKNOWN
    grade: Grade | None = None
    evidence: tuple[Evidence, ...] = ()
    kind: str = ""


class Sign(msgspec.Struct, frozen=True):
    """Something an asset was heard to say: `field` as rules name it, the text, under which kind it is shown, and when it was last heard, ns."""

    field: str
    text: str
    kind: EvidenceKind
    at: int


class Rule(msgspec.Struct, frozen=True, dict=True, kw_only=True):
    """What a sign means: `says` maps classes to weights; 0: possible, no argument for it; a class that is missing is argued against.

    `field` is one of `FIELDS`; `pattern` is searched in the sign's text without regard to case; `means` in a few words; `source` where that is
    known from; `example` a text of the field that must match, taken from a device.
    """

    field: str
    pattern: str
    says: Mapping[str, int]
    means: str
    source: str
    example: str
    kind: str = ""

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, compiled at first use."""
        return re.compile(self.pattern, re.IGNORECASE)

    @property
    def weight(self) -> int:
        """How much this rule weighs, for and against."""
        return max(self.says.values())

    def fits(self, device_class: str) -> bool:
        """Whether the sign leaves room for this class."""
        return device_class in self.says or ANY in self.says


class Signal(msgspec.Struct, frozen=True):
    """A sign and the rule that it met."""

    sign: Sign
    rule: Rule

    @property
    def source(self) -> Source:
        """Whose word it is."""
        return FIELDS[self.rule.field]

    def weighs(self, device_class: str) -> int:
        """The weight for this class, 0 if none."""
        return self.rule.says.get(device_class, 0)


FIELDS: Mapping[str, Source] = {
    "vendor": "vendor",
    "address": "address",  # U/L=1, where no maker gave the MAC
    "dhcp.class": "dhcp",  # option 60
    "dhcp.list": "dhcp",  # option 55, numbers with commas
    "ttl": "ttl",  # of the client's own DHCP frames, which no router passed
    "dhcp.id": "dhcp",  # option 61, where it is text
    "dhcp6.class": "dhcp",  # option 16: enterprise number, text
    "name": "name",  # a host name or an instance's friendly name
    "mdns.type": "mdns",
    "mdns.text": "mdns",  # type key=value
    "mdns.ask": "mdns",
    "ssdp.type": "ssdp",
    "ssdp.server": "ssdp",
    "ssdp.place": "ssdp",  # path of the description
    "ssdp.header": "ssdp",  # name: value
    "ssdp.ask": "ssdp",
    "wsd.type": "wsd",
    "wsd.scope": "wsd",
    "netbios.name": "netbios",  # NAME<20>, groups with *
    "netbios.speaks": "netbios",  # nbns or llmnr
    "browser": "netbios",  # types=hex version=6.1 comment
    "lldp.able": "lldp",  # capabilities, sorted, with commas
    "lldp.text": "lldp",  # model and description
    "group": "groups",
    "role": "role",  # DHCP, with router=self or giaddr=self, and RA
    "pjlink": "pjlink",
}

# How an evidence line names the place of a text that does not say it itself.
LABELS: Mapping[str, str] = {
    "dhcp.class": "60=",
    "dhcp.list": "55=",
    "dhcp.id": "61=",
    "dhcp6.class": "DHCPv6 16=",
    "browser": "BROWSER ",
    "ssdp.place": "LOCATION ",
    "ssdp.server": "SERVER ",
}
