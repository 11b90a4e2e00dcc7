"""What a DHCP client's vendor class (option 60) and parameter list (option 55) say of its operating system.

The lists are the defaults of public source code and of what systems are widely known to send; no fingerprint collection was copied.
A list is written by the DHCP client alone, so a virtual machine, a second system on the same PC or a spoofed MAC does not change it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model.classes.kinds import ANY, HINT, SOLID, STRONG, WEAK, Rule

_PC = {"windows_pc": HINT, "linux_pc": HINT, "server": HINT}
# Systems built on busybox: anything small that runs Linux.
_SMALL_LINUX: Mapping[str, int] = {
    "router": HINT, "access_point": HINT, "camera": HINT, "iot": HINT, "screen": HINT, "nas": 0, "printer": 0, "speaker": 0, "voip_phone": 0, "switch": 0,
    "single_board_computer": 0, "kvm": 0, "server": 0, "linux_pc": 0, "projector": 0, "console": 0, "scanner": 0,
}  # fmt: skip
# Systems without an operating system to speak of: no PC and no phone.
_MICROCONTROLLER: Mapping[str, int] = {
    "iot": WEAK, "camera": 0, "printer": 0, "voip_phone": 0, "switch": 0, "speaker": 0, "projector": 0, "kvm": 0, "scanner": 0, "access_point": 0,
}  # fmt: skip
_MODULE = {**_MICROCONTROLLER, "iot": STRONG}
_IPHONE = {"phone_iphone": STRONG, "tablet": SOLID, "screen": HINT, "speaker": HINT, "iot": 0}
_ANDROID = {"phone_android": STRONG, "tablet": SOLID, "screen": WEAK, "projector": 0, "voip_phone": 0, "iot": 0, "speaker": 0, "console": 0}
_WINDOWS = {"windows_pc": STRONG, "server": SOLID, "console": 0, "screen": 0, "kvm": 0}
_LINUX = {"linux_pc": STRONG, "server": WEAK, "single_board_computer": HINT, "nas": HINT, "router": HINT, "iot": 0, "screen": 0, "kvm": 0, "voip_phone": 0}
_MAC = {"mac": STRONG}

Row = tuple[str, Mapping[str, int], str, str, str]

_CLASSES: Sequence[Row] = (
    (r"^MSFT 5\.0 XBOX", {"console": STRONG}, "Xbox", "observed", "MSFT 5.0 XBOX"),
    (r"^MSFT (5\.0|98)(?! XBOX)", _WINDOWS, "Windows", "[MS-DHCPE] §2.2.1", "MSFT 5.0"),
    ("^android-dhcp|:android:", _ANDROID, "Android", "AOSP DhcpClient", "android-dhcp-13"),
    (r"^dhcpcd.*(BCM2[78]\d\d|Raspberry)", {**_LINUX, "linux_pc": 0, "server": 0, "single_board_computer": STRONG, "speaker": 0}, "dhcpcd, Raspberry Pi",
     "dhcpcd.conf vendorclassid", "dhcpcd-6.11.5:Linux-4.1.18-v7+:armv7l:BCM2709"),
    ("^dhcpcd.*(x86_64|i[3-6]86)", {**_LINUX, "phone_android": 0}, "dhcpcd, Linux PC", "dhcpcd.conf vendorclassid",
     "dhcpcd-9.4.1:Linux-6.1.0-13-amd64:x86_64:GenuineIntel"),
    (r"^dhcpcd.*:(arm|aarch64|mips)", {"single_board_computer": WEAK, "iot": HINT, "router": HINT, "screen": HINT, ANY: 0}, "dhcpcd, small Linux",
     "dhcpcd.conf vendorclassid", "dhcpcd-8.1.2:Linux-4.19.66:aarch64:Rockchip"),
    ("VD ?Linux", {"screen": STRONG}, "Samsung television", "Samsung names its system VDLinux", "udhcp 1.14.3-VD Linux VDLinux.1.2.1.x"),
    (r"^dhcpcd[- ](4|5\.[0-5])", {"phone_android": WEAK, "linux_pc": WEAK, "tablet": HINT, "screen": HINT, ANY: 0}, "dhcpcd, old Android or Linux",
     "AOSP external/dhcpcd until 6.0", "dhcpcd-5.5.6"),
    ("^(udhcpc?|busybox)", _SMALL_LINUX, "busybox", "busybox networking/udhcp", "udhcp 1.22.1"),
    ("^AAPLBSDPC", _MAC, "macOS", "Apple BSDP 1.0.8", "AAPLBSDPC/i386/MacBookPro8,1"),
    ("^(anaconda|d-i$|SUNW|NetworkManager|systemd)", _LINUX, "Linux or Solaris", "systems' installers", "anaconda-Linux 5.14.0 x86_64"),
    (r"^docsis\d", {"router": STRONG}, "cable modem", "DOCSIS CM-SP-MULPI", "docsis3.0"),
    ("^PXEClient", {**_PC, ANY: 0}, "PXE start", "PXE 2.1 §2.2.2", "PXEClient:Arch:00000:UNDI:002001"),
    ("^HTTPClient", {**_PC, ANY: 0}, "UEFI HTTP start", "UEFI 2.5 §23.7", "HTTPClient:Arch:00016:UNDI:003001"),
    ("^(ArubaAP|ArubaInstantAP|Ruckus CPE|Cisco AP|Aerohive|Meraki AP|MIST|ubnt$|Airespace|HPN? AP|RUIJIE AP|Cambium)",
     {"access_point": STRONG, "router": HINT, "switch": HINT, "camera": 0}, "access point", "makers' guides, option 43 set-up", "ArubaAP"),
    (r"^(Arista|Juniper-(ex|qfx)|ciscopnp|Cisco (Systems )?(Catalyst|C\d{4}|Nexus)|HPN? (Switch|J\d{4})|H3C\. S|TL-S[GF]|JetStream|Aruba (JL|R\w\w)|"
     r"EdgeSwitch|Ruijie S|ExtremeXOS|NETGEAR GS)", {"switch": STRONG, "router": HINT}, "switch", "makers' zero-touch guides",
     "Arista;DCS-7050QX-32;04.22.2;SSJ17123456"),
    (r"^(Juniper-(srx|mx)|Mikrotik|RouterOS|dslforum\.org|IGD|FortiGate|DrayTek|ZyXEL|HUAWEI (AR|HG)|H3C\. (MSR|ER))",
     {"router": STRONG, "access_point": HINT, "switch": 0}, "router", "BBF TR-069 and makers' guides", "dslforum.org"),
    ("^(FortiAP|FortiWLC)", {"access_point": STRONG}, "access point", "FortiAP guide", "FortiAP-FP221E"),
    (r"^(Grandstream|yealink|snom|Polycom|Poly VVX|Cisco Systems, Inc\. IP Phone|Cisco IP Phone|ccp\.avaya|Avaya|Mitel|ipphone\.mitel|Fanvil|Aastra|"
     r"Alcatel|Gigaset|LinksysSPA|Panasonic_KX|HTEK|digium)", {"voip_phone": STRONG, "camera": 0}, "telephone", "makers' provisioning guides", "yealink"),
    ("^(Hewlett-Packard (JetDirect|LaserJet|OfficeJet|DeskJet)|HP LaserJet|HP OfficeJet|HP Printer|EPSON|Canon|Brother|BRN|Xerox|FUJIFILM|FujiXerox|"
     "KYOCERA|Lexmark|RICOH|KONICA|OKI|SHARP MX|SINDOH|Mfg=|.*;?Typ=Printer|PANTUM|ZebraNet|TOSHIBA TEC)",
     {"printer": STRONG, "scanner": HINT, "projector": 0}, "printer", "makers' guides; Mfg=..;Typ=Printer is HP's form", "Hewlett-Packard JetDirect"),
    (r"^(LG Smart ?TV|LGE_|webOS|BRAVIA|Samsung.?TV|\[?TV\]?|Roku|AppleTV|Chromecast|MediaRoom|STB|Panasonic TV|HISENSE|VIZIO|Sky|NDS|.*IPTV)",
     {"screen": STRONG, "speaker": 0}, "television", "makers' guides", "LG Smart TV"),
    ("^(Axis|AXIS|Hikvision|Dahua|IPCAM|Network ?Camera|HIKVISION|VIVOTEK|FoscamClient|Bosch Network Camera|SAMSUNG.*CAM|ubnt_uvc|UVC)", {"camera": STRONG},
     "camera", "makers' guides", "AXIS,Network Camera,P1346,5.20"),
    ("^(Withings|Philips.?hue|Sonoff|tuya|Nest|ecobee|SmartThings|Fitbit|Lutron|Honeywell|espressif)", {"iot": STRONG, "camera": 0}, "device of the home",
     "makers' own names", "Withings00"),
    ("^(Sonos|Bose|HEOS|Denon)", {"speaker": STRONG}, "speaker", "makers' own names", "Sonos"),
    ("^(SynologyNAS|Synology|QNAP)", {"nas": STRONG, "router": HINT}, "network storage", "makers' own names", "SynologyNAS"),
    ("^(PS[345]|PLAYSTATION|XBOX|Nintendo)", {"console": STRONG}, "game console", "makers' own names", "PS4"),
    ("^(iDRAC|ILO|HP iLO|CPQRIB3|SUPERMICRO|Cisco UCS|XClarity)", {"server": STRONG}, "server management", "makers' guides", "iDRAC"),
)  # fmt: skip

_LISTS: Sequence[Row] = (
    ("^1,3,6,15,31,33,43,44,46,47,(119,)?121,249,252", _WINDOWS, "Windows 10, 11", "observed default of Windows 10 and 11",
     "1,3,6,15,31,33,43,44,46,47,119,121,249,252"),
    ("^1,15,3,6,44,46,47,31,33,((121|249|252),)*43", _WINDOWS, "Windows XP to 8", "observed default of Windows XP to 8",
     "1,15,3,6,44,46,47,31,33,121,249,43"),
    ("^1,(121,)?3,6,15,((108|114|119|162|95|252),)+44,46", _MAC, "macOS", "bootp IPConfiguration defaults of macOS", "1,121,3,6,15,108,114,119,252,95,44,46"),
    ("^(?=.*,119,)1,(121,)?3,6,15,((108|114|119|162|78|79),)+252(,78,79)?$", _IPHONE, "iOS", "bootp IPConfiguration defaults of iOS",
     "1,121,3,6,15,108,114,119,252"),
    ("^1,3,6,15,26,28,51,58,59(,43)?(,114)?(,108)?(,43)?$", _ANDROID, "Android", "AOSP DhcpClient.REQUESTED_PARAMS", "1,3,6,15,26,28,51,58,59,43,114,108"),
    ("^1,(33,|121,33,)3,6,15,(26,)?28,51,58,59$", {"phone_android": SOLID, "tablet": WEAK, "screen": HINT, "linux_pc": HINT, ANY: 0}, "Android to 5",
     "AOSP dhcpcd.conf", "1,121,33,3,6,15,28,51,58,59"),
    ("^1,3,6,15,112,113,78,79,95", _MAC, "Mac OS X to 10.5", "bootp IPConfiguration defaults of old Mac OS X", "1,3,6,15,112,113,78,79,95,252"),
    ("^1,3,6,12,15,(26,)?33,(42,)?119,(120,)?121", _LINUX, "systemd-networkd", "systemd sd-dhcp-client defaults, sorted", "1,3,6,12,15,26,33,42,119,121"),
    ("^1,28,2,(121,|3,)", _LINUX, "dhclient", "ISC dhclient.conf as Debian, Ubuntu and Red Hat ship it", "1,28,2,3,15,6,119,12,44,47,26,121,42"),
    ("^1,2,6,12,15,26,28,121,3,33,40,41,42,119,249,252,17", _LINUX, "NetworkManager", "NetworkManager internal client",
     "1,2,6,12,15,26,28,121,3,33,40,41,42,119,249,252,17"),
    ("^1,3,12,15,6,(26,)?(33,)?(121,|42,)", _LINUX, "systemd-networkd", "systemd sd-dhcp-client defaults", "1,3,12,15,6,33,121,42"),
    ("^1,121,33,3,6,12,15,(26,)?28,42,51,54,58,59(,100,101)?,119", {"linux_pc": WEAK, "single_board_computer": SOLID, "server": HINT, "router": 0, "iot": 0,
     "screen": 0, "speaker": 0, "kvm": 0, "phone_android": 0, "tablet": 0}, "dhcpcd", "dhcpcd.conf as Raspberry Pi OS ships it",
     "1,121,33,3,6,12,15,26,28,42,51,54,58,59,119"),
    ("^1,3,6,12,15,28,(40,41,)?42(,|$)", _SMALL_LINUX, "busybox", "busybox udhcpc defaults", "1,3,6,12,15,28,42"),
    ("^1,3,6,12,15,28$", _SMALL_LINUX, "busybox", "old busybox udhcpc defaults", "1,3,6,12,15,28"),
    ("^1,3,28,6$", _MICROCONTROLLER, "lwIP", "lwIP src/core/ipv4/dhcp.c", "1,3,28,6"),
    ("^1,3,28,6,15,44,46,47,31,33,121,43", _MODULE, "ESP8266, ESP32", "Espressif's lwIP options", "1,3,28,6,15,44,46,47,31,33,121,43"),
    ("^1,3,6,15,66,67,13,44$", {**_MICROCONTROLLER, "iot": WEAK}, "GainSpan module", "observed", "1,3,6,15,66,67,13,44"),
    ("^6,3,1,15,66,67,13,44,(2,42|12)", {"printer": STRONG}, "printer, HP", "observed default of HP JetDirect", "6,3,1,15,66,67,13,44,2,42,12,81,252"),
    ("^1,3,44,6,7,12,15,22,54,58,59,69,18,144$", {"printer": STRONG}, "printer, HP", "observed default of old HP JetDirect",
     "1,3,44,6,7,12,15,22,54,58,59,69,18,144"),
    ("^1,66,6,3,15,150,35$", {"voip_phone": STRONG}, "telephone, Cisco", "150 is Cisco's TFTP server list", "1,66,6,3,15,150,35"),
    ("(^|,)150(,|$)", {"voip_phone": HINT, "switch": HINT, "router": HINT, ANY: 0}, "asks for Cisco's TFTP servers", "RFC 5859", "1,3,6,15,150"),
    ("(^|,)(120|125)(,|$)", {"voip_phone": HINT, "router": HINT, ANY: 0}, "asks for SIP servers or a gateway's identity", "RFC 3361, BBF TR-111",
     "1,3,6,15,42,120"),
    ("(^|,)143(,|$)", {"switch": HINT, "router": HINT, "access_point": 0, "server": 0}, "asks for zero-touch provisioning", "RFC 8572",
     "26,1,28,3,15,6,7,12,143,121"),
)  # fmt: skip

_IDS: Sequence[Row] = (
    ("^cisco-[0-9a-f.]+-Vl", {"switch": STRONG, "router": HINT}, "Cisco IOS, VLAN interface", "Cisco IOS client identifier", "cisco-0013.7f58.4cc0-Vl1"),
    ("^cisco-[0-9a-f.]+-(Gi|Fa|Et|Te|Se|BV)", {"router": SOLID, "switch": HINT, "access_point": HINT}, "Cisco IOS", "Cisco IOS client identifier",
     "cisco-0013.7f58.4cc0-Fa0/0"),
)  # fmt: skip

_DHCP6: Sequence[Row] = (
    ("^311( |$)", _WINDOWS, "Windows", "IANA enterprise number 311", "311 MSFT 5.0"),
    ("^40712 dhcpcd", {ANY: 0, "linux_pc": HINT, "single_board_computer": HINT}, "dhcpcd", "IANA enterprise number 40712",
     "40712 dhcpcd-9.4.1:Linux-6.1.0:x86_64:GenuineIntel"),
    ("^30065( |$)", {"switch": STRONG, "router": HINT}, "switch, Arista", "IANA enterprise number 30065", "30065 Arista;DCS-7050"),
)  # fmt: skip

# The kernel's or the boot stack's own default, which the DHCP client cannot choose where it sends through a socket. Never an argument against.
_TTLS: Sequence[Row] = (
    ("^128$", {"windows_pc": HINT, "server": HINT, "linux_pc": HINT, ANY: 0}, "Windows, or ISC dhclient", "seen in all captures of both", "128"),
    ("^64$", {"phone_android": HINT, "single_board_computer": HINT, "router": HINT, "camera": HINT, "screen": HINT, "iot": HINT, ANY: 0},
     "Linux, Android, busybox", "net.ipv4.ip_default_ttl; seen in captures", "64"),
    ("^255$", {"mac": HINT, "phone_iphone": HINT, "tablet": HINT, "iot": HINT, ANY: 0}, "Apple's bootp, lwIP", "seen in captures of both", "255"),
)  # fmt: skip


def _made(field: str, rows: Sequence[Row]) -> list[Rule]:
    return [Rule(field=field, pattern=pattern, says=says, means=means, source=source, example=example) for pattern, says, means, source, example in rows]


RULES: Sequence[Rule] = (
    *_made("dhcp.class", _CLASSES),
    *_made("dhcp.list", _LISTS),
    *_made("dhcp.id", _IDS),
    *_made("ttl", _TTLS),
    *_made("dhcp6.class", _DHCP6),
)
