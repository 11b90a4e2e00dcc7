"""The report inside the page: read, printed, kept as files."""

from __future__ import annotations

import json

from exporters.report import gather, stored
from tests.console.commune import Journal
from tests.console.conftest import Serve
from tests.report.site import ABOUTS, DECLARED, HOSTILE, change, finding, journal


async def test_the_page_holds_the_report_and_offers_it_as_files(serve: Serve) -> None:
    page = await serve(journal(), abouts=ABOUTS, declared=lambda: DECLARED)
    status, html, headers = await page.get("/bao-cao")
    assert status == 200
    assert "style-src 'self'" in headers["Content-Security-Policy"]
    assert html.count('<table class="matters carded">') == 1
    assert "<style" not in html
    assert HOSTILE not in html
    assert 'href="/bao-cao/xa-a-20250715.json"' in html
    assert 'aria-current="page">Báo cáo' in html


async def test_each_file_is_one_to_keep(serve: Serve) -> None:
    page = await serve(journal(), abouts=ABOUTS, declared=lambda: DECLARED)
    for kind, beginning in (("html", "<!doctype html>"), ("json", "{"), ("csv", "\ufeffPhần")):
        status, text, headers = await page.get(f"/bao-cao/xa-a-20250715.{kind}")
        assert (status, text.startswith(beginning)) == (200, True), kind
        assert headers["Content-Disposition"] == f'attachment; filename="xa-a-20250715.{kind}"'
    assert (await page.get("/bao-cao/x.exe"))[0] == 404
    assert (await page.get("/bao-cao?lang=en"))[1].count("The fifteen matters") == 1


async def test_the_page_goes_on_from_the_last_scheduled_report(serve: Serve) -> None:
    before = stored(await gather(Journal(changes=[change(finding(2))]), DECLARED, ABOUTS))
    page = await serve(Journal(changes=[change(finding(1)), change(finding(2))]), abouts=ABOUTS, declared=lambda: DECLARED, previous=lambda: before)
    told = json.loads((await page.get("/bao-cao/x.json"))[1])
    assert told["numbers"] == {f"{2:012x}": 1, f"{1:012x}": 2}
    assert told["comparison"]["new"] == [2]


async def test_a_damaged_last_report_begins_a_new_series(serve: Serve) -> None:
    page = await serve(journal(), abouts=ABOUTS, declared=lambda: DECLARED, previous=lambda: b"half a rep")
    status, html, _ = await page.get("/bao-cao")
    assert status == 200
    assert "báo cáo đầu tiên của loạt" in html
