"""`vonggac maintenance` and the trail of it, as people run them; and a box that calls nobody while a window holds, then tells what is still open."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from exporters.maintenance import NAME, read
from model.times import VIETNAM
from tests.system.program import Box, ran

NAMED = ("--by", "Lan", "--why", "thay bộ chuyển mạch")


def moment(**ago: int) -> str:
    return (datetime.now(VIETNAM) + timedelta(**ago)).strftime("%Y-%m-%d %H:%M")


def refused(box: Box, *arguments: str, status: int) -> str:
    done = ran(*arguments, "--config", box.config)
    assert done.returncode == status, done
    return done.stderr


def listed(box: Box) -> list[dict[str, Any]]:
    return [json.loads(line) for line in box.ask("maintenance", "list", "--format", "json").splitlines()]


def trail(box: Box) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (box.folder / "state" / "page-audit.jsonl").read_text().splitlines()]


def test_a_window_is_added_listed_ended_and_noted(box: Box) -> None:
    box.write().site("xa-a")
    said = box.ask("maintenance", "add", "--site", "xa-a", "--detector", "vg-net-02", "--until", moment(days=2), *NAMED)
    assert "không gọi người trực về xa-a VG-NET-02" in said
    (window,) = listed(box)
    assert (window["site"], window["detector"], window["state"], window["by"], window["why"]) == ("xa-a", "VG-NET-02", "holding", *NAMED[1::2])
    assert window["id"] in box.ask("maintenance", "list")
    assert "đã kết thúc" in box.ask("maintenance", "end", window["id"], "--by", "Nam", "--why", "xong sớm").lower()
    (window,) = listed(box)
    assert (window["state"], window["ended_by"]) == ("over", "Nam")
    added, ended = trail(box)
    assert (added["deed"], ended["deed"]) == ("maintenance_add", "maintenance_end")
    assert added["by"].startswith("os:")
    assert added["about"].startswith(f"{window['id']} xa-a VG-NET-02 ")
    assert (added["why"], ended["why"]) == ("thay bộ chuyển mạch", "xong sớm")
    assert ended["about"].endswith("(Nam)")
    (kept,) = read(box.folder / "state" / NAME)
    assert kept.id == window["id"]


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("--site", "xa-a", "--until", "2020-01-01"), 2, "--until phải sau --from"),
        (("--site", "xa-a", "--until", "2099-01-01"), 2, "dài nhất 30 ngày"),
        (("--site", "xa-a", "--until", "mai"), 2, "--until phải như 2026-12-30 08:00"),
        (("--site", "xa-b", "--until", "2099-01-01"), 1, "không có điểm “xa-b” trong khai báo; đang có: xa-a"),
        (("--site", "xa-a", "--until", "2099-01-01", "--detector", "VG-NET-99"), 1, "không có quy tắc “VG-NET-99”"),
        (("--site", "xa-a", "--until", "2099-01-01", "--why", " "), 2, "phải ghi ai chịu trách nhiệm"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_makes_no_window_is_said_in_one_sentence(box: Box, arguments: tuple[str, ...], status: int, sentence: str) -> None:
    box.write().site("xa-a")
    given = arguments if "--why" in arguments else (*arguments, "--why", "x")
    assert sentence in refused(box, "maintenance", "add", *given, "--by", "Lan", status=status)
    assert not (box.folder / "state" / NAME).exists()


def test_a_window_of_another_day_and_an_unknown_one(box: Box) -> None:
    box.write().site("xa-a")
    box.ask("maintenance", "add", "--site", "xa-a", "--from", moment(days=3)[:10], "--until", moment(days=3)[:10], *NAMED)
    (window,) = listed(box)
    assert (window["state"], window["begins"][11:19], window["ends"][11:19]) == ("to_come", "17:00:00", "16:59:59")
    assert "không có cửa sổ bảo trì nào còn hiệu lực mang mã 000000" in refused(box, "maintenance", "end", "000000", *NAMED, status=1)


def test_nothing_is_done_that_cannot_be_noted(box: Box) -> None:
    box.write().site("xa-a")
    (box.folder / "state" / "page-audit.jsonl").mkdir(parents=True)
    assert "Không ghi được sổ thao tác" in refused(box, "maintenance", "add", "--site", "xa-a", "--until", moment(days=1), *NAMED, status=1)
    assert not (box.folder / "state" / NAME).exists()
