"""What an inspector saw himself, as a table of a spreadsheet: validated as a whole, one sentence for the first line that cannot be used."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Final

from collector import cells, csvtable
from collector.csvtable import Row
from collector.refusal import refused
from model.inspection.document import Manual
from model.inspection.matters import BY_HAND, MATTERS
from model.text import Text, shown
from model.times import day_of
from model.verdict import Outcome

_COLUMNS: Final = {
    "matter": ("mục", "nội dung số"),
    "what": ("nội dung", "việc", "đã kiểm tra"),
    "subject": ("đối tượng",),
    "result": ("kết quả",),
    "note": ("ghi chú",),
    "inspector": ("người kiểm tra",),
    "day": ("ngày", "ngày kiểm tra", "date"),
    "site": ("điểm", "mã điểm"),
}
_NEEDED: Final = ("result", "inspector", "day")
_RESULTS: Final = {
    **{outcome.value: outcome for outcome in Outcome},
    "vi phạm": Outcome.VIOLATION,
    "đạt": Outcome.CLEAR,
    "chưa rõ": Outcome.UNKNOWN,
    "không áp dụng": Outcome.NOT_APPLICABLE,
    "not applicable": Outcome.NOT_APPLICABLE,
}
_HANDS: Final = {hand.code: hand for hand in BY_HAND}
_LONGEST: Final = 2_000

_A_MATTER: Final = Text(
    f"số từ 1 đến {len(MATTERS)}, hoặc {', '.join(_HANDS)} (mục kiểm tra bằng tay), hoặc để trống",
    f"a number from 1 to {len(MATTERS)}, or {', '.join(_HANDS)} (a row checked by hand), or empty",
)
_A_RESULT: Final = Text("một trong: vi phạm, đạt, chưa rõ, không áp dụng", "one of: violation, clear, unknown, not applicable")
_A_DAY: Final = Text("ngày đã qua như 22/11/2026 hoặc 2026-11-22", "a day that was, such as 22/11/2026 or 2026-11-22")
_SAID: Final = Text("điều đã thấy, vì kết quả là vi phạm", "what was seen, since the result is a violation")
_NAMED: Final = Text("điều đã kiểm tra, vì cột matter để trống", "what was checked, since the column matter is empty")
_SHORTER: Final = Text(f"không quá {_LONGEST} ký tự", f"at most {_LONGEST} characters")


def read(path: Path, now: int) -> tuple[Manual, ...]:
    """The lines of the table in their order; `now` in ns, no line may be of a later day. Raises ConfigError."""
    rows = csvtable.read(path, _COLUMNS, _NEEDED)
    if rows is None:
        raise refused(shown(str(path), 200), Text("không có tệp này", "there is no such file"))
    return tuple(_manual(row, now) for row in rows)


def _manual(row: Row, now: int) -> Manual:
    matter, note, result = _matter(row), _text(row, "note"), _result(row)
    if result is Outcome.VIOLATION and not note:
        raise row.wrong("note", _SAID)
    return Manual(
        matter=matter,
        what=_what(row, matter),
        subject=_text(row, "subject"),
        result=result,
        note=note,
        inspector=cells.filled(row, "inspector"),
        day=_day(row, now),
        site=row.text("site"),
    )


def _text(row: Row, column: str) -> str:
    if len(row.cells.get(column, "")) > _LONGEST:
        raise row.wrong(column, _SHORTER)
    return row.text(column)


def _matter(row: Row) -> str:
    given = row.text("matter").upper()
    known = given in _HANDS or (given.isascii() and given.isdigit() and len(given) < 9 and 1 <= int(given) <= len(MATTERS))
    if given and not known:
        raise row.wrong("matter", _A_MATTER)
    return str(int(given)) if given.isdigit() else given


def _what(row: Row, matter: str) -> str:
    """What was checked; the title of its matter where nobody wrote more."""
    written = _text(row, "what")
    if not written and not matter:
        raise row.wrong("what", _NAMED)
    if written:
        return written
    return (_HANDS[matter].title if matter in _HANDS else MATTERS[int(matter) - 1].title).vi


def _result(row: Row) -> Outcome:
    found = _RESULTS.get(" ".join(row.text("result").lower().split()))
    if found is None:
        raise row.wrong("result", _A_RESULT)
    return found


def _day(row: Row, now: int) -> str:
    given = row.cells.get("day", "")
    turned = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", given)
    try:
        day = date(int(turned[3]), int(turned[2]), int(turned[1])) if turned else date.fromisoformat(given)
    except ValueError:
        raise row.wrong("day", _A_DAY) from None
    if (day - date(1970, 1, 1)).days > day_of(now):
        raise row.wrong("day", _A_DAY)
    return day.isoformat()
