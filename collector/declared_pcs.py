"""The declared lists about PCs: who reports, which peripherals may be used, which certificates hold no more, and the days nobody works.

All raise ConfigError. Holidays come with the product (holidays.csv beside this module) and are replaced by a file of that name in the declared folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

from collector import cells, csvtable, portalcells
from collector.csvtable import Row
from collector.refusal import nearest, refused
from model.declared import Enrolled, PcUse, Revoked, UsbRule
from model.text import Text
from model.times import DAY, day_of

ENROLLED, USB, REVOKED, HOLIDAYS = "enrolled.csv", "usb.csv", "revoked.csv", "holidays.csv"

_PC = ("máy", "mã máy", "mã")
_OWNER = ("người phụ trách", "người chịu trách nhiệm")
COLUMNS: dict[str, dict[str, Sequence[str]]] = {
    ENROLLED: {
        "id": _PC,
        "name": ("tên", "tên máy"),
        "use": ("dùng để", "mục đích", "loại sử dụng"),
        "people": ("số người", "số người dùng"),
        "owner": (*_OWNER, "người dùng", "người sử dụng"),
        "admins_until": ("quản trị đến", "được dùng quyền quản trị đến", "quyền quản trị đến ngày"),
        "why": ("lý do",),
        "since": ("từ ngày",),
        # What an office keeps beside that: taken without a word, and read by nobody.
        "note": ("ghi chú",),
        "number": ("stt", "tt", "số thứ tự"),
    },
    USB: {
        "usb": ("mã usb", "mã thiết bị", "vid:pid"),
        "name": ("tên", "tên thiết bị"),
        "owner": _OWNER,
        "until": ("hết hạn", "đến ngày"),
        "serial": ("mã số máy", "dấu số seri"),
        "interfaces": ("giao diện",),
        "pc": _PC,
        # What the draft says for the person who goes through it: taken without a word, and read by nobody.
        "note": ("ghi chú",),
    },
    REVOKED: {
        "id": _PC,
        "serial": ("số chứng thư", "số seri chứng thư"),
        "day": ("ngày", "ngày thu hồi"),
        "by": ("người thu hồi", "ai"),
        "why": ("lý do",),
    },
    HOLIDAYS: {"day": ("ngày", "từ ngày"), "until": ("đến ngày", "đến hết ngày"), "name": ("tên", "dịp"), "source": ("nguồn", "căn cứ"), "note": ("ghi chú",)},
}
NEEDED = {
    ENROLLED: ("id",),
    USB: ("usb", "name", "owner", "until"),
    REVOKED: ("id", "day", "by", "why"),
    HOLIDAYS: ("day", "name"),
}

_USES: dict[str, PcUse] = {
    "": "office",
    **{use: use for use in get_args(PcUse)},
    **dict.fromkeys(("văn phòng", "làm việc", "phòng làm việc"), "office"),
    **dict.fromkeys(("quầy", "tiếp nhận", "một cửa", "quầy tiếp nhận"), "counter"),
    **dict.fromkeys(("tra cứu", "người dân", "công dân", "kiosk tra cứu", "ki ốt"), "kiosk"),
    **dict.fromkeys(("quản trị", "it", "công nghệ thông tin", "tin học"), "admin"),
    **dict.fromkeys(("máy chủ",), "server"),
}
# A year of one cell would silence every rule that counts working days.
_LONGEST_HOLIDAY = 31

_A_USE = Text(
    "một trong: office (văn phòng), counter (quầy), kiosk (tra cứu), admin (quản trị), server (máy chủ)", "one of: office, counter, kiosk, admin, server"
)
_PEOPLE = Text("số người dùng chung, từ 1 đến 99", "how many people share it, from 1 to 99")
_AN_OWNER = Text("tên người chịu trách nhiệm, vì cột admins_until có ngày", "who answers for it, since the column admins_until has a day")
_A_REASON = Text("lý do, vì cột admins_until có ngày", "the reason, since the column admins_until has a day")
_A_USB = Text("mã như 0781:5581, hoặc 0781:* cho mọi thiết bị của hãng", "a code such as 0781:5581, or 0781:* for all of one maker")
_A_MARK = Text(
    "dấu 16 ký tự do `vonggac endpoints usb propose` in ra, không phải số seri ghi trên thiết bị, hoặc để trống",
    "the mark of 16 characters that `vonggac endpoints usb propose` prints, not the number on the device, or empty",
)
_INTERFACES = Text("các giao diện như 08:06:50 hoặc 08:*:*, cách nhau bằng dấu cách", "interfaces such as 08:06:50 or 08:*:*, with blanks between them")
_A_SERIAL = Text("số của chứng thư, viết hệ 16, hoặc để trống là mọi chứng thư của máy", "the certificate's number in hex, or empty for all of the PC's")
_A_DAY = Text("ngày như 29/06/2025, không được để trống", "a day such as 29/06/2025, it must not be empty")
_A_SPAN = Text(f"ngày cuối của kỳ nghỉ, không quá {_LONGEST_HOLIDAY} ngày", f"the last day of the holiday, at most {_LONGEST_HOLIDAY} days")


def enrolled(rows: Sequence[Row] | None) -> tuple[Enrolled, ...] | None:
    """The PCs that report; no code stands in two lines."""
    if rows is None:
        return None
    lines: dict[str, int] = {}
    for row in rows:
        code = _code(row).lower()
        if code in lines:
            name, both = row.text("id"), (lines[code], row.line)
            raise refused(
                row.file, Text(f'máy "{name}" có ở cả dòng {both[0]} và dòng {both[1]}', f'the PC "{name}" is in line {both[0]} and in line {both[1]}')
            )
        lines[code] = row.line
    return tuple(map(_pc, rows))


def _pc(row: Row) -> Enrolled:
    admins = portalcells.last_day(row, 0, "admins_until")
    if admins and not row.text("owner"):
        raise row.wrong("owner", _AN_OWNER)
    if admins and not row.text("why"):
        raise row.wrong("why", _A_REASON)
    use = " ".join(row.text("use").lower().split())
    if use not in _USES:
        raise row.wrong("use", _A_USE)
    return Enrolled(
        id=_code(row),
        name=row.text("name"),
        use=_USES[use],
        people=_people(row),
        owner=row.text("owner"),
        admins=admins,
        why=row.text("why"),
        since=portalcells.first_day(row),
    )


def _code(row: Row) -> str:
    """The name in the certificate, a host name, or a hardware address in whatever spelling."""
    given = cells.filled(row, "id")
    return (cells.normal_mac(given) if re.search("[:.-]", given) else "") or given


def _people(row: Row) -> int:
    given = row.text("people") or "1"
    if not re.fullmatch(r"[1-9][0-9]?", given, re.ASCII):
        raise row.wrong("people", _PEOPLE)
    return int(given)


def usb(rows: Sequence[Row] | None, pcs: Sequence[Enrolled] | None) -> tuple[UsbRule, ...] | None:
    """The peripherals that may be used, each with who answers for it and its last day; `pcs` are the codes a line may name."""
    return None if rows is None else tuple(_usb(row, pcs) for row in rows)


def _usb(row: Row, pcs: Sequence[Enrolled] | None) -> UsbRule:
    return UsbRule(
        usb=_matched(row, "usb", r"(?:vid_)?([0-9a-f]{4})[:/&_-]+(?:pid_)?([0-9a-f]{4}|\*)", _A_USB, ":".join),
        name=cells.filled(row, "name"),
        owner=cells.filled(row, "owner"),
        until=portalcells.last_day(row, 0) or _missing(row, "until"),
        serial=_matched(row, "serial", r"([0-9a-f]{16})", _A_MARK, "".join) if row.text("serial") else "",
        interfaces=tuple(sorted({_interface(row, word) for word in re.split(r"[\s;,|]+", row.text("interfaces")) if word})),
        pc=_of_pc(row, pcs),
    )


def _interface(row: Row, word: str) -> str:
    found = re.fullmatch(r"([0-9a-f]{1,2}):([0-9a-f]{1,2}|\*):([0-9a-f]{1,2}|\*)", word.lower())
    if found is None:
        raise row.wrong("interfaces", _INTERFACES)
    # A spreadsheet takes 08:06:50 for a time of the day and drops the first zero.
    return ":".join(part if part == "*" else part.zfill(2) for part in found.groups())


def _of_pc(row: Row, pcs: Sequence[Enrolled] | None) -> str:
    given = row.text("pc")
    known = {pc.id.lower(): pc.id for pc in pcs or ()}
    if given and pcs is not None and given.lower() not in known:
        meant = nearest(given, known)
        hint, hint_en = (f" (gần nhất: {meant})", f" (the nearest: {meant})") if meant else ("", "")
        raise row.wrong("pc", Text(f"mã một máy trong enrolled.csv, hoặc để trống{hint}", f"the code of a PC of enrolled.csv, or empty{hint_en}"))
    return known.get(given.lower(), given)


def revoked(rows: Sequence[Row] | None) -> tuple[Revoked, ...]:
    """The certificates that hold no more; a missing list revokes nobody."""
    return tuple(
        Revoked(
            id=cells.filled(row, "id"),
            serial=_matched(row, "serial", r"(?:0x)?0*([0-9a-f]{1,40})", _A_SERIAL, "".join, drop=r"[: .-]") if row.text("serial") else "",
            day=portalcells.first_day(row, "day") or _missing(row, "day"),
            by=cells.filled(row, "by"),
            why=cells.filled(row, "why"),
        )
        for row in rows or ()
    )


def holidays(folder: Path) -> tuple[int, ...]:
    """The numbers of the days nobody works: of the folder's own file, else of that which comes with the product."""
    own = folder / HOLIDAYS
    rows = csvtable.read(own if own.exists() else Path(__file__).with_name(HOLIDAYS), COLUMNS[HOLIDAYS], NEEDED[HOLIDAYS]) or ()
    return tuple(sorted({day for row in rows for day in _days(row)}))


def _days(row: Row) -> range:
    first = portalcells.first_day(row, "day") or _missing(row, "day")
    cells.filled(row, "name")
    end = portalcells.last_day(row, first) or first + DAY
    if end - first > _LONGEST_HOLIDAY * DAY:
        raise row.wrong("until", _A_SPAN)
    return range(day_of(first), day_of(end))


def _matched(row: Row, column: str, form: str, wanted: Text, join: Callable[[tuple[str, ...]], str], drop: str = r"\s") -> str:
    found = re.fullmatch(form, re.sub(drop, "", row.text(column).lower()))
    if found is None:
        raise row.wrong(column, wanted)
    return join(found.groups())


def _missing(row: Row, column: str) -> int:
    raise row.wrong(column, _A_DAY)
