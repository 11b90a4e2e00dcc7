"""Lists of names in the forms their makers use, and files that are no list."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.hostnames import host_name
from collector.sensors.portals.feeds_formats import FeedFormat, names_in


def read(text: str | bytes, kind: FeedFormat) -> tuple[list[str], int]:
    """The names, and how many lines were junk; the text is opened as the loader opens a file."""
    raw = text.encode() if isinstance(text, str) else text
    found = list(names_in(io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8-sig", errors="replace"), kind))
    return [name for name in found if name is not None], found.count(None)


HOSTS = """# Title: gambling
127.0.0.1 localhost
::1 localhost ip6-loopback
255.255.255.255 broadcasthost
0.0.0.0 0.0.0.0

0.0.0.0 nhacai77.example # with a remark
127.0.0.1\tWWW.NhaCai77.Example. second.example
:: six.example
10.1.2.3 mapped.example
lonely.example
"""


def test_hosts() -> None:
    assert read(HOSTS, "hosts") == (["nhacai77.example", "www.nhacai77.example", "second.example", "six.example"], 2)


def test_plain_names() -> None:
    text = "# remark\n! remark\n// remark\n\nnhacai77.example\n*.wild.example\n.dotted.example\n  NhaCai.Example.  # remark\nnhàcái.example\nno name\n1.2.3.4\nhttps://a.example/\n"
    assert read(text, "domains") == (["nhacai77.example", "wild.example", "dotted.example", "nhacai.example", host_name("nhàcái.example")], 3)


def test_rules_of_ad_blockers() -> None:
    text = """[Adblock Plus 2.0]
! Title: x
||nhacai77.example^
||*.wild.example^
||third.example^$third-party
||all.example^$all,important
||bare.example
||some.example^$domain=a.example
||taken-back.example^$badfilter
@@||good.example^
||path.example/ads/*
||star*.example^
example.com##.banner
/banner/*
|https://start.example^
"""
    assert read(text, "adblock") == (["nhacai77.example", "wild.example", "third.example", "all.example", "bare.example"], 0)


def test_lines_of_json() -> None:
    text = """{"domain": "nhacai77.example", "added": "2026-01-01", "tags": [1, {"a": null}]}
{"host": "b.example"}
{"url": "https://user@c.example:8443/x?y#z"}
{"name": "d.example"}
"e.example"
{"domain": 5}
{"other": "f.example"}
{"domain": "x y"}
[]
{
"""
    assert read(text, "jsonl") == (["nhacai77.example", "b.example", "c.example", "d.example", "e.example"], 5)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_any_line_ends_and_a_mark_before(ends: str) -> None:
    assert read(b"\xef\xbb\xbf" + ends.join(["a.example", "b.example"]).encode(), "domains") == (["a.example", "b.example"], 0)


@pytest.mark.parametrize("kind", ["hosts", "domains", "jsonl"])
@pytest.mark.parametrize(
    "raw",
    [
        b"<!DOCTYPE html>\n<html>\n<body>\n<h1>404 Not Found</h1>\n</body></html>\n",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        "a.example\nb.example\n".encode("utf-16"),
        b"\x00" * 10_000,
        b"x" * 100_000,
    ],
    ids=["page", "picture", "utf-16", "zeros", "one-line"],
)
def test_what_is_no_list_gives_no_name(raw: bytes, kind: FeedFormat) -> None:
    names, junk = read(raw, kind)
    assert names == []
    assert junk


def test_the_rest_of_a_line_without_end_is_no_line() -> None:
    assert read("x" * 4095 + "y" * 4095 + " a.example\nb.example\n", "domains") == (["b.example"], 1)
    assert read("0.0.0.0 " + " ".join(f"n{number}.example" for number in range(100)) + "\n", "hosts")[0][-1] == "n99.example"


def test_json_that_never_ends_is_junk() -> None:
    assert read("[" * 4000 + "\n" + '{"a":' * 700 + "\n", "jsonl") == ([], 2)


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from(["hosts", "domains", "adblock", "jsonl"]))
def test_any_text_gives_names_in_the_form_of_facts(text: str, kind: FeedFormat) -> None:
    for name in read(text.encode("utf-8", "replace"), kind)[0]:
        assert host_name(name) == name
        assert name.isascii()
