"""Lawful destinations that come with the product: what holds for every portal of the country, with who answers for it.

An entry that could not be checked against a published source says so in its `why`; a province replaces it in its own declared data.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from model.portals.declared import Destination
from model.times import SECOND, VIETNAM


def _midnight(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=VIETNAM).timestamp()) * SECOND


# The day on which all 34 provinces closed their own public-service portals, and the day on which 63 provinces became 34.
CLOSED: Final = _midnight(2025, 6, 29)
MERGED_AT: Final = _midnight(2025, 7, 1)

_NATIONAL: Final = "Văn phòng Chính phủ"
_POLICE: Final = "Bộ Công an (C06)"

DESTINATIONS: Final = (
    Destination(
        host="dichvucong.gov.vn",
        subdomains=True,
        since=CLOSED,
        owner=_NATIONAL,
        why="Cổng Dịch vụ công quốc gia, thay cổng dịch vụ công của các tỉnh từ 29/06/2025; gồm cả trang đăng nhập và thanh toán ở tên miền con.",
    ),
    Destination(
        host="vneid.gov.vn",
        subdomains=True,
        since=CLOSED,
        owner=_POLICE,
        why="Đăng nhập bằng tài khoản định danh điện tử VNeID.",
    ),
    Destination(
        host="sso.dancuquocgia.gov.vn",
        since=CLOSED,
        owner=_POLICE,
        why="Đăng nhập một lần bằng VNeID. Chưa đối chiếu với nguồn công bố: tỉnh cần xác nhận.",
    ),
    Destination(
        host="xacthuc.dancuquocgia.gov.vn",
        since=CLOSED,
        owner=_POLICE,
        why="Xác thực định danh điện tử. Chưa đối chiếu với nguồn công bố: tỉnh cần xác nhận.",
    ),
)

# Old provinces' names may send their visitors to the merged province's portal (63 became 34); hosts by the usual name of the provinces' portals.
_MERGERS: Final = {
    "tuyenquang": ("hagiang",),
    "laocai": ("yenbai",),
    "thainguyen": ("backan",),
    "phutho": ("vinhphuc", "hoabinh"),
    "bacninh": ("bacgiang",),
    "hungyen": ("thaibinh",),
    "haiphong": ("haiduong",),
    "ninhbinh": ("hanam", "namdinh"),
    "quangtri": ("quangbinh",),
    "danang": ("quangnam",),
    "quangngai": ("kontum",),
    "gialai": ("binhdinh",),
    "khanhhoa": ("ninhthuan",),
    "lamdong": ("daknong", "binhthuan"),
    "daklak": ("phuyen",),
    "hochiminhcity": ("binhduong", "baria-vungtau"),
    "dongnai": ("binhphuoc",),
    "tayninh": ("longan",),
    "cantho": ("soctrang", "haugiang"),
    "vinhlong": ("bentre", "travinh"),
    "dongthap": ("tiengiang",),
    "camau": ("baclieu",),
    "angiang": ("kiengiang",),
}

MERGED: Final[dict[str, str]] = {f"{old}.gov.vn": f"{new}.gov.vn" for new, olds in _MERGERS.items() for old in olds}


def successor(host: str) -> str:
    """The merged province's host in place of an old province's (`so.hagiang.gov.vn` -> `so.tuyenquang.gov.vn`); empty for any other host."""
    labels = host.split(".")
    old = ".".join(labels[-3:])
    return ".".join((*labels[:-3], MERGED[old])) if old in MERGED else ""
