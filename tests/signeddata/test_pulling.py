"""A running box that pulls its declared data from the province, and takes it by hand: signed, newer, tried out, in force at once."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from tests.servers.process import free_port
from tests.system.program import Box, address, fetched, ran, running, until
from tests.system.test_kill import spoken

TOKEN = "ma-cua-hop"


@pytest.fixture
def box() -> Iterator[Box]:
    """Short, for a Unix socket's path has at most 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        yield Box(Path(name)).site(more='name = "Viết tại hộp"\n').write()


class Province:
    """A folder of the province with its key, and what it serves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[int] = []
        self.body = b""
        assert ran("declared", "keygen", "--out", folder / "khoa").returncode == 0

    def sign(self, name: str, *more: str) -> bytes:
        place = self.folder / "xa"
        place.mkdir(exist_ok=True)
        (place / "site.toml").write_text(f'site = "diem-1"\nname = "{name}"\n')
        out = self.folder / "goi"
        done = ran("declared", "sign", place, "--box", "vonggac", "--key", self.folder / "khoa" / "declared.key", "--out", out, *more)
        assert done.returncode == 0, done.stderr
        return out.read_bytes()

    async def serve(self, request: web.Request) -> web.Response:
        """The bundle, to who has the token; 304 to who has it already."""
        tag = f'"{hash(self.body)}"'
        status = 401 if request.headers.get("Authorization") != f"Bearer {TOKEN}" else 304 if request.headers.get("If-None-Match") == tag else 200
        self.asked.append(status)
        return web.Response(status=status, body=self.body if status == 200 else b"", headers={"ETag": tag} if status != 401 else {})


@asynccontextmanager
async def served(province: Province) -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_get("/khai-bao/hop", province.serve)
    runner, port = web.AppRunner(application), free_port()
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{port}/khai-bao/hop"
    finally:
        await runner.cleanup()


def configured(box: Box, province: Province, url: str = "") -> None:
    token = box.folder / "token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    pulled = f'url = "{url}"\ntoken_file = "token"\nperiod = "1s"\n' if url else ""
    box.write(f'[bundle]\nkeys = ["{province.folder / "khoa" / "declared.pub"}"]\n{pulled}')


async def test_a_newer_bundle_is_in_force_within_a_period_and_what_is_wrong_changes_nothing(box: Box, tmp_path: Path) -> None:
    province = await asyncio.to_thread(Province, tmp_path)
    province.body = await asyncio.to_thread(province.sign, "Tỉnh ký lần một")
    async with served(province) as url:
        configured(box, province, url)
        with running(box, "run", rights=False) as process:
            page = await asyncio.to_thread(address, process)
            await asyncio.to_thread(until, lambda: "Tỉnh ký lần một" in fetched(page), "the first bundle")
            old, seen = province.body, len(province.asked)
            await asyncio.to_thread(until, lambda: 304 in province.asked[seen:], "a pull that brings nothing new")
            broken = old.replace("lần một".encode(), "lần hai".encode())
            province.body = broken
            await spoken(process, "chữ ký của gói khai báo không đúng")
            assert "Tỉnh ký lần một" in await asyncio.to_thread(fetched, page)
            province.body = await asyncio.to_thread(province.sign, "Tỉnh ký lần hai")
            await asyncio.to_thread(until, lambda: "Tỉnh ký lần hai" in fetched(page), "the second bundle")
            province.body = old
            await spoken(process, "không quay lại bản cũ")
            assert "Tỉnh ký lần hai" in await asyncio.to_thread(fetched, page)
            assert (box.folder / "declared" / "site.toml").read_text().count("lần hai") == 1
            assert TOKEN not in process.said()


async def test_a_province_that_cannot_be_reached_leaves_what_is_there(box: Box, tmp_path: Path) -> None:
    province = await asyncio.to_thread(Province, tmp_path)
    configured(box, province, f"http://127.0.0.1:{free_port()}/khai-bao/hop")
    with running(box, "run", rights=False) as process:
        page = await asyncio.to_thread(address, process)
        await spoken(process, "chưa lấy được gói khai báo")
        assert "Viết tại hộp" in await asyncio.to_thread(fetched, page)


async def test_a_bundle_carried_by_hand_is_taken_by_the_running_core_alone(box: Box, tmp_path: Path) -> None:
    province = await asyncio.to_thread(Province, tmp_path)
    await asyncio.to_thread(province.sign, "Mang bằng USB")
    configured(box, province)
    away = await asyncio.to_thread(ran, "declared", "pull", tmp_path / "goi", "--config", box.config)
    assert away.returncode == 1
    assert away.stderr.count("\n") == 1
    with running(box, "core", rights=False) as process:
        await spoken(process, "lõi đang chạy")
        done = await asyncio.to_thread(ran, "declared", "pull", tmp_path / "goi", "--config", box.config)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Mang bằng USB" in (box.folder / "declared" / "site.toml").read_text()
        (tmp_path / "goi").write_bytes(b"{}")
        refused = await asyncio.to_thread(ran, "declared", "pull", tmp_path / "goi", "--config", box.config)
        assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)


async def test_a_box_with_declared_data_of_its_own_takes_no_bundle(box: Box, tmp_path: Path) -> None:
    province = await asyncio.to_thread(Province, tmp_path)
    await asyncio.to_thread(province.sign, "Lạ")
    with running(box, "core", rights=False) as process:
        await spoken(process, "lõi đang chạy")
        done = await asyncio.to_thread(ran, "declared", "pull", tmp_path / "goi", "--config", box.config)
        assert done.returncode == 1
        assert "khai báo tại chỗ" in done.stderr
