"""`vonggac report` as people call it: over a journal with two sites, and over none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from collector.access import JOURNAL
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
    for name, said in (("old.json", "không phải JSON do vonggac report ghi"), ("none.json", "không đọc được")):
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


def test_a_series_goes_on_from_the_file_of_the_last(filled: Box, tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert filled.ask("report", "--site", SITE, "--format", "json", "--out", first) == ""
    filled.ask("report", "--site", SITE, "--format", "json", "--previous", first, "--since", "2025-06-01", "--until", "2025-06-30", "--out", second)
    told = json.loads(second.read_text())
    assert told["comparison"]["still"] == [1]
    assert told["since"] == "2025-05-31T17:00:00Z"
    assert told["until"] == json.loads(first.read_text())["made"], "what is still to come was heard by nobody"
