"""`vonggac inspect` without a network of its own: its options, what it refuses, and portals on loopback to their end."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from collector.clock import SystemClock
from collector.inspection import portals, watching
from collector.inspection.watching import Plan, Sight
from collector.portals import Looking
from collector.refusal import ConfigError
from collector.registry import build_all
from model.declared import Declared
from model.portals.declared import Portal
from model.verdict import Outcome
from tests.system.program import ran

PAGE = (
    "<html lang=vi><title>Trang thông tin điện tử xã</title><body><main><h1>Thủ tục hành chính</h1><p>Tiếp nhận hồ sơ hộ tịch, chứng thực, đất đai.</p></main>"
)
HOW = Looking(vantage="inspect", gap=0.0, allow=("127.0.0.0/8",))


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A portal that sends phones to a bookmaker, and everybody else nowhere."""

    async def home(request: web.Request) -> web.Response:
        if "Android" in request.headers.get("User-Agent", ""):
            raise web.HTTPFound("http://127.0.9.77:1/nha-cai")
        return web.Response(text=PAGE, content_type="text/html") if request.path == "/" else web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{any:.*}", home)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


async def test_it_ends_when_all_portals_were_looked_at_and_judges_what_they_showed(address: str, tmp_path: Path) -> None:
    other = Portal(id="khac", url="https://khac.test/")
    named = portals.named([address], Declared(site="xa-a", portals=(other,)), HOW, "")
    named = portals.Named(portals=named.portals, declared=named.declared, looking=HOW, confirm=0.1)
    plan = Plan(declared=named.declared, detectors=build_all(), key=b"k" * 32, named=named)
    sights: list[Sight] = []
    async with asyncio.timeout(60), watching.inspected(plan, SystemClock(), asyncio.Event(), sights.append) as seen:
        verdicts = {(verdict.detector, verdict.subject.id): verdict for verdict in await seen.reader.verdicts("xa-a")}
        findings = await seen.reader.findings()
    assert (list(seen.looked), seen.ended_early) == (["127.0.0.1"], False)
    assert verdicts["VG-WEB-01", "127.0.0.1"].outcome is Outcome.VIOLATION
    assert verdicts["VG-WEB-01", "khac"].outcome is Outcome.UNKNOWN, "declared, and not named"
    assert {change.finding.detector for change in findings} >= {"VG-WEB-01"}
    assert {change.finding.id for sight in sights for change in sight.fresh} == {change.finding.id for change in findings}


async def test_told_to_end_it_ends_in_the_middle_of_a_look(address: str) -> None:
    named = portals.named([address], Declared(site="xa-a"), Looking(vantage="inspect", gap=5.0, allow=("127.0.0.0/8",)), "")
    plan = Plan(declared=named.declared, detectors=build_all(), key=b"k" * 32, named=named)
    stop = asyncio.Event()
    async with asyncio.timeout(30), watching.inspected(plan, SystemClock(), stop, lambda sight: stop.set()) as seen:
        verdicts = await seen.reader.verdicts("xa-a")
    assert (list(seen.looked), seen.ended_early) == ([], True)
    assert verdicts, "what was seen by then is judged"


def test_portals_are_named_by_address_table_or_list(tmp_path: Path) -> None:
    (tmp_path / "cong.csv").write_text("id,url\nxa-b,https://xa-b.test/\n")
    (tmp_path / "cong.txt").write_text("\ufeff# của xã C\nhttps://xa-c.test/\n\nhttps://xa-a.test/\n")
    declared = Declared(site="x", portals=(Portal(id="cong-a", url="https://xa-a.test/", name="Cổng xã A"),))
    named = portals.named([str(tmp_path / "cong.csv"), str(tmp_path / "cong.txt"), "https://xa-a.test"], declared, HOW, "")
    assert [portal.id for portal in named.portals] == ["xa-b", "xa-c.test", "cong-a"]
    assert {portal.id for portal in named.declared.portals or ()} == {"cong-a", "xa-b", "xa-c.test"}


@pytest.mark.parametrize(
    ("file", "said"),
    [("ftp://x", "không phải địa chỉ web"), ("none.txt", "không đọc được"), ("bad.txt", "không phải địa chỉ web"), ("bad.csv", "dòng 2"), ("bin.txt", "UTF-8")],
)
def test_what_is_no_portal_is_one_sentence(tmp_path: Path, file: str, said: str) -> None:
    (tmp_path / "bad.txt").write_text("xã a\n")
    (tmp_path / "bad.csv").write_text("id,url\na,nowhere\n")
    (tmp_path / "bin.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=said):
        portals.named([file if "://" in file else str(tmp_path / file)], Declared(site="x"), HOW, "")


def test_without_the_right_one_sentence_says_the_command_that_gives_it(tmp_path: Path) -> None:
    done = ran("inspect", "--leg", "lo", "--minutes", "1", "--out", tmp_path / "out", rights=False, env={"XDG_CONFIG_HOME": str(tmp_path)})
    assert (done.returncode, done.stderr.count("\n"), "sudo setcap cap_net_raw+ep" in done.stderr) == (1, 1, True), done
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((), 2, "ghi ít nhất một trong --leg, --bundle, --portals"),
        (("--leg", "none0"), 1, "không có giao diện none0"),
        (("--leg", "Cán Bộ=lo"), 2, "cần tên giao diện"),
        (("--leg", "lo", "--declared", "khai-bao"), 1, "Ghi --leg TÊN=GIAO-DIỆN"),
        (("--leg", "can-bo=lo", "--declared", "khai-bao", "--site", "xa-z"), 2, "ghi --site, một trong: xa-a"),
        (("--leg", "lo", "--site", "../xa"), 2, "--site: mã gồm chữ"),
        (("--bundle", ".", "--key", "none.pem"), 1, "Không đọc được none.pem"),
        (("--bundle", ".", "--previous", "none.json"), 1, "không đọc được none.json"),
        (("--bundle", ".", "--manual", "none.csv"), 1, "không có tệp này"),
    ],
    ids=range(9),
)
def test_mistakes_are_told_before_anybody_waits(tmp_path: Path, arguments: tuple[str, ...], status: int, said: str) -> None:
    (tmp_path / "khai-bao").mkdir()
    (tmp_path / "khai-bao/site.toml").write_text('site = "xa-a"\n[[zones]]\nleg = "can-bo"\nrole = "staff"\n')
    done = ran("inspect", *arguments, cwd=tmp_path, env={"XDG_CONFIG_HOME": str(tmp_path / "cau-hinh")})
    assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (status, True, 1), done


def test_without_a_leg_it_is_done_with_the_bundles_and_says_that_nothing_was_heard(tmp_path: Path) -> None:
    (tmp_path / "goi").mkdir()
    (tmp_path / "goi/a.log").write_text(
        json.dumps({"name": "auto_logon", "action": "snapshot", "snapshot": [{"on": "1"}], "hostIdentifier": "u", "unixTime": 1}) + "\n"
    )
    done = ran("inspect", "--bundle", "goi", "--by", "Lan", "--out", "ra/day", cwd=tmp_path, env={"XDG_CONFIG_HOME": str(tmp_path / "cau-hinh")})
    assert done.returncode == 0, done
    (file,) = (tmp_path / "ra/day").glob("bao-cao-kiem-tra-*.json")
    told = json.loads(file.read_text())
    assert (told["response"]["watched"], told["inspector"]) == ([], "Lan")
    assert "Không nghe mạng" in " ".join(each["reason"]["vi"] for each in told["rows"][0]["unseen"])
    assert stat.S_IMODE((tmp_path / "cau-hinh/vonggac/inspect.key").stat().st_mode) == 0o600
