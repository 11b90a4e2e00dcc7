"""Hostile refresh values and the addresses in them."""

from collector.decode.web import refresh
from collector.decode.web.url import host_of, join, parse

BASE = "https://xa.tinh.gov.vn/a/b?c#d"
SEEDS = (
    b"0;url=https://u:p@x.example:8443/a/../b?c#d",
    b' 5 , URL = "//0x7f.1/"',
    b"1 http:\\\\[::ffff:10.0.0.1]/%2e%2e/",
    "0;url=http://nhàcái.example/đường dẫn".encode(),
    b"0;javascript:location='x'",
)


def fuzz_one(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    found = refresh.parse(text)
    for ref in (text, found[1] if found else ""):
        joined = join(BASE, ref)
        assert joined == "" or (parse(joined) is not None and (len(joined) > 4096 or join("", joined) == joined))
        assert host_of(joined).isprintable()
