"""Pictures and packages of what was seen: only real ones, only by their names, never anything a browser could run."""

import asyncio
import tempfile
from pathlib import Path

import pytest

from exporters.console.evidence import Album, named, type_of
from exporters.console.guard import POLICY
from model.ledger import Change
from tests.console.conftest import Page, Serve
from tests.console.gates import BAD, CAPTURE, HIDDEN, OTHER_CAPTURE, PORTAL_ABOUTS, SITE, Kept, png, province

PICTURE = f"/cong/{BAD}/anh/{CAPTURE}"
PACKAGE = f"/cong/{BAD}/chung-cu/000000000001.zip"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"


async def gate(serve: Serve, store: Kept | None) -> Page:
    return await serve(province(), abouts=PORTAL_ABOUTS, declared=lambda: SITE, evidence=store)


async def fetched(page: Page, path: str) -> tuple[int, bytes, dict[str, str]]:
    async with page.client.get(page.url + path) as answer:
        return answer.status, await answer.read(), dict(answer.headers)


@pytest.mark.parametrize(("body", "media"), [(png(), "image/png"), (JPEG, "image/jpeg")])
async def test_a_picture_comes_as_what_its_first_bytes_say(serve: Serve, body: bytes, media: str) -> None:
    status, answer, headers = await fetched(await gate(serve, Kept({CAPTURE: body})), PICTURE)
    assert (status, answer, headers["Content-Type"]) == (200, body, media)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"].startswith("private")


@pytest.mark.parametrize(
    "body", [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<!doctype html><script>1</script>", b"GIF89a", b"", b"\x89PNG"]
)
async def test_what_is_no_picture_is_not_served_at_all(serve: Serve, body: bytes) -> None:
    status, answer, headers = await fetched(await gate(serve, Kept({CAPTURE: body})), PICTURE)
    assert status == 404
    assert headers["Content-Type"].startswith("text/html")
    assert b"alert" not in answer


@pytest.mark.parametrize(
    "name", ["a1b2", "A1B2C3D4E5F60718293A4B5C", "..%2f..%2fetc%2fpasswd", f"{CAPTURE}0", f"{CAPTURE}%0a", "g1b2c3d4e5f60718293a4b5c", f"{CAPTURE}.png"]
)
async def test_only_names_of_captures_reach_the_store(serve: Serve, name: str) -> None:
    store = Kept({name: png()})
    assert (await fetched(await gate(serve, store), f"/cong/{BAD}/anh/{name}"))[0] == 404
    assert store.asked == []


async def test_without_a_store_there_is_nothing(serve: Serve) -> None:
    page = await gate(serve, None)
    assert [(await fetched(page, path))[0] for path in (PICTURE, PACKAGE)] == [404, 404]
    html = (await page.get(f"/cong/{BAD}"))[1]
    assert "/anh/" not in html
    assert "chung-cu" not in html + (await page.get("/phat-hien/000000000001"))[1]


async def test_a_package_is_a_download_and_leaves_nothing_behind(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    body = b"PK\x03\x04" + bytes(range(256)) * 3_000
    page = await gate(serve, Kept(packages={"000000000001": body}))
    status, answer, headers = await fetched(page, PACKAGE)
    assert (status, answer) == (200, body)
    assert headers["Content-Type"] == "application/zip"
    assert headers["Content-Disposition"] == 'attachment; filename="chung-cu-000000000001.zip"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    # The last byte is here before the handler is done: stopping waits for it.
    await page.stop()
    assert list(tmp_path.iterdir()) == []


async def test_a_package_is_asked_for_by_its_own_portal_and_only_if_something_was_kept(serve: Serve) -> None:
    page = await gate(serve, Kept(packages={"000000000001": b"PK"}))
    paths = (f"/cong/{HIDDEN}/chung-cu/000000000001.zip", f"/cong/{HIDDEN}/chung-cu/000000000002.zip", f"/cong/{BAD}/chung-cu/ffffffffffff.zip")
    assert [(await fetched(page, path))[0] for path in (*paths, f"/cong/{BAD}/chung-cu/..%2f1.zip")] == [404] * 4


async def test_a_store_that_cannot_be_read_is_said_and_does_not_take_the_page_with_it(serve: Serve) -> None:
    page = await gate(serve, Kept(broken=True))
    for path in (PICTURE, PACKAGE):
        status, answer, _ = await fetched(page, path)
        assert (status, "Chưa đọc được kho chứng cứ" in answer.decode()) == (503, True)
    status, html, _ = await page.get(f"/cong/{BAD}")
    assert (status, "/anh/" in html) == (200, False)
    assert "Trang không đọc được kho chứng cứ" in html


async def test_that_there_is_no_picture_is_said_too(serve: Serve) -> None:
    html = (await (await gate(serve, Kept())).get(f"/cong/{BAD}"))[1]
    assert "Chưa có ảnh chụp nào của cổng này." in html


async def test_packages_are_packed_one_at_a_time(serve: Serve) -> None:
    class Slow(Kept):
        at_once = most = 0

        def package(self, change: Change, out: Path) -> bool:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            made = super().package(change, out)
            self.at_once -= 1
            return made

    store = Slow(packages={"000000000001": b"PK" * 500_000})
    page = await gate(serve, store)
    answers = await asyncio.gather(*(fetched(page, PACKAGE) for _ in range(6)))
    assert [(status, len(body)) for status, body, _ in answers] == [(200, 1_000_000)] * 6
    assert store.most == 1


async def test_a_portals_page_shows_the_picture_of_the_worst_look_and_leads_to_its_package(serve: Serve) -> None:
    store = Kept({OTHER_CAPTURE: png()}, {"000000000001": b"PK"})
    page = await gate(serve, store)
    html = (await page.get(f"/cong/{BAD}"))[1]
    assert f'<img src="/cong/{BAD}/anh/{OTHER_CAPTURE}"' in html
    assert CAPTURE not in html.replace(OTHER_CAPTURE, "")
    assert 'loading="lazy"' in html
    assert f'href="{PACKAGE}"' in html
    assert f'href="{PACKAGE}"' in (await page.get("/phat-hien/000000000001"))[1]
    assert "/anh/" not in (await page.get(f"/cong/{HIDDEN}"))[1]


async def test_a_picture_is_looked_for_once(serve: Serve) -> None:
    store = Kept({OTHER_CAPTURE: png()})
    page = await gate(serve, store)
    for _ in range(3):
        await page.get(f"/cong/{BAD}")
    assert sorted(store.asked) == sorted(set(store.asked))


async def test_an_album_gives_up_after_some_and_takes_the_first_there_is() -> None:
    names = [f"{n:024x}" for n in range(20)]
    store = Kept({names[3]: png(), names[4]: png()})
    assert await Album(store).first(names) == names[3]
    assert await Album(store).first(names[5:]) == ""
    assert len(store.asked) == 4 + 6
    assert await Album(None).first(names) == ""
    assert named(["x", names[0], names[0], "../" + names[1]]) == [names[0]]
    assert [type_of(body) for body in (None, b"", JPEG, png(1, 1))] == ["", "", "image/jpeg", "image/png"]
