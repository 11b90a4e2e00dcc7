"""Finding 8: Windows or Office not activated, or by a tool or server of pirates. "No trace" is never "licensed": some piracy leaves none."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import ClassVar

from model.detector import About, Closing
from model.posture.judging import OF_SCRIPT, Case, Pc, Read, Wrong, conclude, read
from model.posture.rule import PcRule
from model.posture.told import KmsSetting, PiracyTraces, WindowsLicence
from model.remote.piracy import ROWS
from model.site import SiteView
from model.text import Text
from model.verdict import Evidence, Grade, Severity, Verdict
from model.wire.activation import sought
from model.wording import licence as words
from model.wording import pc_common

_LICENSED = 1
# What a real KMS server gives, in minutes: 180 days.
_KMS_TERM = 180 * 24 * 60
# Of blocked update hosts VG-END-06 speaks.
_NOT_PIRACY = "hosts_updates"
# Lines of the hosts file and tasks by their names are also made by tools that only tidy up.
_WEAK = frozenset({"hosts_blocked", "autokms_task"})
_EXAMPLES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlicensed(PcRule):
    """VG-END-05."""

    only_windows: ClassVar[bool] = True
    about: ClassVar[About] = About(
        id="VG-END-05",
        findings=(8,),
        title=words.TITLE,
        kinds=("asset",),
        needs=("endpoint", "declared"),
        closing=Closing(rule=pc_common.CLOSING),
        attack=("M1033",),
    )

    def judge_pc(self, view: SiteView, pc: Pc) -> Verdict:
        """Traces of tools, the activation server that is set, and what Windows says of itself."""
        licence, setting, traces = read(view, pc, WindowsLicence, fresh=OF_SCRIPT), read(view, pc, KmsSetting), read(view, pc, PiracyTraces)
        wrongs = [*_traces(traces), *_servers(view, setting, licence), *_status(licence)]
        case = Case(wrongs, [licence, setting, traces], words.GOOD, _doubts(view, setting, licence), Grade.LIKELY, _heard(view, pc))
        return conclude(self, view, pc, case)


def _traces(traces: Read[PiracyTraces]) -> list[Wrong]:
    found = sorted(set(traces.told.found) - {_NOT_PIRACY}) if traces.told else []
    if not found:
        return []
    sure = [each for each in found if each not in _WEAK]
    severity, grade, title = (Severity.HIGH, Grade.CONFIRMED, words.PIRACY) if sure else (Severity.MEDIUM, Grade.LIKELY, None)
    seen = (Evidence("product", "traces " + " ".join(each[:40] for each in found[:8]), traces.at),)
    return [Wrong("traces", words.traces([*sure, *(set(found) & _WEAK)]), traces, ",".join(found), severity, grade, words.REMOVE, title, seen)]


def _servers(view: SiteView, setting: Read[KmsSetting], licence: Read[WindowsLicence]) -> list[Wrong]:
    wrongs = [wrong for by, server in _set(setting, licence) if (wrong := _server(view, by, server)) is not None]
    if setting.told is not None and setting.told.no_ticket:
        wrongs.append(Wrong("no_ticket", words.NO_TICKET, setting, grade=Grade.LIKELY, remedy=words.REMOVE))
    told = licence.told
    if told is not None and told.left is not None and "GVLK" in told.windows_channel and told.left > _KMS_TERM:
        wrongs.append(Wrong("term", words.TOO_LONG, licence, "too_long", Severity.HIGH, Grade.LIKELY, words.REMOVE, words.PIRACY))
    return wrongs


def _set(setting: Read[KmsSetting], licence: Read[WindowsLicence]) -> list[tuple[Read[KmsSetting] | Read[WindowsLicence], str]]:
    """The servers that the PC names, each once; the registry first, which is read daily."""
    named: dict[str, Read[KmsSetting] | Read[WindowsLicence]] = {}
    for server in (setting.told.windows, setting.told.office) if setting.told else ():
        named.setdefault(server.strip().lower(), setting)
    if licence.told is not None:
        named.setdefault(licence.told.server.strip().lower(), licence)
    return [(by, server) for server, by in named.items() if server]


def _server(view: SiteView, by: Read[KmsSetting] | Read[WindowsLicence], server: str) -> Wrong | None:
    """What is wrong with an activation server; None: declared, or inside where nothing is declared (a doubt)."""
    if _is_loopback(server):
        return Wrong("server", words.LOOPBACK, by, "loopback", Severity.HIGH, remedy=words.REMOVE, title=words.PIRACY)
    if listed := next((row.id for row in ROWS for name in row.names if server == name or server.endswith("." + name)), ""):
        return Wrong("server", words.pirate(listed), by, listed, Severity.HIGH, remedy=words.REMOVE, title=words.PIRACY)
    if _is_declared(view, server) or (view.declared.kms_servers is None and not _is_public(server)):
        return None
    return Wrong("server", words.undeclared(server), by, server[:60], remedy=words.DECLARE)


def _status(licence: Read[WindowsLicence]) -> list[Wrong]:
    if licence.told is None:
        return []
    states = (("windows", licence.told.windows, words.WINDOWS), ("office", licence.told.office, words.OFFICE))
    return [Wrong(what, said, licence, str(state), remedy=words.ACTIVATE) for what, state, said in states if state is not None and state != _LICENSED]


def _doubts(view: SiteView, setting: Read[KmsSetting], licence: Read[WindowsLicence]) -> list[Text]:
    doubts = []
    if licence.told is not None and licence.told.windows is None:
        doubts.append(words.WINDOWS_UNREAD)
    if view.declared.kms_servers is None and any(_server(view, by, server) is None for by, server in _set(setting, licence)):
        doubts.append(words.NOT_DECLARED)
    return doubts


def _heard(view: SiteView, pc: Pc) -> tuple[Evidence, ...]:
    """What the wire says of the same PC (VG-NET-10 judges it)."""
    row = view.wire.activation.get(pc.asset.id)
    parts = ((each, " ".join(part for part in (each.via, each.listed, each.ip) if part)) for each in (sought(row) if row else ())[:_EXAMPLES])
    return tuple(Evidence("product", f"kms heard on the wire: {said}", each.seen.last) for each, said in parts)


def _is_loopback(server: str) -> bool:
    address = _address(server)
    return server == "localhost" or (address is not None and (address.is_loopback or address.is_unspecified))


def _is_public(server: str) -> bool:
    """An address on the Internet. A name tells nothing of where it leads."""
    address = _address(server)
    return address is not None and address.is_global


def _is_declared(view: SiteView, server: str) -> bool:
    return any(server in (known.ip, known.name) for known in view.declared.kms_servers or ())


def _address(server: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(server)
    except ValueError:
        return None
