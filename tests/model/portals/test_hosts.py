"""Names by their shape: own fronts, tails and stems, and what may stand in a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.portals.hosts import bare, core, defanged, host_of, is_address, is_government, network, parents, stem, tail, under
from model.portals.wellknown import is_well_known


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://A.example.gov.vn/x?y#z", "a.example.gov.vn"),
        ("https://dichvucong.gov.vn@evil.test/", "evil.test"),
        ("https://evil.test:8443/", "evil.test"),
        ("https://[2001:db8::1]:8/", "2001:db8::1"),
        ("https://evil.test\\@dichvucong.gov.vn/", "evil.test"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address(url, host):
    assert host_of(url) == host


def test_the_fronts_of_one_portal():
    assert {core(host) for host in ("x.gov.vn", "www.x.gov.vn", "m.x.gov.vn", "mobile.x.gov.vn", "wap.x.gov.vn:443", "x.gov.vn.")} == {"x.gov.vn"}
    assert core("m.vn") == "m.vn"


@pytest.mark.parametrize(
    ("host", "bought", "mirrors"),
    [
        ("kuwin88.vip", "kuwin88.vip", "kuwin"),
        ("kuwin-07.com", "kuwin-07.com", "kuwin"),
        ("xyz.kuwin12.win", "kuwin12.win", "kuwin"),
        ("8xbet-m3.com", "8xbet-m3.com", "8xbet"),
        ("abc.flower-shop.com.vn", "flower-shop.com.vn", "flower-shop.com.vn"),
        ("abc.pages.dev", "abc.pages.dev", "abc.pages.dev"),
        ("203.0.113.9", "203.0.113.9", "203.0.113.9"),
        ("localhost", "localhost", "localhost"),
    ],
)
def test_what_its_owner_bought_and_what_its_mirrors_share(host, bought, mirrors):
    assert (tail(host), stem(host)) == (bought, mirrors)


def test_addresses_and_networks():
    assert [is_address(host) for host in ("203.0.113.9", "203.0.113.9:8080", "2001:db8::1", "a.test", "1.2.3")] == [True, True, True, False, False]
    assert (network("45.119.1.1"), network("2001:db8:1::1")) == ("45.119", "2001:db8")
    assert bare("a.test:8443") == "a.test"


def test_parents_and_government():
    assert parents("a.b.test") == ["a.b.test", "b.test"]
    assert under("a.b.test", "b.test")
    assert not under("ab.test", "b.test")
    assert [is_government(host) for host in ("a.gov.vn", "gov.vn", "xgov.vn", "a.gov.vn.test")] == [True, False, False, False]


def test_whom_everybody_uses():
    assert [is_well_known(host) for host in ("www.facebook.com", "zalo.me", "fonts.gstatic.com", "xfacebook.com", "facebook.com.evil.test")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@given(st.text(max_size=200))
def test_no_sentence_holds_a_link(text):
    inert = defanged(text + " https://evil.test/ HTTP://EVIL.test/")
    assert "http://" not in inert.lower()
    assert "https://" not in inert.lower()
    assert len(inert) <= 80


@given(st.text(alphabet="abc0189.-:[]@/", max_size=60))
def test_nothing_makes_them_fail(text):
    for read in (host_of, bare, core, tail, stem, network, is_address, is_government, is_well_known):
        read(text)
    assert parents(text) or not text
