"""What one cell of the portals' and destinations' lists says: addresses, names of hosts, dates, lengths of time. All raise ConfigError."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from collector.csvtable import Row
from collector.hostnames import host_or_address, is_public_suffix
from model.portals.declared import PortalLevel
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND, VIETNAM

MAX_ITEMS = 64
_LONGEST_URL = 2048
_LONGEST_ID = 64
_USUAL_PORT = {"http": 80, "https": 443}

_LEVELS: dict[str, PortalLevel] = {
    "": "commune",
    **dict.fromkeys(("province", "tỉnh", "thành phố", "cấp tỉnh"), "province"),
    **dict.fromkeys(("commune", "xã", "phường", "đặc khu", "cấp xã"), "commune"),
    **dict.fromkeys(("other", "khác"), "other"),
}
_UNITS = {
    **dict.fromkeys(("m", "phút"), MINUTE),
    **dict.fromkeys(("h", "giờ"), HOUR),
    **dict.fromkeys(("d", "ngày"), DAY),
}

_A_URL = Text(
    "địa chỉ trang bắt đầu bằng http:// hoặc https://, như https://xamau.example.vn/",
    "the address of a page that begins with http:// or https://, such as https://xamau.example.vn/",
)
_A_HOST = Text(
    "tên miền đầy đủ như xamau.example.vn, không có http:// và khoảng trắng", "a full host name such as xamau.example.vn, without http:// and blanks"
)
_HOSTS = Text("các tên miền đầy đủ, cách nhau bằng dấu cách", "full host names with blanks between them")
_ONE_OWNERS = Text(
    "tên miền của một cơ quan; dưới tên này ai cũng đăng ký được, không thể cho phép mọi tên miền con",
    "a name of one owner; anybody can register names below this one, so its subdomains cannot all be allowed",
)
_PAGES = Text(
    "đường dẫn bắt đầu bằng / hoặc địa chỉ đầy đủ trên chính cổng này, cách nhau bằng dấu cách",
    "paths that begin with /, or full addresses on this very portal, with blanks between them",
)
_PREFIXES = Text("các dải địa chỉ như 10.1.2.0/24, không rộng hơn /8", "address ranges such as 10.1.2.0/24, none wider than /8")
_AN_ID = Text(
    "mã gồm chữ thường không dấu, số, dấu chấm, gạch nối, dài 1 đến 64, hoặc để trống",
    "a code of 1 to 64 lower-case letters, digits, dots and hyphens, or empty",
)
_A_LEVEL = Text("một trong: tỉnh, xã, phường, đặc khu, khác", "one of: province, commune, other")
_A_PROVINCE = Text("mã tỉnh 2 chữ số, hoặc để trống", "the province's two-digit code, or empty")
_A_DATE = Text("ngày như 29/06/2025 hoặc 2025-06-29", "a day such as 29/06/2025 or 2025-06-29")
_A_LATER_DATE = Text("ngày không trước ngày bắt đầu", "a day not before the first one")
_A_PERIOD = Text('khoảng thời gian từ 5 phút đến 7 ngày như "30m", "6h", "30 phút"', 'a length of time from 5 minutes to 7 days such as "30m", "6h"')
_A_BUDGET = Text("số lượt hỏi mỗi ngày từ 1 đến 100000, hoặc để trống", "a number of requests a day from 1 to 100000, or empty")
_TOO_MANY = Text(f"không quá {MAX_ITEMS} mục", f"at most {MAX_ITEMS} items")


class Address(NamedTuple):
    """A page's address: normalised, and its host (no port, IPv6 without brackets)."""

    url: str
    host: str


def address(row: Row, column: str = "url") -> Address:
    """The address of a page. Its host is put into ASCII; letters of other scripts in its path are escaped."""
    found = parsed(row.cells.get(column, ""))
    if found is None:
        raise row.wrong(column, _A_URL)
    return found


def parsed(given: str) -> Address | None:
    """`given` as an address of http or https without a password in it; None for anything else."""
    if not given.isprintable() or " " in given or "\\" in given or len(given) > _LONGEST_URL:
        return None
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), host_or_address(parts.hostname or "")
    if scheme not in _USUAL_PORT or not host or "@" in parts.netloc or port == 0:
        return None
    shown_host = f"[{host}]" if ":" in host else host
    shown_port = "" if port in (None, _USUAL_PORT[scheme]) else f":{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = "?" + quote(parts.query, safe="/?%:@!$&'()*+,;=~-._[]|") if parts.query else ""
    return Address(f"{scheme}://{shown_host}{shown_port}{path}{query}", host)


def host(row: Row, column: str = "host") -> tuple[str, bool]:
    """A host, and whether it was written `*.name`. No address, no path."""
    given = row.cells.get(column, "")
    name = given.removeprefix("*.")
    found = host_or_address(name) if " " not in name else ""
    if not found:
        raise row.wrong(column, _A_HOST)
    return found, name != given


def one_owners(row: Row, name: str, column: str = "host") -> None:
    """Refuses a name below which strangers can have names."""
    if is_public_suffix(name):
        raise row.wrong(column, _ONE_OWNERS)


def hosts(row: Row, column: str) -> tuple[str, ...]:
    """Further names of a portal."""
    words = _words(row, column, r"[\s;,|]+")
    found = [host_or_address(word) for word in words]
    if not all(found):
        raise row.wrong(column, _HOSTS)
    return tuple(dict.fromkeys(found))


def pages(row: Row, own: frozenset[str], column: str = "pages") -> tuple[str, ...]:
    """Declared pages, each a path or an address on one of the `own` hosts. Commas may be part of an address, so they part nothing."""
    return tuple(dict.fromkeys(_page(row, column, word, own) for word in _words(row, column, r"[\s|]+")))


def _page(row: Row, column: str, word: str, own: frozenset[str]) -> str:
    if word.startswith("/") and not word.startswith("//") and "\\" not in word and len(word) <= _LONGEST_URL:
        return quote(word, safe="/?%:@!$&'()*+,;=~-._[]|#").partition("#")[0]
    found = parsed(word)
    if found is None or found.host not in own:
        raise row.wrong(column, _PAGES)
    return found.url


def prefixes(row: Row, column: str = "allow") -> tuple[str, ...]:
    """Address ranges the guard lets through. A very wide one would switch the guard off."""
    return tuple(dict.fromkeys(_prefix(row, column, word) for word in _words(row, column, r"[\s;,|]+")))


def _prefix(row: Row, column: str, word: str) -> str:
    try:
        network = ipaddress.ip_network(word)
    except ValueError:
        raise row.wrong(column, _PREFIXES) from None
    if network.prefixlen < 8:
        raise row.wrong(column, _PREFIXES)
    return str(network)


def _words(row: Row, column: str, separators: str) -> list[str]:
    words = [word for word in re.split(separators, row.cells.get(column, "")) if word]
    if len(words) > MAX_ITEMS:
        raise row.wrong(column, _TOO_MANY)
    return words


def identity(row: Row, home: Address, column: str = "id") -> str:
    """The portal's code: as written, or else from its host and port."""
    given = row.text(column)
    if not given:
        return _made(home)
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,63}", given):
        raise row.wrong(column, _AN_ID)
    return given


def _made(home: Address) -> str:
    port = urlsplit(home.url).port
    made = home.host.removeprefix("www.").replace(":", "-").replace("_", "-").strip("-.") + (f"-{port}" if port else "")
    if len(made) <= _LONGEST_ID:
        return made
    return made[: _LONGEST_ID - 13] + "-" + hashlib.sha256(made.encode()).hexdigest()[:12]


def level(row: Row, column: str = "level") -> PortalLevel:
    """Whose portal it is; of a commune when left out."""
    given = row.text(column).lower()
    if given not in _LEVELS:
        raise row.wrong(column, _A_LEVEL)
    return _LEVELS[given]


def province(row: Row, column: str = "province") -> str:
    """The province's code. Spreadsheets take the zero off "01": it is put back."""
    given = row.text(column)
    if given and not re.fullmatch(r"[0-9]{1,2}", given):
        raise row.wrong(column, _A_PROVINCE)
    return given.zfill(2) if given else ""


def first_day(row: Row, column: str = "since") -> int:
    """The first instant of a day in Viet Nam, in ns; 0 when left out."""
    return _day(row, column)


def last_day(row: Row, since: int, column: str = "until") -> int:
    """The instant after the last one of a day in Viet Nam, in ns: people mean the whole day. 0 when left out."""
    day = _day(row, column)
    if not day:
        return 0
    if day < since:
        raise row.wrong(column, _A_LATER_DATE)
    return day + DAY


def _day(row: Row, column: str) -> int:
    given = row.text(column)
    if not given:
        return 0
    for form in (r"(?P<d>[0-9]{1,2})[/.-](?P<m>[0-9]{1,2})[/.-](?P<y>20[0-9]{2})", r"(?P<y>20[0-9]{2})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})"):
        found = re.fullmatch(form, given)
        if found:
            try:
                return int(datetime(int(found["y"]), int(found["m"]), int(found["d"]), tzinfo=VIETNAM).timestamp()) * SECOND
            except ValueError:
                break
    raise row.wrong(column, _A_DATE)


def period(row: Row, column: str = "period") -> int:
    """A length of time in ns; 0 when left out."""
    given = row.text(column).lower()
    if not given:
        return 0
    found = re.fullmatch(r"([1-9][0-9]{0,4}) ?(m|h|d|phút|giờ|ngày)", given)
    length = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 5 * MINUTE <= length <= 7 * DAY:
        raise row.wrong(column, _A_PERIOD)
    return length


def budget(row: Row, column: str = "budget") -> int:
    """The most requests a day; 0 when left out."""
    given = row.text(column)
    if not given:
        return 0
    if not re.fullmatch(r"[1-9][0-9]{0,5}", given) or int(given) > 100_000:
        raise row.wrong(column, _A_BUDGET)
    return int(given)
