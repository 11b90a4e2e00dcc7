"""Sitemaps and robots.txt, honest, injected, broken and hostile."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.web.read import read_page
from collector.decode.web.robots import Rule, read_robots
from collector.decode.web.sitemap import MOST, is_sitemap, read_sitemap

OWN = "https://xa.tinh.gov.vn/sitemap.xml"


def sitemap(addresses):
    return ("<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='x'>" + "".join(f"<url><loc>{a}</loc></url>" for a in addresses) + "</urlset>").encode()


HONEST = [
    f"https://xa.tinh.gov.vn/tin-tuc/{slug}-{n}.html"
    for n in range(40)
    for slug in ("lich-tiep-cong-dan-2024", "thong-bao-tuyen-dung", "ke-hoach-phong-chong-lut-bao")
]
FLOOD = [
    f"https://xa.tinh.gov.vn/{word}{number}-{end}-{n}"
    for n in range(40)
    for word, number, end in (("sao", 88, "login"), ("vui", "4d", "daftar"), ("may", "toto", "link"))
]


def test_an_honest_one():
    found = read_sitemap(sitemap(HONEST), OWN)
    assert (len(found.entries), found.children, found.hosts, found.signs, found.truncated) == (120, (), (), (), False)


def test_a_flood():
    for addresses in (FLOOD, HONEST + FLOOD):
        (sign,) = read_sitemap(sitemap(addresses), OWN).signs
        assert (sign.kind, sign.gambling) == ("sitemap_flood", True)


def test_a_few_odd_ones_are_no_flood():
    assert read_sitemap(sitemap([*HONEST, *FLOOD[:3]]), OWN).signs == ()


def test_other_hosts():
    found = read_sitemap(sitemap([f"https://khac.example/{n}" for n in range(20)]), OWN)
    assert found.hosts == ("khac.example",)
    assert [(sign.kind, sign.hosts) for sign in found.signs] == [("foreign_tag", ("khac.example",))]


def test_an_index():
    body = b"<sitemapindex><sitemap><loc>/a.xml</loc></sitemap><sitemap><loc><![CDATA[https://xa.tinh.gov.vn/b.xml]]></loc></sitemap></sitemapindex>"
    found = read_sitemap(body, OWN)
    assert (found.entries, found.children) == ((), ("https://xa.tinh.gov.vn/a.xml", "https://xa.tinh.gov.vn/b.xml"))


def test_entities_prefixes_and_alternates():
    body = (
        b"<ns:urlset><ns:url><ns:loc> https://xa.tinh.gov.vn/?a=1&amp;b=2 </ns:loc>"
        b"<xhtml:link rel='alternate' hreflang='en' href='https://khac.example/en'/></ns:url></ns:urlset>"
    )
    found = read_sitemap(body, OWN)
    assert (found.entries, found.hosts) == (("https://xa.tinh.gov.vn/?a=1&b=2",), ("khac.example",))


def test_plain_text():
    assert read_sitemap("\ufeffhttps://xa.tinh.gov.vn/a\r\nkhông\nhttps://xa.tinh.gov.vn/b\n".encode(), OWN).entries == (
        "https://xa.tinh.gov.vn/a",
        "https://xa.tinh.gov.vn/b",
    )


def test_bombs_cost_little():
    bomb = (
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>"
        + b"".join(b"<!ENTITY a%d '&a;&a;&a;'>" % n for n in range(100))
        + b"]><urlset><loc>&a99;</loc></urlset>"
    )
    began = time.process_time()
    assert read_sitemap(bomb, OWN).entries == ("https://xa.tinh.gov.vn/&a99;",)
    many = read_sitemap(sitemap(f"https://xa.tinh.gov.vn/{n}" for n in range(MOST + 10)), OWN)
    assert (len(many.entries), many.truncated) == (MOST, True)
    for hostile in (b"<loc>" * 400_000, b"<link " * 300_000, b"<loc" + b" " * 2_000_000, b"<" * 2_000_000):
        read_sitemap(hostile, OWN)
    assert time.process_time() - began < 8


def test_a_sitemap_given_as_a_page():
    reading = read_page(sitemap(FLOOD).decode(), OWN)
    assert [sign.kind for sign in reading.signs] == ["sitemap_flood"]
    assert reading.pages[0] == FLOOD[0]
    assert read_page(sitemap(FLOOD).decode(), "").signs[0].kind == "sitemap_flood"


def test_what_is_a_sitemap():
    assert is_sitemap(b"<?xml version='1.0'?>\n<sm:urlset>")
    assert not is_sitemap(b"<?xml version='1.0'?><!DOCTYPE html><html>")


@given(st.binary(max_size=300))
def test_any_bytes(data):
    for body in (data, b"<urlset><loc>" + data + b"</loc>"):
        assert len(read_sitemap(body, OWN).entries) <= MOST


ROBOTS = """\ufeff# của xã
User-agent: *
User-Agent: Bingbot
Disallow: /admin/   # trong
Allow: /admin/help
Disallow:
Crawl-delay: 5

User-agent: Googlebot
Allow: /slot/
Sitemap: https://xa.tinh.gov.vn/sitemap.xml
sitemap:/sitemap2.xml
User-agent: vonggac
Disallow: /rieng$
"""


def test_robots():
    found = read_robots(ROBOTS)
    assert found.sitemaps == ("https://xa.tinh.gov.vn/sitemap.xml", "/sitemap2.xml")
    assert found.rules == (Rule(allow=False, path="/admin/"), Rule(allow=True, path="/admin/help"))
    assert found.us == (Rule(allow=False, path="/rieng$"),)
    assert found.engines == ("googlebot: allow /slot/",)
    assert found.lines[0] == "*, bingbot: disallow /admin/"


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /a", "/a/b", False),
        ("Disallow: /a", "/b", True),
        ("Disallow: /a\nAllow: /a/b", "/a/bc", True),
        ("Disallow: /*.pdf$", "/x/y.pdf", False),
        ("Disallow: /*.pdf$", "/x/y.pdf?z", True),
        ("Disallow: /x*y*z", "/x1y2z3", False),
        ("Disallow: /x*y*z", "/x1z2y3", True),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /", "/x", False),
        ("", "/x", True),
    ],
)
def test_which_paths(rules, path, allowed):
    assert read_robots(f"User-agent: *\n{rules}").allows(path) is allowed


@given(st.text(max_size=300), st.text(max_size=30))
def test_any_text(text, path):
    assert read_robots("User-agent: *\nDisallow: " + text).allows(path) in (True, False)


def test_hostile_robots_cost_little():
    began = time.process_time()
    for text in ("User-agent: a\n" * 200_000, "User-agent: *\n" + "Disallow: /*a*a*a*a*a*a*a*a$\n" * 30_000, ":" * 2_000_000):
        read_robots(text).allows("/" + "a" * 2000)
    assert time.process_time() - began < 3
