"""`vonggac portals`: the list of portals and what is known of each, asked as people ask, by the installed program."""

from __future__ import annotations

import json
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from collector.sockets import SocketFactSink, path_of
from model.times import DAY, HOUR, SECOND
from model.webfacts import Hop, PageLooked, Sign
from tests.cli.test_bad_input import sentence, spoken
from tests.system.program import PATIENCE, Box, ran, running, until

HEADING = "id,url,name,level\n"


def listed(box: Box, text: str) -> Box:
    (box.folder / "declared" / "portals.csv").write_text(text)
    return box


def csv(box: Box) -> str:
    return (box.folder / "declared" / "portals.csv").read_text()


def refused(box: Box, *arguments: str, status: int = 1) -> str:
    return sentence(ran(*arguments, "--config", str(box.config)), status)


def test_a_list_can_be_read_before_anything_ever_ran(box: Box) -> None:
    listed(box, HEADING + "xa-a,https://xa-a.test/,Cổng xã A,xã\n")
    done = ran("portals", "list", "--config", str(box.config))
    assert done.returncode == 0
    assert "https://xa-a.test/" in done.stdout
    assert "chưa xem" in done.stdout
    assert "Chưa có nhật ký" in done.stderr


def test_a_broken_line_is_told_with_line_and_column_and_the_others_are_listed(box: Box) -> None:
    listed(box, HEADING + "xa-a,https://xa-a.test/,A,xã\nxa-b,không phải,B,xã\nxa-c,https://xa-c.test/,C,thôn\nxa-d,https://xa-d.test/,D,xã\n")
    done = ran("portals", "list", "--format", "json", "--config", str(box.config))
    assert done.returncode == 0
    assert [json.loads(line)["portal"]["id"] for line in done.stdout.splitlines()] == ["xa-a", "xa-d"]
    assert 'dòng 3, cột "url"' in done.stderr
    assert 'dòng 4, cột "level"' in done.stderr


def test_a_portal_is_added_behind_the_others_in_the_columns_there_are(box: Box) -> None:
    listed(box, "Tên cổng;Địa chỉ;Mã\nCổng xã A;https://xa-a.test/;xa-a").folder.joinpath("declared", "portals.csv").chmod(0o640)
    told = box.ask("portals", "add", "https://xa-b.test/", "--name", "Cổng xã B", "--id", "xa-b")
    assert "xa-b" in told
    assert csv(box).splitlines() == ["Tên cổng;Địa chỉ;Mã", "Cổng xã A;https://xa-a.test/;xa-a", "Cổng xã B;https://xa-b.test/;xa-b"]
    assert stat.S_IMODE((box.folder / "declared" / "portals.csv").stat().st_mode) == 0o640
    assert [path.name for path in (box.folder / "declared").iterdir() if path.name.startswith(".")] == []


def test_the_first_portal_makes_the_list(box: Box) -> None:
    box.ask("portals", "add", "https://xa-a.test", "--name", "Cổng xã A", "--level", "commune")
    assert csv(box).splitlines()[0] == "id,url,name,level"
    assert "https://xa-a.test/" in box.ask("portals", "list")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("https://xa-a.test/",), ("xa-a.test", "xa-a.test")),
        (("xã an bình",), ("http://", "http://")),
        (("https://xa-b.test/", "--level", "huyện"), ("tỉnh, xã", "province, commune")),
        (("https://xa-b.test/", "--id", "Mã Cổng"), ("chữ thường", "lower-case")),
    ],
)
def test_what_cannot_be_added_leaves_the_list_as_it_was(box: Box, language: str, arguments: tuple[str, ...], words: tuple[str, str]) -> None:
    spoken(listed(box, HEADING + "xa-a,https://xa-a.test/,A,xã\n"), language)
    before = csv(box)
    said = refused(box, "portals", "add", *arguments)
    assert words[language == "en"] in said
    assert "portals.csv" in said
    assert ".portals" not in said
    assert csv(box) == before


def test_a_list_in_toml_is_not_touched(box: Box) -> None:
    (box.folder / "declared" / "portals.toml").write_text('[[portals]]\nurl = "https://xa-a.test/"\n')
    assert "TOML" in refused(box, "portals", "add", "https://xa-b.test/")


def test_a_portal_nobody_declared_is_said_with_the_nearest(box: Box) -> None:
    listed(box, HEADING + "xa-an-binh,https://xa-a.test/,A,xã\n")
    for command in (("history", "xa-an-bin"), ("check", "xa-an-bin"), ("accept-change", "xa-an-bin", "--by", "Lan", "--why", "mới")):
        assert "xa-an-binh" in refused(box, "portals", *command)


def test_to_serve_there_must_be_portals(box: Box) -> None:
    done = ran("portals", "serve", "--config", str(box.config))
    assert done.returncode == 1
    assert "portals.csv" in done.stderr
    assert "Traceback" not in done.stderr


def looks(portal: str, host: str, at: int) -> list[PageLooked]:
    home = Hop(how="asked", url=f"https://{host}/", host=host, status=302)
    away = Hop(how="http", url="https://zzwin88.example/", host="zzwin88.example", status=200)
    sold = Sign(kind="brand_host", value="zzwin88.example", page="zzwin88.example", gambling=True)
    return [
        PageLooked(
            at=at + minute * 70 * SECOND, sensor="portals", sequence=minute + 1, portal=portal, round=f"{portal}/{minute}", persona="mobile", part="home",
            url=f"https://{host}/", hops=(home, away), signs=(sold,), attempt=minute,
        )
        for minute in range(2)
    ]  # fmt: skip


def test_what_core_knows_is_told_in_words_and_to_programs(box: Box, tmp_path: Path) -> None:
    listed(box, HEADING + "xa-a,https://xa-a.test/,Cổng xã A,xã\nxa-b,https://xa-b.test/,Cổng xã B,xã\n")
    with running(box, "core") as core:
        core.wait_for("lõi đang chạy", PATIENCE)
        sink = SocketFactSink(path_of(box.folder / "state" / "sockets", "facts"))
        sink.put(looks("xa-a", "xa-a.test", 1_795_000_000 * SECOND))
        assert sink.close(PATIENCE) == 0
        until(lambda: any(line["severity"] == "critical" for line in box.findings("VG-WEB-01")), "the finding")
        told = {line["portal"]["id"]: line for line in box.lines("portals", "list")}
        assert {verdict["detector"]: verdict["severity"] for verdict in told["xa-a"]["verdicts"]}["VG-WEB-01"] == "critical"
        assert told["xa-a"]["looks"][0]["end"] == "zzwin88.example"
        assert told["xa-b"]["last_look"] is None
        assert "nghiêm trọng" in box.ask("portals", "list")
        steps = [line["severity"] for line in box.lines("portals", "history", "xa-a.test")]
        assert steps == sorted(steps, key=["medium", "critical"].index)
        (finding,) = box.findings("VG-WEB-01")
        empty = ran("portals", "evidence", finding["id"], "--out", str(tmp_path / "a.zip"), "--config", str(box.config))
        assert (empty.returncode, "không có chứng cứ nào được giữ" in empty.stderr) == (1, True)
        assert "đã có" in refused(box, "portals", "evidence", finding["id"], "--out", str(tmp_path / "a.zip"))
        assert "không có phát hiện" in refused(box, "portals", "evidence", "0" * 12, "--out", str(tmp_path / "b.zip"))
        assert "không có thay đổi" in refused(box, "portals", "accept-change", "xa-a", "--by", "Lan", "--why", "giao diện mới")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert "nghiêm trọng" in box.ask("portals", "list"), "the journal answers where core does not run"


OWN, NEW = "cdn.nha-cung-cap.test", "cdn.giao-dien-moi.test"


def page(number: int, at: int, *scripts: str, **fields: Any) -> PageLooked:
    """A look at xa-a's home page that loads from these hosts."""
    home = Hop(how="asked", url="https://xa-a.test/", host="xa-a.test", status=200)
    return PageLooked(
        at=at, sensor="portals", sequence=number, portal="xa-a", round=f"xa-a/{number}", persona="desktop", part="home", url="https://xa-a.test/",
        hops=(home,), scripts=scripts, text=1, words=400, **fields,
    )  # fmt: skip


def put(box: Box, *facts: PageLooked) -> None:
    sink = SocketFactSink(path_of(box.folder / "state" / "sockets", "facts"))
    sink.put(facts)
    assert sink.close(PATIENCE) == 0


def injections(box: Box) -> list[tuple[str, str]]:
    return [(line["state"], line["severity"]) for line in box.findings("VG-WEB-02")]


def redesigned(box: Box, **fields: Any) -> None:
    """Nine days alike, then another script host."""
    began = time.time_ns() - 9 * DAY - HOUR
    put(box, *(page(number, began + number * DAY, OWN) for number in range(9)), page(9, began + 9 * DAY, NEW, **fields))
    until(lambda: injections(box) == [("open", "low")], "the finding")


ACCEPT = ("portals", "accept-change", "xa-a", "--by", "Trần Thị Lan", "--why", "giao diện mới từ 01/07")


def test_a_redesign_is_accepted_by_name_and_that_is_kept_over_a_restart(box: Box) -> None:
    listed(box, HEADING + "xa-a,https://xa-a.test/,Cổng xã A,xã\n")
    with running(box, "core") as core:
        core.wait_for("lõi đang chạy", PATIENCE)
        redesigned(box)
        (before,) = box.findings("VG-WEB-02")
        assert NEW in before["summary"]
        assert 'vonggac portals accept-change xa-a --by "…" --why "…"' in before["remedy"]
        told = box.ask(*ACCEPT)
        assert "https://xa-a.test/" in told
        assert "vẫn mở" not in told
        (closed,) = box.findings("VG-WEB-02")
        assert (closed["id"], closed["state"], closed["cause"]) == (before["id"], "resolved", "act by Trần Thị Lan: giao diện mới từ 01/07")
        assert "không có thay đổi" in refused(box, *ACCEPT)
    with running(box, "core") as core:
        core.wait_for("lõi đang chạy", PATIENCE)
        assert box.findings("VG-WEB-02") == [closed]
        shown = box.ask("findings", "show", closed["id"])
        assert "Trần Thị Lan" in shown
        assert "giao diện mới từ 01/07" in shown
        put(box, page(10, time.time_ns(), NEW), page(11, time.time_ns(), NEW, "cdn.la.test"))
        until(lambda: injections(box) == [("open", "low")], "what came after the acceptance")
        (again,) = box.findings("VG-WEB-02")
        assert "cdn.la.test" in again["summary"]
        assert NEW not in again["summary"], "what a person accepted is the portal's own way for good"


def test_what_is_no_change_stays_open_and_that_is_said(box: Box) -> None:
    listed(box, HEADING + "xa-a,https://xa-a.test/,Cổng xã A,xã\n")
    with running(box, "core") as core:
        core.wait_for("lõi đang chạy", PATIENCE)
        redesigned(box, signs=(Sign(kind="foreign_tag", value="canonical", page="xa-a.test", hosts=("la.test",)),))
        (finding,) = box.findings("VG-WEB-02")
        told = box.ask(*ACCEPT)
        assert f"{finding['id']} vẫn mở" in told
        assert "la.test" in told.partition("vẫn mở")[2]
        assert NEW not in told
        assert injections(box) == [("open", "low")]
