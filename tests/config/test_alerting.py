"""How people are called, out of config.toml: levels, groups, storms, the fleet, and where the page is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from collector.assembly import sinks_of
from collector.clock import SystemClock
from collector.config import Config, load
from collector.refusal import ConfigError
from model.times import MINUTE, SECOND

MAIL = '[[sinks]]\ntype = "mail"\nhost = "thu.example.vn"\nsender = "a@b.vn"\nrecipients = ["c@d.vn"]\n'
SIEM = '[[sinks]]\ntype = "syslog"\nhost = "siem.example.vn"\n'
SERVER = '[[sinks]]\ntype = "alertmanager"\nurls = ["https://am.example.vn"]\n'
ALL = 'level = 2\nafter = "15m"\ngroup_over = 5\ngroup_wait = "0s"\nstorm_over = 7\nstorm_window = "1h"\n'


class Nothing:
    """Findings of which none is known."""

    async def standing(self, finding: str) -> None:
        return None


def read(folder: Path, text: str) -> Config:
    (folder / "config.toml").write_text(text)
    return load(folder / "config.toml")


def options(config: Config, present: Nothing | None) -> Any:
    (sink,) = sinks_of(config, {}, (), SystemClock(), present)
    return sink._options  # type: ignore[attr-defined]  # every sink that alerts keeps them


def test_every_option_reaches_the_sink(tmp_path: Path) -> None:
    told = options(read(tmp_path, '[box]\nin_fleet = true\n[web]\nurl = "https://vonggac.example.vn"\n' + MAIL + ALL), Nothing())
    manner = told.manner
    assert (manner.level, manner.after, manner.group_over, manner.group_wait) == (2, 15 * MINUTE, 5, 0)
    assert (manner.storm_over, manner.storm_window, manner.in_fleet) == (7, 60 * MINUTE, True)
    assert told.place.page_url == "https://vonggac.example.vn"
    assert told.interest.urgencies == ("page",)


def test_what_holds_when_nothing_is_said(tmp_path: Path) -> None:
    manner = options(read(tmp_path, MAIL), Nothing()).manner
    assert (manner.level, manner.after, manner.group_over, manner.group_wait) == (1, 0, 3, 10 * SECOND)
    assert (manner.storm_over, manner.storm_window, manner.in_fleet) == (20, 10 * MINUTE, False)


def test_a_test_message_is_told_at_once_whatever_the_options_say(tmp_path: Path) -> None:
    assert options(read(tmp_path, "[box]\nin_fleet = true\n" + MAIL + ALL), None).manner is None


def test_a_record_for_machines_has_no_manner(tmp_path: Path) -> None:
    assert options(read(tmp_path, "[box]\nin_fleet = true\n" + SIEM), Nothing()).manner is None


@pytest.mark.parametrize(
    ("text", "vietnamese"),
    [
        (MAIL + "level = 2", 'cấp 2 và 3 phải có after lớn hơn "0s"'),
        (MAIL + 'after = "5m"', "cấp 1 được báo ngay nên không có after"),
        (MAIL + 'level = 4\nafter = "5m"', "phải là số không quá 3"),
        (MAIL + 'level = 2\nafter = "2d"', "khoảng thời gian từ"),
        (MAIL + 'group_wait = "6m"', "khoảng thời gian từ"),
        (MAIL + "group_over = 0", "phải là số từ 1 trở lên"),
        (MAIL + 'storm_window = "0s"', "khoảng thời gian"),
        (SERVER + "group_over = 5", 'không có khóa "[[sinks]] #1 group_over"'),
        (SIEM + 'level = 2\nafter = "5m"', 'không có khóa "[[sinks]] #1 level"'),
        ('[box]\nin_fleet = "yes"\n', "true hoặc false"),
    ],
    ids=lambda value: value.splitlines()[-1],
)
def test_what_is_refused_is_told_in_one_sentence(tmp_path: Path, text: str, vietnamese: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert vietnamese in caught.value.text.vi
