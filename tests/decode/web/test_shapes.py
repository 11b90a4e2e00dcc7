"""Names that machines made, and names that only look so."""

import pytest

from collector.decode.web.shapes import is_kit_address, is_random, is_random_host, unfilled


@pytest.mark.parametrize("word", ["qzkxwvbtrl", "aB3dE6fG9", "k3J9x2Lp", "cHZ4WQtodB", "xkjwqpzt", "Zq1Rt7Yb"])
def test_random_words(word):
    assert is_random(word)


@pytest.mark.parametrize(
    "word",
    [
        "ubndtp",
        "tthctinh",
        "banner",
        "HinhAnhHoatDong2019",
        "Portal2019V2",
        "gioithieu",
        "UBND2019TT05a",
        "swfobject",
        "thdt2019",
        "flashcontent",
        "nghiquyet",
        "xxxx",
        "a1",
    ],
)
def test_names_that_people_give(word):
    assert not is_random(word)


@pytest.mark.parametrize(
    ("host", "random"),
    [
        ("a1.b2.c3.d4e.lanh.example", True),
        ("x9f.o61y.u17p.c7b.lanh.example", True),
        ("www.xa.tinh.gov.vn", False),
        ("s3.ap-southeast-1.amazonaws.example", False),
        ("example", False),
    ],
)
def test_random_hosts(host, random):
    assert is_random_host(host) is random


@pytest.mark.parametrize(
    ("url", "kit"),
    [
        ("https://abc.lanh.example/123456", True),
        ("https://abc.lanh.example/123456/viewspace-123456.html", True),
        ("http://abc.lanh.example/XyZab/12345.html?x", True),
        ("https://xa.tinh.gov.vn/tin-tuc/123456", False),
        ("https://xa.tinh.gov.vn/123", False),
        ("/123456", False),
        ("https://xa.tinh.gov.vn/portal/12345.html", False),
    ],
)
def test_addresses_of_kits(url, kit):
    assert is_kit_address(url) is kit


@pytest.mark.parametrize(
    ("text", "left"), [("{{TITLE}} | x", "{{TITLE}}"), ("%%KEYWORD%%", "%%KEYWORD%%"), ("{{ item.name }}", ""), ("{{title}}", ""), ("100%%", ""), ("", "")]
)
def test_places_left_unfilled(text, left):
    assert unfilled(text) == left
