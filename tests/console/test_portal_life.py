"""What real looks, folded and judged by the real rules, look like on the page as a portal's life goes on."""

from __future__ import annotations

from typing import Any

from model.times import DAY, HOUR, SECOND
from tests.console.commune import Journal
from tests.console.conftest import Page, Serve
from tests.console.test_pages import text_of
from tests.console.test_portals import marks, part, rows
from tests.model.portals.making import EVIL, ID, PERSONAS, Eyes, engine_of, known, take

SITE = known()


class Life:
    """An engine that is fed looks, and the page over what it holds."""

    def __init__(self, page: Page) -> None:
        self.page, self.engine, self.eyes = page, engine_of(SITE), Eyes()

    async def go(self, *looks: Any) -> tuple[str, str]:
        """The row of the list and the portal's page after these looks."""
        take(self.engine, looks)
        journal = self.page.journal
        journal.now = self.engine.view.now
        journal.watched = list(self.engine.view.portals.values())
        journal.judged = list(self.engine.verdicts.values())
        journal.changes = self.engine.standing()
        return rows((await self.page.get("/cong"))[1])[ID], (await self.page.get(f"/cong/{ID}"))[1]

    def mobile_sent(self, after: int) -> list[Any]:
        """A round in which phones alone are sent to the bookmaker."""
        return [
            self.eyes.sent(persona, after + n * 2 * SECOND, round=f"d{after}")
            if persona == "mobile"
            else self.eyes.look(persona, after + n * 2 * SECOND, round=f"d{after}")
            for n, persona in enumerate(PERSONAS)
        ]


async def test_a_portals_life_as_the_page_tells_it(serve: Serve) -> None:
    journal = Journal()
    page = await serve(journal, abouts=[detector.about for detector in engine_of(SITE).detectors.values()], declared=lambda: SITE)
    life = Life(page)

    row, one = await life.go(*life.eyes.round(0))
    assert text_of(row).endswith("đạt")
    assert {mark for mark in marks(row) if mark != "never"} == {"clean"}
    assert "Đang học đến" in part(one, "portal-way")
    assert "Chưa ghi nhận sự cố nào" in part(one, "portal-incidents")

    await life.go(*(look for day in range(1, 9) for look in life.eyes.round(day * DAY)))
    injected = 8 * DAY + HOUR
    row, one = await life.go(*life.mobile_sent(injected))
    assert "trung bình" in text_of(row)
    assert "mới thấy, chờ xem lại" in part(one, "portal-incidents")

    row, one = await life.go(*life.mobile_sent(injected + 62 * SECOND))
    assert "nghiêm trọng Cổng thông tin chuyển khách dùng điện thoại sang trang cá cược" in text_of(row)
    assert marks(row).count("dirty") == 1
    assert f"{EVIL}/ ngoài danh sách cho phép" in part(one, "portal-ways")
    assert "đã thấy lại 1/6 kiểu khách thấy (điện thoại Android) · " in part(one, "portal-incidents")
    assert "khách khác thấy nội dung khác VG-WEB-03 mới nghi ngờ, chờ thấy lặp lại" in part(one, "portal-incidents")
    assert part(one, "portal-incidents").count("chưa đến hạn") == 8

    last = injected + 64 * SECOND
    row, one = await life.go(*life.eyes.round(last + HOUR))
    assert "dirty" not in marks(row)
    assert "nghiêm trọng" in text_of(row)
    assert "1 giờ không thấy lại" in part(one, "portal-incidents")
    assert "lần vi phạm gần nhất" in part(one, "portal-ways")

    row, one = await life.go(*(look for delay in (6 * HOUR, DAY, 7 * DAY) for look in life.eyes.round(last + delay)))
    assert text_of(row).endswith("đạt")
    assert "không kiểu khách nào còn thấy" in part(one, "portal-incidents")
    assert "đã khắc phục" in part(one, "portal-findings")
    assert EVIL not in part(one, "portal-ways")


async def test_a_portal_that_fails_is_unknown_never_clean(serve: Serve) -> None:
    page = await serve(Journal(), abouts=[detector.about for detector in engine_of(SITE).detectors.values()], declared=lambda: SITE)
    life = Life(page)
    await life.go(*life.eyes.round(0))
    failures = [life.eyes.failed(persona, 2 * DAY + n * SECOND, "challenged") for n, persona in enumerate(PERSONAS)]
    row, one = await life.go(*failures)
    assert {mark for mark in marks(row) if mark != "never"} == {"unknown"}
    assert "chưa rõ" in text_of(row)
    assert "1 cổng theo dõi, 1 chưa nhìn rõ" in text_of((await page.get("/cong"))[1])
    assert part(one, "portal-saw").count("bị đòi mã xác nhận") >= len(PERSONAS)
