"""The table [report] of config.toml: when the inspection report is written by itself, where, and how many are kept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from collector.config.table import Bool, FilePath, Int, Table, matching, written
from model.text import Text

_A_TIME = Text("giờ dạng 07:00, từ 00:00 đến 23:59", "a time like 07:00, from 00:00 to 23:59")

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Report(Table):
    """Once a week, in Viet Nam's time: of each site, at a province of each group and of all. Signed where `key_file` names an Ed25519 key."""

    weekly: Bool = True
    day: Day = "monday"
    time: Annotated[str, matching(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", _A_TIME)] = "07:00"
    dir: FilePath = written("state/reports")
    keep: Int = Field(default=104, ge=2, le=1_000)
    key_file: FilePath | None = None
