"""Lengths of time in nanoseconds, and the sentence forms of an instant. All instants are integer nanoseconds since the epoch, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# Viet Nam has kept UTC+7 without summer time since 1975: a fixed offset needs no table in the pure zone.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def rfc3339(at: int) -> str:
    """`at` as RFC 3339 in UTC with microseconds."""
    return _moment(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def local(at: int) -> str:
    """`at` as officers read it: `dd/MM/yyyy HH:mm:ss`, Asia/Ho_Chi_Minh."""
    return _moment(at, VIETNAM).strftime("%d/%m/%Y %H:%M:%S")


def since_when(at: int, now: int) -> str:
    """`at` inside a sentence: `HH:mm`, with the day where that is not today's."""
    moment, today = _moment(at, VIETNAM), _moment(now, VIETNAM).date()
    return moment.strftime("%H:%M" if moment.date() == today else "%H:%M %d/%m/%Y")


def _moment(at: int, zone: timezone) -> datetime:
    # Integer arithmetic: a float of nanoseconds since 1970 is off by hundreds of nanoseconds.
    return datetime.fromtimestamp(at // SECOND, zone).replace(microsecond=at % SECOND // 1000)
