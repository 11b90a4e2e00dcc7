"""`vonggac maintenance` and the trail of it, as people run them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from collector.cli import maintenance_commands as commands
from collector.cli.say import Refusal
from collector.refusal import ConfigError
from exporters.maintenance import NAME, read
from model.times import VIETNAM, local
from tests.system.program import Box

NAMED = ("--by", "Lan", "--why", "thay bộ chuyển mạch")


def moment(**ago: int) -> str:
    return (datetime.now(VIETNAM) + timedelta(**ago)).strftime("%Y-%m-%d %H:%M")


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
    lines = trail(box)
    assert [line["outcome"] for line in lines] == ["begun", "done"] * 2
    _, added, _, ended = lines
    assert (added["deed"], ended["deed"]) == ("maintenance_add", "maintenance_end")
    assert added["by"].startswith("os:")
    assert added["about"].startswith(f"{window['id']} xa-a VG-NET-02 ")
    assert (added["why"], ended["why"]) == ("thay bộ chuyển mạch", "xong sớm")
    assert ended["about"].endswith("(Nam)")
    (kept,) = read(box.folder / "state" / NAME)
    assert kept.id == window["id"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"until": "2020-01-01"}, "--until phải sau --from"),
        ({"until": "2099-01-01"}, "dài nhất 30 ngày"),
        ({"until": "mai"}, "--until phải như 2026-12-30 08:00"),
        ({"site": "xa-b"}, "không có điểm “xa-b” trong khai báo; đang có: xa-a"),
        ({"detector": "VG-NET-99"}, "không có quy tắc “VG-NET-99”"),
        ({"why": " "}, "phải ghi ai chịu trách nhiệm"),
        ({"by": ""}, "phải ghi ai chịu trách nhiệm"),
    ],
    ids=str,
)
def test_what_makes_no_window_is_said_in_one_sentence(box: Box, given: dict[str, str], sentence: str) -> None:
    box.write().site("xa-a")
    with pytest.raises(Refusal) as refused:
        commands.add(**{"site": "xa-a", "until": moment(days=1), "by": "Lan", "why": "x", "config": box.config, **given})
    assert sentence in refused.value.text.vi
    assert not (box.folder / "state" / NAME).exists()


def test_a_day_alone_is_the_whole_day_and_an_unknown_window_is_said(box: Box) -> None:
    box.write().site("xa-a")
    day = moment(days=3)[:10]
    commands.add(site="xa-a", begins=day, until=day, by="Lan", why="x", config=box.config)
    (window,) = read(box.folder / "state" / NAME)
    assert [local(at)[11:] for at in (window.begins, window.ends)] == ["00:00:00", "23:59:59"]
    with pytest.raises(Refusal) as refused:
        commands.end("000000", by="Lan", why="x", config=box.config)
    assert "không có cửa sổ bảo trì nào còn hiệu lực mang mã 000000" in refused.value.text.vi


def test_nothing_is_done_that_cannot_be_noted(box: Box) -> None:
    box.write().site("xa-a")
    (box.folder / "state" / "page-audit.jsonl").mkdir(parents=True)
    with pytest.raises(ConfigError) as refused:
        commands.add(site="xa-a", until=moment(days=1), by="Lan", why="x", config=box.config)
    assert "Không ghi được sổ thao tác" in refused.value.text.vi
    assert not (box.folder / "state" / NAME).exists()
