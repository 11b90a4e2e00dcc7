"""URLs must be read as browsers read them: every expected value below is what Chromium 156 gave for `new URL(written, BASE)`."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from collector.decode.web.hosts import host_from
from collector.decode.web.url import Url, below, host_of, is_final, join, parse

BASE = "https://xa.tinh.gov.vn/web/guest/tin.html?x=1#f"

# written, href, hostname
BROWSER = (
    ("https://dichvucong.gov.vn@evil.test/", "https://dichvucong.gov.vn@evil.test/", "evil.test"),
    ("https://dichvucong.gov.vn:443@evil.test:444/p", "https://dichvucong.gov.vn:443@evil.test:444/p", "evil.test"),
    ("https://user:pa@ss@evil.test/", "https://user:pa%40ss@evil.test/", "evil.test"),
    ("HTTPS://EVIL.Test/A/../b/./c", "https://evil.test/b/c", "evil.test"),
    (" https://evil.test/x ", "https://evil.test/x", "evil.test"),
    ("ht\ttps://ev\til.test/a\nb", "https://evil.test/ab", "evil.test"),
    ("https:\\evil.test\\a\\b?c\\d", "https://xa.tinh.gov.vn/evil.test/a/b?c\\d", "xa.tinh.gov.vn"),
    ("https:/evil.test/one", "https://xa.tinh.gov.vn/evil.test/one", "xa.tinh.gov.vn"),
    ("https:evil.test/none", "https://xa.tinh.gov.vn/web/guest/evil.test/none", "xa.tinh.gov.vn"),
    ("https:////evil.test/four", "https://evil.test/four", "evil.test"),
    ("http://evil.test:80/", "http://evil.test/", "evil.test"),
    ("http://evil.test:443/", "http://evil.test:443/", "evil.test"),
    ("http://evil.test:/", "http://evil.test/", "evil.test"),
    ("http://evil.test:65536/", None, None),
    ("http://evil.test:8x/", None, None),
    ("http://2130706433/", "http://127.0.0.1/", "127.0.0.1"),
    ("http://0x7f000001/", "http://127.0.0.1/", "127.0.0.1"),
    ("http://0x7f.1/", "http://127.0.0.1/", "127.0.0.1"),
    ("http://017700000001/", "http://127.0.0.1/", "127.0.0.1"),
    ("http://0177.0.0.1/", "http://127.0.0.1/", "127.0.0.1"),
    ("http://127.1/", "http://127.0.0.1/", "127.0.0.1"),
    ("http://10.258/", "http://10.0.1.2/", "10.0.1.2"),
    ("http://1.2.3.4.5/", None, None),
    ("http://256.1.1.1/", None, None),
    ("http://1.2.3.256/", None, None),
    ("http://4294967296/", None, None),
    ("http://169.254.169.254/latest", "http://169.254.169.254/latest", "169.254.169.254"),
    ("http://169.254.43518/", "http://169.254.169.254/", "169.254.169.254"),
    ("http://0xA9FEA9FE/", "http://169.254.169.254/", "169.254.169.254"),
    ("http://0251.0376.0251.0376/", "http://169.254.169.254/", "169.254.169.254"),
    ("http://[::ffff:10.0.0.1]/", "http://[::ffff:a00:1]/", "[::ffff:a00:1]"),
    ("http://[::1]:8080/", "http://[::1]:8080/", "[::1]"),
    ("http://[0:0:0:0:0:ffff:7f00:1]/", "http://[::ffff:7f00:1]/", "[::ffff:7f00:1]"),
    ("http://[fe80::1%25eth0]/", None, None),
    ("http://[::1/", None, None),
    ("http://[1:2:3:4:5:6:7:8:9]/", None, None),
    ("http://[2001:DB8::0:1]/", "http://[2001:db8::1]/", "[2001:db8::1]"),
    ("http://%65vil.test/", "http://evil.test/", "evil.test"),
    ("http://%31%32%37.0.0.1/", "http://127.0.0.1/", "127.0.0.1"),
    ("http://ev%00il.test/", None, None),
    ("http://evil.test%2fa/", None, None),
    ("http://evil<.test/", None, None),
    ("http://１２７.０.０.１/", "http://127.0.0.1/", "127.0.0.1"),
    ("http://evil。test/", "http://evil.test/", "evil.test"),
    ("http://ｅｖｉｌ.test/", "http://evil.test/", "evil.test"),
    ("http://nhàcái.test/", "http://xn--nhci-1nah.test/", "xn--nhci-1nah.test"),
    ("http://NHÀCÁI.TEST/", "http://xn--nhci-1nah.test/", "xn--nhci-1nah.test"),
    ("http://nhàcái.test/", "http://xn--nhci-1nah.test/", "xn--nhci-1nah.test"),
    ("http://xn--nhci-0na7f.test/", "http://xn--nhci-0na7f.test/", "xn--nhci-0na7f.test"),
    ("http://faß.test/", "http://xn--fa-hia.test/", "xn--fa-hia.test"),
    ("http://evil\xad.test/", "http://evil.test/", "evil.test"),
    ("http://e\u200bvil.test/", "http://evil.test/", "evil.test"),
    ("http://😀.test/", "http://xn--e28h.test/", "xn--e28h.test"),
    ("http://кувин.test/", "http://xn--b1ameo1a.test/", "xn--b1ameo1a.test"),
    ("http://evil.test./", "http://evil.test./", "evil.test."),
    ("http://evil..test/", "http://evil..test/", "evil..test"),
    ("http://.evil.test/", "http://.evil.test/", ".evil.test"),
    ("http://evil_x.test/", "http://evil_x.test/", "evil_x.test"),
    ("http:///evil.test/", "http://evil.test/", "evil.test"),
    ("http://", None, None),
    ("http:", None, None),
    ("http://?q", None, None),
    ("http://#f", None, None),
    ("javascript:alert(1)", "javascript:alert(1)", ""),
    ("JaVaScRiPt:alert(1)", "javascript:alert(1)", ""),
    (" java\tscript:alert(1)", "javascript:alert(1)", ""),
    ("data:text/html,<p>x", "data:text/html,<p>x", ""),
    ("blob:https://evil.test/uuid", "blob:https://evil.test/uuid", ""),
    ("mailto:a@b.test", "mailto:a@b.test", ""),
    ("about:blank", "about:blank", ""),
    ("tel:113", "tel:113", ""),
    ("ftp://evil.test:21/a", "ftp://evil.test/a", "evil.test"),
    ("//evil.test/x", "https://evil.test/x", "evil.test"),
    ("///evil.test/x", "https://evil.test/x", "evil.test"),
    ("////evil.test/x", "https://evil.test/x", "evil.test"),
    ("/\\evil.test/x", "https://evil.test/x", "evil.test"),
    ("\\\\evil.test\\x", "https://evil.test/x", "evil.test"),
    ("\\/evil.test", "https://evil.test/", "evil.test"),
    ("/a/b", "https://xa.tinh.gov.vn/a/b", "xa.tinh.gov.vn"),
    ("./c", "https://xa.tinh.gov.vn/web/guest/c", "xa.tinh.gov.vn"),
    ("../c", "https://xa.tinh.gov.vn/web/c", "xa.tinh.gov.vn"),
    ("../../../../c", "https://xa.tinh.gov.vn/c", "xa.tinh.gov.vn"),
    ("?y=2", "https://xa.tinh.gov.vn/web/guest/tin.html?y=2", "xa.tinh.gov.vn"),
    ("#g", "https://xa.tinh.gov.vn/web/guest/tin.html?x=1#g", "xa.tinh.gov.vn"),
    ("", "https://xa.tinh.gov.vn/web/guest/tin.html?x=1", "xa.tinh.gov.vn"),
    ("a b", "https://xa.tinh.gov.vn/web/guest/a%20b", "xa.tinh.gov.vn"),
    ("a%2e%2e/b", "https://xa.tinh.gov.vn/web/guest/a%2e%2e/b", "xa.tinh.gov.vn"),
    ("%2e%2e/x", "https://xa.tinh.gov.vn/web/x", "xa.tinh.gov.vn"),
    ("x/%2E/y", "https://xa.tinh.gov.vn/web/guest/x/y", "xa.tinh.gov.vn"),
    (".%2e/z", "https://xa.tinh.gov.vn/web/z", "xa.tinh.gov.vn"),
    ("a//b", "https://xa.tinh.gov.vn/web/guest/a//b", "xa.tinh.gov.vn"),
    ("/..//evil.test", "https://xa.tinh.gov.vn//evil.test", "xa.tinh.gov.vn"),
    ("https:x", "https://xa.tinh.gov.vn/web/guest/x", "xa.tinh.gov.vn"),
    ("https:/x", "https://xa.tinh.gov.vn/x", "xa.tinh.gov.vn"),
    ("http:x", "http://x/", "x"),
    ("https:?q", "https://xa.tinh.gov.vn/web/guest/tin.html?q", "xa.tinh.gov.vn"),
    ("https:#z", "https://xa.tinh.gov.vn/web/guest/tin.html?x=1#z", "xa.tinh.gov.vn"),
    (":x", "https://xa.tinh.gov.vn/web/guest/:x", "xa.tinh.gov.vn"),
    ("1:x", "https://xa.tinh.gov.vn/web/guest/1:x", "xa.tinh.gov.vn"),
    ("x:y", "x:y", ""),
    ("//[::1]", "https://[::1]/", "[::1]"),
    ("//", None, None),
    ("///", None, None),
    ("/?u=https://evil.test", "https://xa.tinh.gov.vn/?u=https://evil.test", "xa.tinh.gov.vn"),
    ("?u=//evil.test", "https://xa.tinh.gov.vn/web/guest/tin.html?u=//evil.test", "xa.tinh.gov.vn"),
    (".", "https://xa.tinh.gov.vn/web/guest/", "xa.tinh.gov.vn"),
    ("..", "https://xa.tinh.gov.vn/web/", "xa.tinh.gov.vn"),
    ("./", "https://xa.tinh.gov.vn/web/guest/", "xa.tinh.gov.vn"),
    ("a/..", "https://xa.tinh.gov.vn/web/guest/", "xa.tinh.gov.vn"),
    ("a/../", "https://xa.tinh.gov.vn/web/guest/", "xa.tinh.gov.vn"),
    ('"quoted"', "https://xa.tinh.gov.vn/web/guest/%22quoted%22", "xa.tinh.gov.vn"),
    (
        "đường/dẫn?tên=giá trị#mảnh",
        "https://xa.tinh.gov.vn/web/guest/%C4%91%C6%B0%E1%BB%9Dng/d%E1%BA%ABn?t%C3%AAn=gi%C3%A1%20tr%E1%BB%8B#m%E1%BA%A3nh",
        "xa.tinh.gov.vn",
    ),
    ("x?a'b\"c<d>e`f", "https://xa.tinh.gov.vn/web/guest/x?a%27b%22c%3Cd%3Ee`f", "xa.tinh.gov.vn"),
    ("x#a'b\"c<d>e`f", "https://xa.tinh.gov.vn/web/guest/x#a'b%22c%3Cd%3Ee%60f", "xa.tinh.gov.vn"),
    ("x/a'b\"c<d>e`f^g|h{i}", "https://xa.tinh.gov.vn/web/guest/x/a'b%22c%3Cd%3Ee%60f%5Eg%7Ch%7Bi%7D", "xa.tinh.gov.vn"),
    ("https://evil.test?x=1", "https://evil.test/?x=1", "evil.test"),
    ("https://evil.test#x", "https://evil.test/#x", "evil.test"),
    ("https://evil.test\\@good.gov.vn/", "https://evil.test/@good.gov.vn/", "evil.test"),
    ("https://good.gov.vn\\.evil.test/", "https://good.gov.vn/.evil.test/", "good.gov.vn"),
    ("https://good.gov.vn%40evil.test/", None, None),
    ("https://good.gov.vn%5c.evil.test/", None, None),
    ("https://evil.test/%zz%41", "https://evil.test/%zz%41", "evil.test"),
    ("http://a.b@c.d@evil.test:81/x", "http://a.b%40c.d@evil.test:81/x", "evil.test"),
    ("http://:80/", None, None),
    ("http://@/x", None, None),
    ("http://user@/x", None, None),
    ("wss://evil.test:443/s", "wss://evil.test/s", "evil.test"),
    ("http://0/", "http://0.0.0.0/", "0.0.0.0"),
    ("http://0x/", "http://0.0.0.0/", "0.0.0.0"),
    ("http://00.0x0.0.0/", "http://0.0.0.0/", "0.0.0.0"),
    ("http://1.0xg/", "http://1.0xg/", "1.0xg"),
    ("http://a.0x1/", None, None),
    ("http://a.1/", None, None),
    ("http://1.a/", "http://1.a/", "1.a"),
    ("http://09.1.1.1/", None, None),
    ("http://127.0.0.1./", "http://127.0.0.1/", "127.0.0.1"),
    ("http://127.0.0.1../", "http://127.0.0.1../", "127.0.0.1.."),
    ("http://[::ffff:1.2.3]/", None, None),
    ("http://[::1.2.3.4]/", "http://[::102:304]/", "[::102:304]"),
    ("http://[1::2::3]/", None, None),
    ("http://[:1]/", None, None),
    ("http://[g::]/", None, None),
    ("http://①②⑦.0.0.1/", "http://127.0.0.1/", "127.0.0.1"),
    ("http://evil.test/a\x01b", "http://evil.test/a%01b", "evil.test"),
    ("file:///etc/passwd", "file:///etc/passwd", ""),
    ("view-source:https://evil.test/", "view-source:https://evil.test/", ""),
    ("https://evil.test:0443/", "https://evil.test/", "evil.test"),
    ("https://evil.test:0000000000000000000000444/", "https://evil.test:444/", "evil.test"),
    ("intent://evil.test#Intent;scheme=https;end", "intent://evil.test#Intent;scheme=https;end", "evil.test"),
    ("zalo://qr/p/x", "zalo://qr/p/x", "qr"),
)


@pytest.mark.parametrize(("written", "href", "host"), BROWSER)
def test_as_chromium_reads_it(written, href, host):
    found = parse(written, parse(BASE))
    assert (found and found.href, found and found.host) == (href, host)


@pytest.mark.parametrize(("written", "href", "host"), BROWSER)
def test_join_and_host_agree_with_it(written, href, host):
    joined = join(BASE, written)
    assert joined == (href or "")
    assert host_of(joined) == (host or "")


def test_a_host_with_a_space_is_refused_by_the_standard():
    # Chromium asks the name "ev%20il.test", which no name server has.
    assert parse("http://ev il.test/") is None


def test_half_a_letter_is_no_letter():
    assert join(BASE, "/\ud83d") == "https://xa.tinh.gov.vn/%EF%BF%BD"
    assert parse("http://\ud83d.test/") is None


def test_relative_needs_a_base():
    assert join("", "/x") == ""
    assert join("", "https://a.test") == "https://a.test/"
    assert join("javascript:1", "x") == ""
    assert join("not a url", "/x") == ""


def test_parts():
    assert parse("https://u:p@a.test:8443/x?y#z") == Url("https", "a.test", 8443, "/x", "y", "z", "u:p")
    assert parse("https://u:p@a.test:8443/x?y#z").origin == "https://a.test:8443"


def test_long_ones_cost_little():
    began = time.process_time()
    for hostile in (
        "http://" + "é" * 1_000_000,
        "http://" + "a." * 1_000_000,
        "/" + "../" * 1_000_000,
        "//" + "@" * 1_000_000,
        "http://[" + ":" * 1_000_000,
        "%" * 10**6,
    ):
        join(BASE, hostile)
        host_of(hostile)
        host_from(hostile)
    assert time.process_time() - began < 2


@given(st.text(max_size=60))
@example("//é")
@example("http:/\\/[::1")
@example("\ud800:")
def test_whatever_is_written_joins_to_a_fixed_point(written):
    joined = join(BASE, written)
    if joined and len(joined) < 1024:
        assert join(BASE, joined) == joined
        assert host_of(joined) == parse(joined).host


@given(st.text(alphabet="ahtps:/\\@.%20[]0x1ñ?#\t ", max_size=40))
def test_url_shaped_text_joins_to_a_fixed_point(written):
    joined = join(BASE, written)
    assert joined == "" or join("", joined) == joined


SHORT = (
    "/", "/a", "/a/b.html", "b.html", "a/b?c=/d%20", ".", "./a", "../a", "a:b", "?a", "#a", "//a", "/a?b=c", "/a//b", "/a.b.c", "/.a", "/a/./b", "/a/../b",
    "/a%2e", "/a b", "/đ", "/a#b", "/a/..",
)  # fmt: skip
BASES = tuple(map(parse, (BASE, "http://a:b@xa.tinh.gov.vn:8080/c/d.html?e#f", "https://xa.tinh.gov.vn/.g/h", "ftp://xa.tinh.gov.vn/i")))


def test_a_plain_path_takes_the_short_cut():
    assert below(parse("https://xa.tinh.gov.vn/c/d.html?e#f"), "g/h.html?i=1") == "https://xa.tinh.gov.vn/c/g/h.html?i=1"


@pytest.mark.parametrize("ref", SHORT)
def test_short_cuts_change_nothing(ref):
    for base in BASES:
        assert below(base, ref) in ("", parse(ref, base).href)
    absolute = "https://khac.example" + ref
    assert not is_final(absolute) or parse(absolute).href == absolute


@given(st.text(alphabet="/.?%2eaA=&-~:@[]|^", max_size=20))
def test_short_cuts_never_change_anything(tail):
    for base in BASES:
        for ref in (tail, "/" + tail):
            short = below(base, ref)
            assert not short or parse(ref, base).href == short
    absolute = "https://khac.example/" + tail
    assert not is_final(absolute) or parse(absolute).href == absolute
