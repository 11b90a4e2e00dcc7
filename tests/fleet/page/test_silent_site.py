"""The pages of a site that is not heard say so before all that they show: it is of an earlier time."""

from __future__ import annotations

import re

from model.fleet.declared import FleetDeclared
from tests.fleet.filled import Filled
from tests.fleet.page.conftest import ServeFleet


async def test_a_silent_sites_pages_say_that_they_are_of_an_earlier_time(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared) -> None:
    page = await serve_fleet(filled, roster)
    for path in ("/", "/phat-hien", "/do-bao-phu", "/hop", "/bao-cao"):
        assert "đang im lặng: tỉnh nghe hộp lần cuối lúc 12/07/2025 09:14:03" in first_words((await page.get(f"/diem/xa-im{path}"))[1]), path
        assert "chưa nghe hộp nào" in first_words((await page.get(f"/diem/xa-moi{path}"))[1]), path
        assert first_words((await page.get(f"/diem/xa-a{path}"))[1]) == "", path


async def test_on_the_list_of_the_province_a_thing_without_a_name_is_told_by_its_kind(serve_fleet: ServeFleet, filled: Filled, roster: FleetDeclared) -> None:
    _, body, _ = await (await serve_fleet(filled, roster)).get("/phat-hien")
    assert "hai phân đoạn mạng lan0 ↔ lan1" in body
    assert "thiết bị #a0000000" in body
    assert "a0000000000000001" not in re.sub(r"<[^>]*>", "", body)


def first_words(body: str) -> str:
    """What stands first in the page's main part, where that is a warning."""
    found = re.search(r'<main [^>]*>\s*<output id="standing" data-live>(.*?)</output>', body, re.DOTALL)
    assert found is not None, "it is there also while the site is heard, so that it can come without a reload"
    return re.sub(r"<[^>]*>", "", found[1])
