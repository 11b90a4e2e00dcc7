"""Licences, and the traces of getting round them."""

from __future__ import annotations

import re
from typing import Final

from collector.decode.posture.cells import Desk, Row, counted
from collector.decode.posture.people import written
from model.posture.told import KmsSetting, Office, PiracyTraces, WindowsLicence

_SERVER: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,78}[A-Za-z0-9])?")
_CHANNEL: Final = re.compile(r"(?:Retail|OEM|Volume|TIMEBASED_EVAL|Subscription|GVLK|MAK)(?:[:_][A-Za-z0-9_]{1,20})*", re.IGNORECASE)
_TRACES: Final = frozenset({
    "sppc_hook", "kmsauto", "autokms", "autokms_task", "kmspico", "spp_hook", "kms_emulator", "heu_kms", "spp_debugger", "hosts_blocked", "hosts_updates",
})  # fmt: skip
_STATUS: Final = 6
_EDITION: Final = "ProPlus|Professional|Standard|Home|Personal|Office|Word|Excel|PowerPoint|Outlook|Access"
_YEAR: Final = re.compile(rf"(?i)(?:{_EDITION})[a-z ,]*(20(?:07|10|13|16|19|21|24))")


def licence(rows: list[Row], desk: Desk) -> WindowsLicence | None:
    """What the script read; its own time is the answer's."""
    desk.written = written(rows)
    row = next(iter(rows), None)
    if row is None or desk.written is None:
        return None
    return WindowsLicence(
        windows=row.number("windows", _STATUS), windows_channel=row.text("windows_channel", _CHANNEL),
        office=row.number("office", _STATUS), office_channel=row.text("office_channel", _CHANNEL),
        server=row.text("server", _SERVER).lower(), left=row.number("left"),
    )  # fmt: skip


def kms_setting(rows: list[Row], _desk: Desk) -> KmsSetting | None:
    """Names of servers as they are set; the key of Windows' licence service is always there."""
    row = next((row for row in rows if row.number("looked")), None)
    if row is None:
        return None
    return KmsSetting(windows=row.text("windows", _SERVER).lower(), office=row.text("office", _SERVER).lower(), no_ticket=bool(row.flag("no_ticket")))


def piracy_traces(rows: list[Row], _desk: Desk) -> PiracyTraces | None:
    """Ids of the fixed list; a trace that is found counts whatever else could be looked at."""
    found, looked = counted(rows, "trace")
    traces = {row.raw("trace") for row in found} & _TRACES
    return PiracyTraces(found=tuple(sorted(traces))) if looked or traces else None


def office(rows: list[Row], _desk: Desk) -> Office | None:
    """Versions by Click-to-Run's ids (`ProPlus2019Retail,O365ProPlusRetail`) or by names of programs (`Microsoft Office Professional Plus 2016`)."""
    looked = max((row.number("looked") or 0 for row in rows), default=0)
    if not looked:
        return None
    return Office(versions=tuple(sorted({version for row in rows for version in _versions(row)})))


def _versions(row: Row) -> set[str]:
    found = set()
    for part in (*row.raw("release").split(","), row.raw("name")):
        year = _YEAR.search(part)
        if "365" in part:
            found.add("office-365")
        elif year is not None:
            # Volume editions of 2024 and 2021 are the long-term ones; before, both kinds ended on one day.
            found.add(f"office-{year[1]}" + ("-ltsc" if year[1] == "2024" and ("volume" in part.lower() or "ltsc" in part.lower()) else ""))
        elif part.lower().endswith("retail") or part.lower().endswith("volume"):
            found.add("office-2016")
    return found
