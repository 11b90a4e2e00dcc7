"""What the PC is: hardware, cards, disk, agent, programs, shares."""

from __future__ import annotations

import re
from typing import Final, get_args

from collector.decode.posture.cells import VERSION, WORD, Desk, Row, counted
from model.posture.told import Agent, AnyTold, Disks, Interfaces, Machine, Programs, Shares

_MIB: Final = 1 << 20
# 16 TiB of memory and 1 PiB of disk are more than any office PC has.
_MOST_MEMORY: Final = 16 << 20
_MOST_DISK: Final = 1 << 30
_MAC: Final = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}")
# An agent's list of denied queries holds other servers' names too.
_TOPICS: Final = frozenset(str(kind.__struct_config__.tag) for kind in get_args(AnyTold))
_MAX_CARDS: Final = 16
_MAX_NAMES: Final = 40
# Boards whose maker wrote no number of their own: the same on thousands of PCs.
_NO_BOARD: Final = re.compile(
    r"[0f-]*|.*(?:o\.e\.m|to be filled|default|system serial|none|not applicable|not specified).*|03000200-0400-0500-0006-000700080009"
)

# Cards that are no card of the PC, the same on many PCs. Sources: IEEE's registry for the owners, the makers' documentation of their drivers.
_VIRTUAL: Final = (
    "00:50:56:c0:00:",    # VMware host-only and NAT
    "00:15:5d:",          # Hyper-V
    "00:1c:42:00:00:",    # Parallels host
    "00:05:9a:3c:",       # Cisco AnyConnect
    "00:09:0f:fe:00:",    # Fortinet SSL VPN
    "00:09:0f:aa:00:",    # Fortinet
    "00:ff:",             # TAP-Windows (OpenVPN and others)
    "00:1e:10:1f:00:00",  # Huawei 4G sticks, all of them
    "0c:5b:8f:27:9a:64",  # Huawei HiLink sticks, all of them
    "00:a0:c6:00:00:00",  # Qualcomm modems without a number of their own
)  # fmt: skip


def machine(rows: list[Row], desk: Desk) -> Machine | None:
    """One row; without an operating system there is no answer."""
    row = next((row for row in rows if row.raw("product")), None)
    if row is None:
        return None
    platform = row.raw("platform").lower()
    return Machine(
        platform="windows" if platform == "windows" else "linux" if platform in {"linux", "ubuntu", "debian"} else "other",
        product=row.text("product"), edition=row.text("edition", WORD), build=row.number("build", 99_999) or 0, revision=row.number("revision", 99_999) or 0,
        arch=row.text("arch"), server="server" in f"{row.raw('installation')} {row.raw('product')}".lower(), installed=row.day("installed"),
        cpu=row.text("cpu"), cores=row.number("cores", 1_024) or 0, memory=(row.number("memory", _MOST_MEMORY) or 0) * _MIB,
        vendor=row.text("vendor"), model=row.text("model"), board=_board(row, desk),
    )  # fmt: skip


def _board(row: Row, desk: Desk) -> str:
    own = [cell for column in ("uuid", "serial") if not _NO_BOARD.fullmatch(cell := row.raw(column).lower())]
    return desk.mark("board:" + "|".join(own)) if own else ""


def interfaces(rows: list[Row], desk: Desk) -> Interfaces | None:
    """Cards of the PC's own, sorted."""
    found, looked = counted(rows, "mac")
    if not looked:
        return None
    macs = {mac for row in found if (mac := row.raw("mac").lower().replace("-", ":")) and _own(mac)}
    desk.dropped += max(0, len(macs) - _MAX_CARDS)
    return Interfaces(macs=tuple(sorted(macs)[:_MAX_CARDS]))


def _own(mac: str) -> bool:
    if not _MAC.fullmatch(mac) or mac.startswith(_VIRTUAL) or mac == "00:00:00:00:00:00":
        return False
    # Bit 0: a group; bit 1: given by software (Docker, VirtualBox, random Wi-Fi).
    return not int(mac[:2], 16) & 0x03


def disks(rows: list[Row], _desk: Desk) -> Disks | None:
    """The system disk. Bytes are whole MiB."""
    row = next((row for row in rows if row.number("size", _MOST_DISK)), None)
    if row is None:
        return None
    protected = row.number("encrypted", 2)
    # 2: BitLocker could not tell (a locked volume).
    encrypted = None if protected in {None, 2} else protected == 1
    return Disks(size=(row.number("size", _MOST_DISK) or 0) * _MIB, free=(row.number("free", _MOST_DISK) or 0) * _MIB, encrypted=encrypted)


def agent(rows: list[Row], _desk: Desk) -> Agent | None:
    """Osquery's version and the topics on its deny-list."""
    row = next((row for row in rows if row.raw("version")), None)
    if row is None:
        return None
    names = (name.strip() for name in row.raw("denied").split(","))
    return Agent(version=row.text("version", VERSION), denied=tuple(sorted({name for name in names if name in _TOPICS})))


def programs(rows: list[Row], _desk: Desk) -> Programs | None:
    """Names of programs that give no publisher."""
    total = next((row for row in rows if not row.raw("name")), None)
    if total is None or not total.number("installed"):
        return None
    names = dict.fromkeys(name for row in rows[: 4 * _MAX_NAMES] if row.raw("name") and (name := row.text("name")))
    return Programs(installed=total.number("installed") or 0, unknown=total.number("unknown") or 0, names=tuple(sorted(names)[:_MAX_NAMES]))


def shares(rows: list[Row], _desk: Desk) -> Shares | None:
    """Shared folders and SMB 1: a feature's state 1 is on, a registry value 1 too."""
    row = next((row for row in rows if row.number("looked")), None)
    if row is None:
        return None
    feature, setting = row.number("smb1"), row.number("smb1_setting")
    smb1 = None if feature is None and setting is None else feature == 1 or setting == 1
    return Shares(count=row.number("count") or 0, smb1=smb1)
