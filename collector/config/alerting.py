"""What every way of alerting people may be told: what of, how much, at which level, and how many messages at most."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from collector.config.table import Delay, Duration, Int, Table, Unfit, lasting, written
from model.text import Language, Text
from model.verdict import Severity, Urgency

# `id_only`: which rule, how bad, where to read it; for channels of strangers.
Detail = Literal["full", "id_only"]

_LEVELS = Text(
    'cấp 1 được báo ngay nên không có after; cấp 2 và 3 phải có after lớn hơn "0s", ví dụ "15m"',
    'level 1 is told at once and has no after; levels 2 and 3 need an after above "0s", such as "15m"',
)


class Alerting(Table):
    """What every sink that tells of findings may be told: how much, of what, in which language, and how long it waits for an answer."""

    detail: Detail = "full"
    urgencies: tuple[Urgency, ...] = (Urgency.PAGE, Urgency.TICKET)
    min_severity: Severity = Severity.LOW
    language: Language | None = None
    timeout: Duration = written("10s")


class Calling(Alerting):
    """One that calls people: at which level, and after how long without anybody taking it."""

    level: Int = Field(default=1, ge=1, le=3)
    after: Annotated[Delay, lasting("0s", "1d")] = written("0s")

    @model_validator(mode="after")
    def _levels(self) -> Calling:
        if (self.level > 1) != (self.after > 0):
            raise Unfit(whole=_LEVELS)
        return self


class Bundling(Calling):
    """One whose messages are read one by one: beyond so many, what belongs together is one."""

    group_over: Int = Field(default=3, ge=1, le=1000)
    group_wait: Annotated[Delay, lasting("0s", "5m")] = written("10s")
    storm_over: Int = Field(default=20, ge=1, le=10_000)
    storm_window: Annotated[Duration, lasting("1m", "1d")] = written("10m")


class Paging(Bundling):
    """One that leaves the house, or rings: no name and no address unless told, and only what wakes people."""

    detail: Detail = "id_only"
    urgencies: tuple[Urgency, ...] = (Urgency.PAGE,)
