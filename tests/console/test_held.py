"""What is held, and why nobody is called, stands on the page of deliveries."""

import msgspec

from exporters.maintenance import Window
from model.times import HOUR
from tests.console.commune import NOW, busy
from tests.console.conftest import Serve
from tests.console.test_pages import text_of

HOSTILE = "<script>alert(1)</script>"


async def test_windows_that_are_not_over_and_what_is_held_are_shown_in_both_languages(serve: Serve) -> None:
    window = Window(id="a1", site="xa-a", detector="VG-NET-02", begins=NOW - HOUR, ends=NOW + HOUR, by="Lan", why=HOSTILE)
    windows = [window, msgspec.structs.replace(window, id="a2", detector="", ends=NOW - 1, why="đã xong")]
    journal = busy()
    journal.statuses = [msgspec.structs.replace(status, held=3) for status in journal.statuses[:1]]
    page = await serve(journal, windows=lambda: windows)
    html = (await page.get("/gui-di"))[1]
    said = text_of(html)
    assert "Bảo trì: không gọi người trực" in said
    assert "1.204 và 3 giữ lại" in said
    assert "xa-a VG-NET-02" in said
    assert "đã xong" not in said
    assert HOSTILE not in html
    assert "Maintenance: nobody is called" in text_of((await page.get("/gui-di?lang=en"))[1])


async def test_without_maintenance_nothing_is_said_of_it(serve: Serve) -> None:
    assert "Bảo trì" not in text_of((await (await serve(busy())).get("/gui-di"))[1])
