"""The page of the network lists every probe with its last run, and says so where there is none."""

from __future__ import annotations

from exporters.console.words import TERMS
from model.rows import Sighting, Stamp
from model.times import HOUR
from model.wire.proof import ProofRow, Run
from tests.console.commune import NOW, Journal
from tests.console.conftest import Serve


def run(at: int, **fields) -> Run:
    return Run(stamp=Stamp(0, at, "probe", at % 97), **{"outcome": "sent", "tapped": True, **fields})


async def shown(serve: Serve, *rows: ProofRow) -> str:
    page = await serve(Journal(others=list(rows)))
    status, html, _ = await page.get("/ban-do")
    assert status == 200
    return html.partition('id="probes"')[2].partition("</section>")[0]


async def test_each_probe_stands_once_with_its_last_run(serve: Serve) -> None:
    late = run(NOW - HOUR, outcome="failed", detail="eth1 <đang> tắt")
    row = ProofRow(id="can-bo", seen=Sighting(NOW, NOW), runs={"nonce_raw>nguoi-dan": [run(NOW - 5 * HOUR), late], "dhcp>": [run(NOW - HOUR)]})
    html = await shown(serve, row)
    assert html.count("between-head") == 2
    assert "Khung thử lớp 2" in html
    assert "không gửi được: eth1 &lt;đang&gt; tắt" in html
    assert html.count("đã gửi") == 1


async def test_where_none_is_switched_on_the_page_says_so(serve: Serve) -> None:
    assert "Chưa bật thăm dò nào" in await shown(serve)


def test_every_kind_and_outcome_has_its_words() -> None:
    assert TERMS["probe"].keys() == {"nonce_raw", "nonce_udp", "routed", "dhcp", "gateway4", "gateway6", "line"}
    assert TERMS["probe_outcome"].keys() == {"sent", "no_address", "refused", "failed"}
