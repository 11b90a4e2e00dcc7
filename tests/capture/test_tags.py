"""Captures in which tags begin late: what tags ask of the filter is left until then, and loses or lets in nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.capturefile import BATCH, CaptureFile
from model.times import SECOND
from tests.capture import writers as w

START = 1_750_000_000 * SECOND
BULK = w.ethernet(w.ipv4(6, w.tcp(50_000, 443, 0x10, bytes(1000))), w.IPV4)


@pytest.mark.parametrize("before", [0, 1, BATCH, BATCH + 3])
def test_the_filter_leaves_tagged_bulk_out_from_the_first_tag_on(tmp_path: Path, before: int) -> None:
    tags = [(0x88A8, 100), (0x8100, 20)]
    bulk = w.ethernet(w.ipv4(6, w.tcp(50_000, 443, 0x10, bytes(1000))), w.IPV4, tags=tags)
    wanted = [w.mdns(n) for n in range(before)] + [w.mdns(before, tags), w.mdns(before + 1)]
    said = [*wanted[:before], *(bulk for _ in range(BATCH)), wanted[before], bulk, BULK, wanted[before + 1], bulk]
    path = tmp_path / "capture"
    path.write_bytes(w.pcap([(START + n * SECOND, data) for n, data in enumerate(said)]))
    batches = [packets for _, packets in CaptureFile(path, ["udp port 5353"]).batches()]
    assert [data for packets in batches for _, data in packets] == wanted
    assert all(batches)
