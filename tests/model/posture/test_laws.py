"""The law that findings cite is that of their date."""

from datetime import datetime

import pytest

from model.posture.laws import in_force
from model.times import SECOND, VIETNAM


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("2023-07-01 00:00", "13/2023"),
        ("2025-12-31 23:59", "13/2023"),
        ("2026-01-01 00:00", "91/2025/QH15"),
        ("2026-11-22 08:00", "356/2025"),
    ],
)
def test_the_law_is_that_of_the_day(when, says):
    law = in_force(int(datetime.fromisoformat(when).replace(tzinfo=VIETNAM).timestamp()) * SECOND)
    assert law is not None
    assert says in law.name.vi
    assert says in law.name.en


def test_before_there_was_one_none_is_cited():
    assert in_force(int(datetime(2023, 6, 30, 23, 59, tzinfo=VIETNAM).timestamp()) * SECOND) is None
