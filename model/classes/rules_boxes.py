"""What a box does on the wire: gives out addresses, advertises itself as router, names its abilities on the cable, speaks Windows' old protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model.classes.kinds import ANY, DIRECT, HINT, SOLID, STRONG, WEAK, Rule

_WINDOWS_TALK = {
    "windows_pc": WEAK, "server": HINT, "nas": HINT, "linux_pc": HINT, "printer": HINT, "mac": 0, "router": 0, "screen": 0, "camera": 0,
    "single_board_computer": 0, "phone_android": 0, "scanner": 0, "kvm": 0, "console": 0,
}  # fmt: skip

Row = tuple[str, str, Mapping[str, int], str, str, str]

_ROWS: Sequence[Row] = (
    ("address", "^U/L=1$", {"phone_android": HINT, "phone_iphone": HINT, "tablet": HINT, ANY: 0}, "address not given by a maker",
     "RFC 9724: phones, and virtual machines", "U/L=1"),
    # A PC that shares its line, a phone's hotspot: whatever it is made of, it is a router here.
    ("role", "^DHCP router=self$", {"router": STRONG, "server": HINT, ANY: 0}, "gives out addresses and itself as the way out", "RFC 2131",
     "DHCP router=self"),
    ("role", "^DHCP$", {"router": HINT, "server": WEAK, ANY: 0}, "gives out addresses", "RFC 2131", "DHCP"),
    ("role", "^DHCP giaddr=self$", {"router": STRONG, "switch": SOLID, ANY: 0}, "passes on address requests", "RFC 1542", "DHCP giaddr=self"),
    ("role", "^RA$", {"router": STRONG, "switch": HINT, ANY: 0}, "advertises itself as IPv6 router", "RFC 4861 §4.2", "RA"),
    ("pjlink", "", {"projector": DIRECT, "screen": STRONG}, "PJLink", "JBMIA PJLink class 2", "%2ACKN=8c:16:45:00:00:01"),
    # LLDP and CDP: the box's own words.
    ("lldp.able", "phone", {"voip_phone": DIRECT}, "telephone", "IEEE 802.1AB §8.5.8", "bridge,phone"),
    ("lldp.able", "^(?!.*phone).*wlan", {"access_point": DIRECT, "router": WEAK}, "access point", "IEEE 802.1AB §8.5.8", "bridge,wlan"),
    ("lldp.able", "^bridge(,other|,repeater)?$", {"switch": DIRECT, "access_point": WEAK, "router": 0, "voip_phone": 0, "server": 0, "camera": 0}, "bridge",
     "IEEE 802.1AB §8.5.8", "bridge"),
    ("lldp.able", "^bridge,(other,)?router$", {"switch": STRONG, "router": STRONG, "access_point": HINT}, "bridge and router", "IEEE 802.1AB §8.5.8",
     "bridge,router"),
    ("lldp.able", "^(other,)?router$", {"router": DIRECT, "switch": HINT}, "router", "IEEE 802.1AB §8.5.8", "router"),
    ("lldp.able", "^station$", {"windows_pc": HINT, "linux_pc": HINT, "server": HINT, "printer": HINT, "camera": HINT, "nas": HINT, ANY: 0}, "station",
     "IEEE 802.1AB §8.5.8", "station"),
    # NetBIOS and its browser.
    ("netbios.speaks", "^(nbns|llmnr)$", _WINDOWS_TALK, "speaks Windows' name protocols", "[MS-NBTE], [MS-LLMNRP]", "llmnr"),
    ("netbios.name", "<1c>", {"server": STRONG}, "domain controller", "[MS-NBTE] §1.8", "GOV<1c>*"),
    ("netbios.name", "<1b>", {"server": STRONG}, "domain master browser", "[MS-NBTE] §1.8", "GOV<1b>"),
    ("netbios.name", "<(00|20)>$", _WINDOWS_TALK, "NetBIOS name", "[MS-NBTE] §1.8", "PC-01<20>"),
    # SV_TYPE bits ([MS-BRWS] §2.2.5): 0x8 and 0x10 domain controllers, 0x200 print queue, 0x800 Unix, 0x8000 NT server, 0x1000 NT workstation.
    ("browser", r"types=\w{6}([13579bdf]\w|\w[89a-f])\b", {"server": STRONG, "windows_pc": 0, "linux_pc": HINT, "nas": HINT}, "domain controller",
     "[MS-BRWS] §2.2.5", "types=0084102b version=6.1"),
    ("browser", r"types=\w{5}[89a-f]\w\w\b",
     {"nas": SOLID, "linux_pc": SOLID, "server": SOLID, "printer": HINT, "mac": HINT, "router": 0, "single_board_computer": HINT}, "Samba",
     "[MS-BRWS] §2.2.5", "types=00019a03 version=4.9 Samba 4.9.5-Debian"),
    ("browser", r"types=\w{4}[89a-f][0-7][02468ace][0-7]\b", {"server": STRONG, "windows_pc": 0, "nas": HINT}, "Windows Server", "[MS-BRWS] §2.2.5",
     "types=00009003 version=6.3"),
    ("browser", r"types=\w{4}[1357][0-7][02468ace][0-7]\b", {"windows_pc": STRONG, "printer": HINT, "nas": HINT, "scanner": 0}, "Windows workstation",
     "[MS-BRWS] §2.2.5", "types=00011003 version=6.1"),
    # Groups that only one kind joins.
    ("group", r"^239\.255\.102\.18$", {"windows_pc": HINT, "mac": HINT, "linux_pc": HINT, ANY: 0}, "AnyDesk", "network §5.2", "239.255.102.18"),
    ("group", r"^(224\.0\.1\.(129|130|131|132)|ff02::6b)$", {"speaker": HINT, "screen": HINT, "switch": HINT, ANY: 0}, "clock of sound networks", "IEEE 1588",
     "224.0.1.129"),
    ("group", r"^(224\.0\.0\.(2|5|6|9|10|13|18|102)|ff02::(2|5|6|9|a|d|12))$", {"router": WEAK, "switch": HINT, ANY: 0}, "group of routers",
     "IANA multicast addresses", "224.0.0.2"),
    ("group", r"^224\.0\.1\.60$", {"printer": STRONG, "scanner": 0}, "HP device discovery", "IANA multicast addresses", "224.0.1.60"),
    ("group", r"^224\.0\.1\.75$", {"voip_phone": STRONG}, "SIP", "IANA multicast addresses: sip.mcast.net", "224.0.1.75"),
    ("group", r"^239\.255\.0\.1$|^ff05::1:3$", {ANY: 0, "server": HINT}, "service discovery", "IANA multicast addresses", "ff05::1:3"),
)  # fmt: skip

RULES: Sequence[Rule] = tuple(
    Rule(field=field, pattern=pattern, says=says, means=means, source=source, example=example) for field, pattern, says, means, source, example in _ROWS
)
