"""`vonggac report` as people call it: over a journal with two sites, and over none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.access import JOURNAL
from collector.inspection import signature
from collector.journal import Journal
from collector.journal.batch import Batch
from model.inspection.matters import FIFTEEN
from tests.journal.made import SITE, THEN, asset, change, verdict
from tests.system.program import Box, ran


def test_help_is_in_vietnamese() -> None:
    assert "Báo cáo kiểm tra của một điểm" in ran("report", "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--site", "xa-khac"), "không có điểm “xa-khac”; ghi --site là một trong: diem-1"),
        (("--since", "hôm qua"), "--since phải là ngày dạng 2026-12-31"),
        (("--since", "2026-02-01", "--until", "2026-01-01"), "--since phải trước --until"),
    ],
)
def test_mistakes_are_told_in_a_sentence(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    box = Box(tmp_path).site().write()
    done = ran("report", *arguments, "--config", box.config)
    assert (done.returncode, said in done.stderr) == (2, True), done
    assert "Traceback" not in done.stderr


def test_without_a_journal_it_says_what_to_run_first(tmp_path: Path) -> None:
    done = ran("report", "--config", Box(tmp_path).site().write().config)
    assert done.returncode == 1
    assert "Chưa có nhật ký" in done.stderr


def test_a_previous_file_that_is_none_is_refused(tmp_path: Path) -> None:
    box = Box(tmp_path).site().write()
    (tmp_path / "old.json").write_text("{}")
    for name, said in (("old.json", "không phải JSON do vonggac report"), ("none.json", "không đọc được")):
        done = ran("report", "--previous", tmp_path / name, "--config", box.config)
        assert (done.returncode, said in done.stderr) == (1, True), done


@pytest.fixture
def filled(tmp_path: Path) -> Box:
    """A box of two sites whose journal holds a finding of each, core not running."""
    box = Box(tmp_path).site(SITE, ["lan"], folder="one").site("xa-khac", ["wan"], folder="two")
    box.write('[[legs]]\nname = "lan"\ninterface = "none0"\n[[legs]]\nname = "wan"\ninterface = "none1"\n')
    with Journal.open(tmp_path / "state" / JOURNAL, box="hop") as journal:
        rows = [("asset", "a1", asset(1))]
        told = change(1)
        journal.commit(Batch(site=SITE, now=THEN, rows=rows, changes=[told], findings=[told.finding], verdicts=[verdict(1)]))
        journal.commit(Batch(site="xa-khac", now=THEN, verdicts=[verdict(2), verdict(3)]))
    return box


def test_each_site_has_its_own_report_in_every_form(filled: Box, tmp_path: Path) -> None:
    told = json.loads(filled.ask("report", "--site", SITE, "--format", "json"))
    assert [row["title"]["vi"] for row in told["rows"]] == [title.vi for title in FIFTEEN]
    assert told["rows"][1]["counts"]["violation"] == 1
    assert [entry["number"] for entry in told["findings"]] == [1]
    other = json.loads(filled.ask("report", "--site", "xa-khac", "--format", "json"))
    assert (other["rows"][1]["counts"]["violation"], other["findings"]) == (2, [])
    assert filled.ask("report", "--site", SITE).startswith("<!doctype html>")
    assert filled.ask("report", "--site", SITE, "--format", "csv").startswith("\ufeffPhần")
    done = ran("report", "--config", filled.config)
    assert (done.returncode, "hộp có nhiều điểm" in done.stderr) == (2, True)


def test_several_sites_are_one_report_and_whom_nobody_knows_is_unknown(filled: Box, tmp_path: Path) -> None:
    (tmp_path / "cum.csv").write_text(f"mã điểm;tên xã\n{SITE};\n;Xã Vắng\n")
    told = json.loads(filled.ask("report", "--group", tmp_path / "cum.csv", "--format", "json"))
    assert (told["site"], told["source"], [part["site"] for part in told["sites"]]) == ("nhom-cum", "group", [SITE, "Xã Vắng"])
    assert told["rows"][1]["counts"]["violation"] == 1
    assert told["rows"][1]["sites"] == {"violation": 1, "clear": 0, "unknown": 1, "not_applicable": 0}
    assert "Hộp này không có điểm đó" in told["sites"][1]["why"]["vi"]
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    filled.ask("report", "--province", "--format", "json", "--out", first)
    filled.ask("report", "--province", "--format", "json", "--previous", first, "--out", second)
    whole = json.loads(second.read_text())
    assert ([part["site"] for part in whole["sites"]], whole["rows"][1]["counts"]["violation"]) == (sorted([SITE, "xa-khac"]), 3)
    assert (whole["comparison"]["still"], whole["numbers"]) == ([1], json.loads(first.read_text())["numbers"])


def test_reports_of_other_boxes_join_in(filled: Box, tmp_path: Path) -> None:
    added = tmp_path / "other.json"
    told = json.loads(filled.ask("report", "--site", "xa-khac", "--format", "json"))
    added.write_text(json.dumps({**told, "site": "xa-xa", "name": "Xã Xa"}))
    both = ("--group", f"{SITE}, xã xa", "--add", added)
    table = filled.ask("report", *both, "--format", "csv")
    assert [line.count("Xã Xa") > 0 for line in table.splitlines() if line.startswith("điểm,")].count(True) == 14
    whole = tmp_path / "whole.json"
    filled.ask("report", *both, "--format", "json", "--out", whole)
    assert json.loads(whole.read_text())["site"] == f"{SITE}+xa-xa"
    done = ran("report", "--province", "--add", whole, "--config", filled.config)
    assert (done.returncode, "đã là báo cáo gộp" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--site", SITE, "--province"), "chỉ dùng một trong --site, --group, --province"),
        (("--site", SITE, "--add", "x.json"), "--add chỉ dùng với"),
        (("--group", " , "), "Nhóm không có điểm nào"),
        (("--group", "none.csv"), "không có tệp này"),
        (("--province", "--manual", "hand.csv"), "hand.csv ghi điểm “xa-la”"),
    ],
)
def test_mistakes_over_several_sites_are_told_in_a_sentence(filled: Box, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "hand.csv").write_text("kết quả,nội dung,người kiểm tra,ngày,điểm\nđạt,x,B,2025-07-14,xa-la\n")
    done = ran("report", *arguments, "--config", filled.config, cwd=tmp_path)
    assert (done.returncode > 0, said in done.stderr, done.stderr.count("\n")) == (True, True, 1), done


def test_what_was_seen_by_hand_goes_with_the_report(filled: Box, tmp_path: Path) -> None:
    table = tmp_path / "hand.csv"
    table.write_text("mục,kết quả,ghi chú,người kiểm tra,ngày\nB,vi phạm,Máy chủ không có mật khẩu,Trần B,14/07/2025\n")
    told = json.loads(filled.ask("report", "--site", SITE, "--manual", table, "--format", "json"))
    assert [(each["matter"], each["result"], each["inspector"]) for each in told["manual"]] == [("B", "violation", "Trần B")]
    assert "Máy chủ không có mật khẩu" in filled.ask("report", "--province", "--manual", table)


def test_a_report_of_a_box_is_signed_with_the_key_that_is_named(filled: Box, tmp_path: Path) -> None:
    key, out = tmp_path / "khoa/report.key", tmp_path / "r.json"
    signature.own_key(key.parent)
    filled.ask("report", "--site", SITE, "--format", "json", "--out", out, "--key", key)
    assert ran("report", "verify", out).returncode == 0
    done = ran("report", "--site", SITE, "--key", key, "--config", filled.config)
    assert (done.returncode, "--key cần --format json và --out" in done.stderr) == (2, True)


def test_a_series_goes_on_from_the_file_of_the_last(filled: Box, tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert filled.ask("report", "--site", SITE, "--format", "json", "--out", first) == ""
    filled.ask("report", "--site", SITE, "--format", "json", "--previous", first, "--since", "2025-06-01", "--until", "2025-06-30", "--out", second)
    told = json.loads(second.read_text())
    assert told["comparison"]["still"] == [1]
    assert told["since"] == "2025-05-31T17:00:00Z"
    assert told["until"] == json.loads(first.read_text())["made"], "what is still to come was heard by nobody"
