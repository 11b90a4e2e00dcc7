"""What a province declares: its sites, which box may write for which of them and with which key, and the days nobody works.

A folder with province.toml, sites.csv, boxes.csv, holidays.csv where it is not the product's, and under sites/ the declared folder of each site that the
province holds. Validated as a whole: every line that is wrong is told, and then none of them holds.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from collector import cells, csvtable, declared_pcs, portalcells
from collector.config.fleet import ProvinceTable
from collector.config.load import read_toml
from collector.config.table import checked
from collector.csvtable import Row
from collector.declared import SITE, load
from collector.declared_portals import BrokenLinesError
from collector.refusal import ConfigError, nearest, refused
from model.declared import Declared
from model.fleet.declared import FleetBox, FleetDeclared, FleetSite
from model.text import Text, shown

PROVINCE, SITES, BOXES, DETAILS = "province.toml", "sites.csv", "boxes.csv", "sites"
_FILES = (PROVINCE, SITES, BOXES, declared_pcs.HOLIDAYS)

_COLUMNS: dict[str, dict[str, Sequence[str]]] = {
    SITES: {
        "site": ("điểm", "mã điểm", "mã"),
        "name": ("tên", "tên điểm"),
        "commune": ("mã xã", "xã"),
        "group": ("cụm", "cụm xã", "nhóm"),
        "since": ("từ ngày",),
        "note": ("ghi chú",),
        "number": ("stt", "tt", "số thứ tự"),
    },
    BOXES: {
        "box": ("hộp", "mã hộp"),
        "site": ("điểm", "mã điểm"),
        "key": ("khóa", "khóa công khai"),
        "since": ("từ ngày",),
        "until": ("đến ngày", "đến hết ngày"),
        "by": ("người khai", "ai"),
        "note": ("ghi chú",),
    },
}
# For who writes that list.
BOXES_COLUMNS = _COLUMNS[BOXES]
_NEEDED = {SITES: ("site", "name"), BOXES: ("box", "site", "key")}

_KEY_BYTES = 32
_A_SITE = Text("mã gồm chữ thường không dấu, số, dấu chấm, gạch nối, dài 1 đến 64", "a code of 1 to 64 lower-case letters, digits, dots and hyphens")
_A_BOX = Text("mã gồm chữ, số, dấu chấm, gạch nối, gạch dưới, dài 1 đến 64", "a code of 1 to 64 letters, digits, dots, hyphens and underscores")
_A_COMMUNE = Text("mã xã 5 chữ số, hoặc để trống", "the commune's five-digit code, or empty")
_A_KEY = Text("khóa công khai do `vonggac box key` in ra (64 chữ số hệ 16)", "the public key that `vonggac box key` prints (64 hex digits)")

T = TypeVar("T")


def is_fleet(folder: Path) -> bool:
    """Whether the folder is a province's and not a site's."""
    return (folder / PROVINCE).exists()


def load_fleet(folder: Path) -> FleetDeclared:
    """The province that a folder declares. Raises ConfigError naming file, line and column; BrokenLinesError with one for each wrong line of a list."""
    _no_strays(folder)
    province = checked(ProvinceTable, read_toml(folder / PROVINCE), PROVINCE, folder.resolve())
    wrong: list[ConfigError] = []
    sites = _sites(_rows(folder, SITES), wrong)
    boxes = tuple(_boxes(_rows(folder, BOXES), sites, wrong))
    details = _details(folder / DETAILS, sites, wrong)
    if wrong:
        raise BrokenLinesError(wrong)
    return FleetDeclared(
        province=province.province,
        name=csvtable.harmless(province.name),
        sites={code: msgspec.structs.replace(site, details=details.get(code)) for code, site in sites.items()},
        boxes=boxes,
        holidays=frozenset(declared_pcs.holidays(folder)),
    )


def _no_strays(folder: Path) -> None:
    """A misspelt boxes.csv would read as "no box may write"."""
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.suffix.lower() in (".csv", ".toml") and path.name not in _FILES:
            meant = nearest(path.name, _FILES) or ", ".join(_FILES)
            raise refused(path.name, Text(f"không phải tệp khai báo của tỉnh, gần nhất là {meant}", f"is no file of a province, the nearest is {meant}"))


def _rows(folder: Path, name: str) -> list[Row]:
    rows = csvtable.read(folder / name, _COLUMNS[name], _NEEDED[name])
    if rows is None:
        raise refused(shown(str(folder / name), 200), Text("không có tệp này", "there is no such file"))
    return rows


def _each(rows: Sequence[Row], make: Callable[[Row], T], wrong: list[ConfigError]) -> Iterator[tuple[Row, T]]:
    """What each line says; those that cannot be used go to `wrong`."""
    for row in rows:
        try:
            yield row, make(row)
        except ConfigError as error:
            wrong.append(error)


def _sites(rows: Sequence[Row], wrong: list[ConfigError]) -> dict[str, FleetSite]:
    sites: dict[str, FleetSite] = {}
    lines: dict[str, int] = {}
    for row, site in _each(rows, _site, wrong):
        if site.site in lines:
            wrong.append(_twice(row, "site", site.site, lines[site.site]))
        sites[site.site] = site
        lines[site.site] = row.line
    return sites


def _site(row: Row) -> FleetSite:
    commune = row.text("commune")
    if commune and not re.fullmatch(r"[0-9]{1,5}", commune):
        raise row.wrong("commune", _A_COMMUNE)
    return FleetSite(
        site=_code(row, "site", r"[a-z0-9][a-z0-9.-]{0,63}", _A_SITE),
        name=cells.filled(row, "name"),
        # Spreadsheets take the zeros off "00123".
        commune=commune.zfill(5) if commune else "",
        group=row.text("group"),
        since=portalcells.first_day(row),
    )


def _boxes(rows: Sequence[Row], sites: Mapping[str, FleetSite], wrong: list[ConfigError]) -> Iterator[FleetBox]:
    lines: dict[tuple[str, str, bytes], int] = {}
    owners: dict[bytes, tuple[str, int]] = {}
    for row, box in _each(rows, lambda row: _box(row, sites), wrong):
        owner, line = owners.setdefault(box.key, (box.box, row.line))
        if owner != box.box:
            wrong.append(_shared(row, owner, line))
        known = lines.setdefault((box.box, box.site, box.key), row.line)
        if known != row.line:
            wrong.append(_twice(row, "key", row.text("key"), known))
        yield box


def _box(row: Row, sites: Mapping[str, FleetSite]) -> FleetBox:
    since = portalcells.first_day(row)
    return FleetBox(
        box=_code(row, "box", r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", _A_BOX),
        site=_declared_site(row, sites),
        key=key_of(row),
        since=since,
        until=portalcells.last_day(row, since),
        by=row.text("by"),
    )


def _declared_site(row: Row, sites: Mapping[str, FleetSite]) -> str:
    given = row.text("site")
    if given not in sites:
        meant = nearest(given, sites)
        hint, hint_en = (f" (gần nhất: {meant})", f" (the nearest: {meant})") if meant else ("", "")
        raise row.wrong("site", Text(f"mã một điểm trong {SITES}{hint}", f"the code of a site of {SITES}{hint_en}"))
    return given


def key_of(row: Row) -> bytes:
    """A public key in hex, or in base64url as other tools print it."""
    given = "".join(row.cells.get("key", "").split())
    try:
        key = bytes.fromhex(given) if len(given) == 2 * _KEY_BYTES else base64.b64decode(given + "=" * (-len(given) % 4), b"-_", validate=True)
    except (ValueError, binascii.Error):
        key = b""
    # All zero is what people write where they have none yet; it is a point for which anybody can sign.
    if len(key) != _KEY_BYTES or not any(key):
        raise row.wrong("key", _A_KEY)
    return key


def _code(row: Row, column: str, form: str, wanted: Text) -> str:
    given = row.text(column)
    if not re.fullmatch(form, given):
        raise row.wrong(column, wanted)
    return given


def _twice(row: Row, column: str, value: str, line: int) -> ConfigError:
    name = shown(value)
    return refused(
        row.file,
        Text(f'dòng {row.line}, cột "{column}": "{name}" đã có ở dòng {line}', f'line {row.line}, column "{column}": "{name}" is in line {line} already'),
    )


def _shared(row: Row, owner: str, line: int) -> ConfigError:
    """Two boxes with one key: a memory card was copied, and either could speak for the other."""
    return refused(
        row.file,
        Text(
            f'dòng {row.line}, cột "key": khóa này là của hộp "{owner}" (dòng {line}), mỗi hộp một khóa',
            f'line {row.line}, column "key": this is the key of the box "{owner}" (line {line}), each box has one of its own',
        ),
    )


def _details(folder: Path, sites: Mapping[str, FleetSite], wrong: list[ConfigError]) -> dict[str, Declared]:
    """The sites' own folders, by their names, which are the sites' codes."""
    details: dict[str, Declared] = {}
    for path in sorted(path for path in folder.glob("*") if path.is_dir()):
        try:
            details[path.name] = _detail(path, sites)
        except BrokenLinesError as error:
            wrong += [_at(path, each) for each in error.errors]
        except ConfigError as error:
            wrong.append(_at(path, error))
    return details


def _detail(path: Path, sites: Mapping[str, FleetSite]) -> Declared:
    if path.name not in sites:
        raise refused(SITE, Text(f'không có điểm "{shown(path.name)}" trong {SITES}', f'there is no site "{shown(path.name)}" in {SITES}'))
    declared = load(path)
    if declared.site != path.name:
        raise refused(SITE, Text(f'"site" phải là tên thư mục, đang là "{declared.site}"', f'"site" must be the name of the folder, it is "{declared.site}"'))
    return declared


def _at(path: Path, error: ConfigError) -> ConfigError:
    place = shown(f"{DETAILS}/{path.name}", 200)
    text = error.text
    return ConfigError(Text(f"Thư mục {place}, {text.vi[0].lower()}{text.vi[1:]}", f"Folder {place}, {text.en[0].lower()}{text.en[1:]}"))
