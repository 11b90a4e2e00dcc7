"""The shapes of bookmakers' names. The names change weekly, their build does not: letters and a lucky number, a number and `bet`, a word and `toto`.

Weights: 3 nobody else is called so; 2 very likely; 1 only beside other words of the trade; 0 no brand.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from ahocorasick_rs import BytesAhoCorasick, Implementation

from collector.decode.web.kept import short
from collector.decode.web.words.normal import folded, plain, single
from collector.decode.web.words.terms import listed

_LUCKY = "88|888|8888|789|68|688|77|777|7777|99|999|66|666|86|188|388|288|138|303|333|555|79"
_TRADE = "bet|win|casino|slots?|toto|togel|club|vip|fun|game|bai|poker|gacor|jp|4d|5d|sport|sports|play|gg|cuan"
# Words that end a name of the trade without any number; alone they prove little, but for those that nothing else ends in.
_SUFFIX = "bet|win|vip|club|casino|poker|toto|togel|slot|slots|jitu|hoki|gacor|judi|lottery|maxwin|4d"
_TELLING = frozenset(("togel", "hoki", "gacor", "maxwin", "judi", "toto", "jitu", "casino", "4d"))
# What mirrors and profiles append to a name.
_ZONE = "(?:com|net|org|info|pro|top|vn|us|co|app|in|me|cc|io|xyz|live|link|site|online|tv|asia|win|bet|okvip|new|vi|pc|moi|no[1-9])*"

_NUMBERED = re.compile(rf"([a-z]{{1,10}}?)({_LUCKY})((?:{_TRADE})*)({_ZONE})(?:[0-9]{{0,2}}|[a-z])")
_TRADED = re.compile(rf"([a-z]{{0,8}}?)([0-9]{{1,3}}|[0-9][a-z]|x[0-9])({_TRADE})((?:{_TRADE})*)({_ZONE})[0-9]{{0,3}}")
_NUMBER_FIRST = re.compile(rf"({_LUCKY}|[0-9]{{1,3}})(bet|win|club|casino|slots?|toto|game[a-z]*|vip|play|b)({_ZONE})[0-9]{{0,2}}")
_ENDED = re.compile(rf"([a-z]{{2,12}}?)({_SUFFIX})({_ZONE})([0-9]{{0,4}})")
_SHORT = re.compile(r"[a-z]{1,3}[0-9]?8[a-z]{0,3}")
_WEAKLY = re.compile(r"([a-z]{2,9})(?:[0-9]{1,2}|123|365|247|100|111|168|686|868|979|989)")
_ENDS_IN_TRADE = re.compile(rf"(?:{_SUFFIX}|lode|bong|keo)$")


# Beginnings that make a number an ordinary one: papers, roads, units, standards, machines, broadcasters.
_PAPERS = listed("""
    nq nd qd tt cv kh tb ct bc tr ttr hd gm pl dt ub qh vb cp ql tl hl km kv dn to so k ka sn nam ca pa ld iso tcvn qcvn en iec ieee rfc cve utf mp h
    x sha md base ipv covid qcdp qtkt bb btc bnv bca bkhcn ubnd hdnd ttg vpcp pho ngo hem duong thon khu lo lop khoa tap chuong dieu khoan phan bai
    muc trang hinh bang quy thang ngay m kg cm mm mg ml kw kva mw hz mb gb ma ip port win windows office core i j p v ver version rev r f fig no nr
    vol page item id sku ref ean isbn mod model type size e ecma ansi php dns vps web www mail srv server host node cdn img static app api dev test
    demo user uid col row div span box ads banner slide font icon rgb hex sd mk mig su boeing airbus a b c d t ak ar route hwy us nh vtv vtc htv tv fm
    am radio kenh group nhom doi team sea euro wc world cup asean apec gen tax tin bao tel fax phone sdt hotline line zip area room phong tang toa nha
    block zone gate ga sp
""")
# Shops named by their trade and a lucky number: in Viet Nam more of these than of bookmakers.
_SHOPS = listed("""
    taxi xe oto dat bds land home nhadat noithat hoa vang spa shop may thoitrang dienmay vatlieu xaydung mobile camera smart media decor print inan
    studio food quan cafe hotel nhahang khachsan vantai vanchuyen giaohang ship dulich tour thuoc benhvien phongkham nhakhoa luat ketoan hocvien
    tienganh hoc study truyen phim nhac news viec job jobs bank cloud microsoft medic health sieuthi mart dienlanh maytinh laptop sim sua lapdat cokhi
    thep nhom kinh son gach kubernetes travel tech soft digital design xeom bephong suachua
""")
_NOT_NUMBERED = _PAPERS | _SHOPS
# Among papers and units, letters that bookmakers put before `8bet` or `9win`.
_BEFORE_TRADED = frozenset("abcdefhijkmprtvx")
_NOT_ENDED = listed("""
    alphabet alfabet tibet elisabet elizabet diabet gobet corbet nisbet dubet sorbet sherbet albet hobet abet tabet rabet globet darwin edwin goodwin
    erwin baldwin sherwin godwin kerwin irwin corwin twin unwin nightclub aeroclub youthclub golfclub fanclub sportclub sportsclub yachtclub bookclub
    footballclub carclub bikeclub timeslot timeslots adslot adslots backslot pcislot prototo kyototo mototo netwin libwin setwin macwin openwin winwin
    ivip svip allvip jobslot dayslot freeslot isslot hasslot numslot getslot itemslot startwin cygwin mingwin gotoslot powerslot simslot cardslot
""")
# Names of the trade that its own words make up or that the research page names; few on purpose: names belong into a feed.
_NAMED = re.compile(
    r"(?:kuwin|kubet|hitclub|sunwin|rikvip|iwin|awin|okvip|debet|kucasino|ufabet|sbobet|lode[0-9]+|nhacai[a-z0-9]*|keonhacai[a-z0-9]*|tylekeo[a-z0-9]*)[a-z0-9]{0,8}"
)
# Without doubled letters, as `single` leaves them.
_TRADE_STEM = re.compile(
    r"^nohu(?!p)|casino|nhacai|keobong|tylebong|keonha|tylekeo|cacuoc|cadobong|soicau|soikeo|gamebai|doithuong|xocdia|taixiu|quayhu|banca[0-9]|daga(?:thomo|tructiep|online)|lodeonline|bongdaao|"
    r"slotgacor|gacor|togel|maxwin|situsslot|sbobet|kubet|ufabet|pgslot|judionline|bandarq|pokeronline|bacarat|xosoonline"
)
# What a word of letters alone must hold to be any of these, as it stands or with its doubled letters once.
_WITHIN = (
    *_SUFFIX.split("|"), "rikvip", "lode", "nhacai", "tylekeo", "keo", "nohu", "cacuoc", "cadobong", "tylebong", "soicau", "gamebai", "doithuong", "xocdia",
    "taixiu", "quayhu", "banca", "daga", "bongdaao", "bandarq", "bacarat", "xoso",
)  # fmt: skip
_ANY_WITHIN = BytesAhoCorasick([part.encode() for part in _WITHIN], implementation=Implementation.DFA)
_MOST_LABELS = 10
_ZONES_OF_TRADE = frozenset({"bet", "casino", "poker", "bingo"})


def likely(words: Iterable[str]) -> set[str]:
    """Those of many words of which any could be a brand or hold a stem of the trade, by one look at them all."""
    letters: list[str] = []
    found: set[str] = set()
    for word in words:
        letters.append(word) if word.isascii() and word.isalpha() else found.add(word)
    line = "\n".join(letters)
    for written in (line, single(line)):
        lines = written.split("\n")
        ends = list(accumulate(len(each) + 1 for each in lines))
        found.update(letters[bisect_right(ends, start)] for _, start, _ in _ANY_WITHIN.find_matches_as_indexes(written.encode()))
    return found


@short(longest=100, most=16_384)
def brand(word: str) -> float:
    """How much a word (plain form) looks like a bookmaker's name."""
    name = folded(word)
    if not name.isascii() or not 3 <= len(name) <= 28:
        return 0
    if _NAMED.fullmatch(name):
        return 2 if name.isalpha() else 3
    if name.isalpha():
        return _ended(name)
    if not any("a" <= letter <= "z" for letter in name):
        return 0
    return max(_numbered(name), _ended(name))


def _numbered(name: str) -> float:
    if found := _NUMBER_FIRST.fullmatch(name):
        return 3 if len(found[1]) > 1 and found[2] not in ("b", "play", "vip", "game") else 2
    if found := _NUMBERED.fullmatch(name):
        return _lucky(found[1], found[2], found[3])
    if (found := _TRADED.fullmatch(name)) and found[1] not in _NOT_NUMBERED - _BEFORE_TRADED:
        return 3 if found[3] in ("bet", "win", "casino", "toto", "togel", "slot") else 2
    weakly = _WEAKLY.fullmatch(name)
    return 1 if _SHORT.fullmatch(name) or (weakly and weakly[1] not in _NOT_NUMBERED) else 0


def _lucky(letters: str, number: str, trade: str) -> float:
    if trade:
        return 3
    if letters in _NOT_NUMBERED:
        return 0
    if _ENDS_IN_TRADE.search(letters) and letters not in _NOT_ENDED:
        return 3
    return 2 if len(letters) <= 7 and len(letters) + len(number) >= 4 else 1


def _ended(name: str) -> float:
    """A word and `toto`, `bet`, `4d`: weak by itself, since films, clubs and first names end so too."""
    found = _ENDED.fullmatch(name)
    if not found or found[1] + found[2] in _NOT_ENDED or name in _NOT_ENDED:
        return 0
    return 2 if found[2] in _TELLING or (found[4] and found[2] in ("bet", "win", "slot")) else 1


@short(longest=100, most=16_384)
def trade_stem(word: str) -> bool:
    """Whether a long run-together word (hashtag, host label) holds a phrase of the trade: `linkvaonhacai2024`."""
    return len(word) >= 5 and _TRADE_STEM.search(single(folded(word))) is not None


def is_brand_host(host: str) -> bool:
    """Whether a host name has the shape of a bookmaker's (`kuwin88.vip`, `8xbet-m3.com`), by its shape alone.

    Names under gov.vn and edu.vn are never one: an injected host there is another's portal, to be judged by what it shows.
    """
    labels = plain(host).strip(".").split(".")
    if len(labels) < 2 or labels[-2:] in (["gov", "vn"], ["edu", "vn"]):
        return False
    if labels[-1].isdigit() or ":" in host:
        return False
    return host_worth(host) >= 2


def host_worth(host: str) -> float:
    """As `brand`, of all labels of a host name but the last; a zone of the trade (`.bet`) is worth 3 by itself."""
    *labels, zone = plain(host).strip(".").split(".")
    return max([3 if zone in _ZONES_OF_TRADE else 0, *map(_branded, labels[:_MOST_LABELS])])


def _branded(label: str) -> float:
    pieces = [piece for piece in label.split("-")[:_MOST_LABELS] if piece]
    return max((3 if trade_stem(piece) else brand(piece) for piece in [*pieces, "".join(pieces)]), default=0)
