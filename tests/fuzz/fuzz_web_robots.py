"""Hostile robots.txt."""

from collector.decode.web.robots import read_robots

SEEDS = (
    b"User-agent: *\nDisallow: /*a*b$\nAllow: /\nSitemap: https://xa.tinh.gov.vn/s.xml\n",
    b"\xef\xbb\xbfuser-agent:vonggac\r\nuser-agent: googlebot\r\ndisallow:/x # y\r\n",
)


def fuzz_one(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    found = read_robots(text)
    assert found.allows(text[:200]) in (True, False)
    assert len(found.lines) <= 2000
