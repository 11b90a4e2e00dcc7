"""Hostile lists of names, in every form they are made in."""

import io
from typing import get_args

from collector.sensors.portals.feeds_formats import FeedFormat, names_in
from collector.sensors.portals.feeds_names import Names

SEEDS = (
    b"# x\n0.0.0.0 ads.example # y\n127.0.0.1 localhost\n:: a.example b.example\n",
    b"||ads.example^\n||*.b.example^$third-party\n@@||c.example^\n! x\n##.banner\n||d.example^$domain=e.example\n",
    b'"a.example"\n{"domain":"nh\xc3\xa0c\xc3\xa1i.example"}\n{"url":"https://u@b.example:1/x","x":[[[]]]}\n',
    "nhàcái.example\nxn--nhci-0nab.example\n*.c.example\n.gov.vn\n".encode(),
    b"a" * 5000 + b"\nb.example\n",
)


def fuzz_one(data: bytes) -> None:
    for kind in get_args(FeedFormat):
        found = list(names_in(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", errors="replace"), kind))
        names = Names(name for name in found if name)
        for name in found:
            assert name is None or (name.isascii() and name in names and name == name.lower())
            assert name is None or names.match(name) in {"", *(each for each in found if each)}
