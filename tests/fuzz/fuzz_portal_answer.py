"""Hostile answers of portals beside the page itself: heads, cookies, certificates, refusals, and the proxy's and the resolver's view of them."""

from collector.decode import dnsmessage
from collector.decode.error import DecodeError
from collector.decode.web.url import parse
from collector.sensors.portals import certificate, resolver
from collector.sensors.portals.browser import proxy
from collector.sensors.portals.challenge import obstacle
from collector.sensors.portals.cookies import LONGEST, MOST, Jar
from tests.fuzz.checks import AT
from tests.fuzz.fuzz_dns import SEEDS as _DNS

_URL = parse("https://xa.tinh.gov.vn/a/b")
_DER = bytes.fromhex("3036a0030201020201013000300f310d300b06035504030c0458c3a9413022170d3235303130313030303030305a180f32303530303130313030303030305a3000")
SEEDS = (
    b"a=b; Domain=.tinh.gov.vn; Path=/a; Max-Age=100; Secure\nc=d; Expires=Wed, 21 Oct 2026 07:28:00 GMT\ne=; Max-Age=-1",
    b"GET http://xa.tinh.gov.vn:80/a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 0",
    b"CONNECT [::1]:443 HTTP/1.1\r\nProxy-Authorization: Basic eDp5",
    b"<title>Just a moment...</title><script>document.cookie='a=1';location.reload(true)</script>",
    _DER,
    *_DNS,
)


def fuzz_one(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    _cookies(text.split("\n"))
    for status in (200, 404, 503):
        obstacle(status, {"cf-mitigated": text[:20]}, text, len(text.split()))
    read = certificate.read(data)
    assert all(part.isprintable() for part in (read.issuer, read.subject))
    assert 0 <= read.not_after < 2**63
    _asked(data)
    _resolved(data)


def _cookies(lines: list[str]) -> None:
    jar = Jar()
    jar.take(_URL, lines, AT)
    assert len(jar) <= MOST
    assert len(jar.header(_URL, AT)) <= MOST * (LONGEST + 2)


def _asked(head: bytes) -> None:
    try:
        asked = proxy.parse(head)
    except proxy.NotForUs:
        return
    assert asked.host
    proxy._head(asked)


def _resolved(data: bytes) -> None:
    query = resolver._question("xa.tinh.gov.vn", resolver.A, 0x1234)
    resolver._answers(query, data)
    try:
        message = dnsmessage.read(data, 0, len(data))
    except DecodeError:
        return
    assert resolver._told("xa.tinh.gov.vn", resolver.A, message, data).state in {"resolves", "missing", "empty", "failed"}
