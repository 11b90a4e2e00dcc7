"""A box's own key is said to be old a month before its year is over, where it can be renewed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from collector.boxkey import public_key
from collector.config import load
from collector.doctor import of_keys
from model.times import DAY, SECOND
from tests.system.program import Box

NOW = 1_795_309_200 * SECOND
JOINED = '[bundle]\nkeys = ["declared.pub"]\nurl = "https://soc.example.vn/khai-bao/hop-a"\n'


@pytest.mark.parametrize(("days", "table", "state"), [(1, JOINED, "ok"), (330, JOINED, "ok"), (340, JOINED, "warn"), (400, JOINED, "warn"), (400, "", "ok")])
def test_the_age_of_the_key(tmp_path: Path, days: int, table: str, state: str) -> None:
    box = Box(tmp_path).site().write(table)
    key = tmp_path / "state/box.key"
    public_key(key)
    made = (NOW - days * DAY) / SECOND
    os.utime(key, (made, made))
    (found,) = [check for check in of_keys(load(box.config), NOW) if check.name == "box.key_file"]
    assert found.state == state
    assert found.mend.vi == ("vonggac box renew" if state == "warn" else "")


def test_a_key_that_others_may_read_is_worse_than_an_old_one(tmp_path: Path) -> None:
    box = Box(tmp_path).site().write(JOINED)
    key = tmp_path / "state/box.key"
    public_key(key)
    os.utime(key, (0, 0))
    key.chmod(0o644)
    (found,) = [check for check in of_keys(load(box.config), NOW) if check.name == "box.key_file"]
    assert found.state == "bad"
