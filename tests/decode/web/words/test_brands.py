"""The shape of a bookmaker's name, and all that only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.decode.web.words.brands import brand, is_brand_host, likely, trade_stem

BRAND_PARTS = """
    bet win vip club casino poker toto togel slot jitu hoki gacor judi lottery maxwin 4d kuwin rikvip okvip lode nhacai keonhacai tylekeo casi no nohu keobong
    cacuoc cadobong soicau soikeo gamebai doithuong xocdia taixiu quayhu banca daga thomo bongdaao sbobet ufabet judionline bandarq bacarat xoso online com 88
"""
SHAPED = """
    zubet88 8zbet 1ybet lux789 789club go88 b52club mu88vip xo88casino 68gamebai 188bet 12bet w388 f8bet jarabatoto naga4d dewatogel
    rimbahoki ek88betpro awin68comco bong88
"""
ORDINARY = """
    kubernetes alphabet tibet betong h264 mp3 covid19 qd123 tcvn5687 0h30 iso27001 w3c b2b vnpt a4 win10 sp2 nq68 cv99 tt88 ql66 kh88 u23
    c50 utf8 md5 sha256 ipv6 python3 edwin darwin nightclub timeslot 2025 0888888888 29a 60f f16 su30 m16 vtv6 windows11 office365 taxi88
    noithat68 cafe99 e10 ron95 b6 b12 h5n1 3d 4k 5g covid 10h30 ubnd
"""


@pytest.mark.parametrize("word", SHAPED.split())
def test_shaped_like_a_brand(word: str) -> None:
    assert brand(word) >= 2


@pytest.mark.parametrize("word", ORDINARY.split())
def test_no_brand(word: str) -> None:
    assert brand(word) <= 1


@pytest.mark.parametrize("word", ["nhacaiuytin2024", "linkvaonhacai", "soikeobongda", "taixiuonline", "slotgacorhariini", "onlinecasino"])
def test_hashtags_hold_phrases_of_the_trade(word: str) -> None:
    assert trade_stem(word)


@pytest.mark.parametrize("word", ["thongbao", "dichvucong", "chuyendoiso", "nhacua", "xosokienthiet", "alphabet"])
def test_and_ordinary_ones_do_not(word: str) -> None:
    assert not trade_stem(word)


@pytest.mark.parametrize(
    "host",
    [
        "zubet88.example",
        "8zbet-m3.example",
        "www.lux789.example",
        "m.go88.test",
        "play.naga4d.test",
        "nhacai-uytin.test",
        "anything.bet",
        "best.casino",
        "98win22.in",
        "k9win-link.example",
        "ZUBET88.EXAMPLE",
    ],
)
def test_a_host_of_a_bookmaker(host: str) -> None:
    assert is_brand_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "dichvucong.gov.vn",
        "xa88.thinhvuong.gov.vn",
        "cdn77.example",
        "static88.example",
        "taxi88.example",
        "office365.example",
        "kubernetes.example",
        "vnpt.example",
        "w3.example",
        "127.0.0.1",
        "[::1]",
        "localhost",
        "img2.example",
        "s3.amazonaws.example",
        "fonts.example",
        "truong123.edu.vn",
        "edwin.example",
        "alphabet.example",
        "3cx.example",
        "h5p.example",
        "",
        "..",
        "a",
        "noithat68.example",
        "7-eleven.example",
    ],
)
def test_a_host_of_anybody_else(host: str) -> None:
    assert not is_brand_host(host)


@given(st.text(max_size=80))
def test_any_name_is_answered(name: str) -> None:
    assert brand(name.lower()) in (0, 1, 2, 3)
    assert is_brand_host(name) in (True, False)


@given(st.lists(st.sampled_from([*"abeghiknostuxyz0178", *BRAND_PARTS.split()]), min_size=1, max_size=6).map("".join))
@settings(max_examples=800)
def test_no_brand_is_passed_over_among_many_words(word: str) -> None:
    if brand(word) > 0 or trade_stem(word):
        assert word in likely(["xa", word, "phuong"])


def test_ordinary_words_are_passed_over() -> None:
    assert likely(["cong", "thong", "tin", "dien", "tu", "kubet", "ku88", "cassino"]) == {"kubet", "ku88", "cassino"}
