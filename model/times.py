"""Lengths of time in nanoseconds, and the sentence forms of an instant. All instants are integer nanoseconds since the epoch, UTC."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from model.text import Text

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# Viet Nam has kept UTC+7 without summer time since 1975: a fixed offset needs no table in the pure zone.
_OFFSET = 7 * HOUR
_SATURDAY = 5
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def rfc3339(at: int) -> str:
    """`at` as RFC 3339 in UTC with microseconds."""
    seconds, rest = divmod(at, SECOND)
    minutes, second = divmod(seconds, 60)
    return f"{_minute(minutes)}{second:02}.{rest // 1000:06}Z"


# Called for each field of each document, whose instants mostly lie within one minute.
@lru_cache(maxsize=64)
def _minute(minutes: int) -> str:
    """`2025-07-15T08:14:`, from minutes since the epoch."""
    return datetime.fromtimestamp(minutes * 60, UTC).isoformat()[:17]


def local(at: int) -> str:
    """`at` as officers read it: `dd/MM/yyyy HH:mm:ss`, Asia/Ho_Chi_Minh."""
    minutes, second = divmod(at // SECOND, 60)
    return f"{_local_minute(minutes)}{second:02}"


@lru_cache(maxsize=64)
def _local_minute(minutes: int) -> str:
    return datetime.fromtimestamp(minutes * 60, VIETNAM).strftime("%d/%m/%Y %H:%M:")


def since_when(at: int, now: int) -> Text:
    """`at` inside a sentence: `08:14 ngày 22/11`, with the year where that is not the one of `now`."""
    # Sentences are kept and read days later: a bare hour would then be told of the wrong day.
    moment = _moment(at, VIETNAM)
    hour, day = moment.strftime("%H:%M"), moment.strftime("%d/%m" if moment.year == _moment(now, VIETNAM).year else "%d/%m/%Y")
    return Text(f"{hour} ngày {day}", f"{hour} on {day}")


def day_of(at: int) -> int:
    """The number of the day in Viet Nam, counted from 1 January 1970."""
    return (at + _OFFSET) // DAY


def is_working(day: int, holidays: Collection[int] = ()) -> bool:
    """Whether people work on the day of this number: Monday to Friday, and none of the `holidays`, which are numbers of days too."""
    # 1 January 1970 was a Thursday.
    return (day + 3) % 7 < _SATURDAY and day not in holidays


def day_end(at: int) -> int:
    """The first instant of the next day in Viet Nam."""
    return (day_of(at) + 1) * DAY - _OFFSET


def working_days(since: int, now: int, holidays: Collection[int] = ()) -> Iterator[tuple[int, int]]:
    """The whole working days in Viet Nam between two instants, as their first and last instant; at most the last 31 days are looked at."""
    since = max(since, now - 31 * DAY)
    start = -(-(since + _OFFSET) // DAY) * DAY - _OFFSET
    while start + DAY <= now:
        if is_working(day_of(start), holidays):
            yield start, start + DAY
        start += DAY


def _moment(at: int, zone: timezone) -> datetime:
    # Integer arithmetic: a float of nanoseconds since 1970 is off by hundreds of nanoseconds.
    return datetime.fromtimestamp(at // SECOND, zone).replace(microsecond=at % SECOND // 1000)


def within(hours: str, at: int) -> bool:
    """Whether `at` lies in the declared hours, `07:00-11:30 13:00-17:00` in Viet Nam's time; no hours: at any time. A span may run past midnight."""
    now = _moment(at, VIETNAM).strftime("%H:%M")
    spans = (span.partition("-") for span in hours.split())
    return not hours or any(start <= now < end if start < end else now >= start or now < end for start, _, end in spans)
