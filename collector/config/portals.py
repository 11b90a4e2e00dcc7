"""The table [portals] of config.toml: from where, how often and how gently portals are looked at, and what is kept of it."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from collector.config.table import Bool, Duration, FilePath, Int, Table, Unfit, lasting, matching, written
from model.text import Text

_A_NAME = Text("tên gồm chữ thường không dấu, số, dấu gạch nối, dài 1 đến 32", "a name of 1 to 32 lower-case letters, digits and hyphens")
_A_VANTAGE = Text(
    "tên gồm chữ, số, dấu chấm, gạch nối, gạch dưới, dài đến 64, hoặc để trống", "a name of up to 64 letters, digits, dots, hyphens and underscores, or empty"
)
_A_SERVER = Text(
    'địa chỉ IP của máy chủ DNS, có thể kèm cổng, như "192.168.1.1" hoặc "192.168.1.1:53", hoặc để trống',
    'the IP address of a DNS server, with a port if need be, such as "192.168.1.1" or "192.168.1.1:53", or empty',
)


def _server(value: str) -> str:
    """An address, `address:port` or `[IPv6]:port`; empty stands for the system's own way."""
    found = re.fullmatch(r"\[(?P<six>[^\]]+)\](:(?P<port6>\d{1,5}))?|(?P<four>[0-9.]+)(:(?P<port4>\d{1,5}))?|(?P<bare>.*)", value)
    if not value or found is None:
        return value
    port = found["port6"] or found["port4"] or "53"
    try:
        ipaddress.ip_address(found["six"] or found["four"] or found["bare"])
    except ValueError:
        raise Unfit(_A_SERVER) from None
    if not 1 <= int(port) <= 65535:
        raise Unfit(_A_SERVER)
    return value


# research/web.md 3.1: at least two seconds between requests to a host is a promise to the portals' owners, no matter of taste.
_Pace = Annotated[Duration, lasting("2s", "1h")]
_Deadline = Annotated[Duration, lasting("1s", "5m")]
_Period = Annotated[Duration, lasting("5m", "7d")]
_MaxAge = Annotated[Duration, lasting("1h", "3650d")]


class FeedTable(Table):
    """One list of gambling names; `max_change` in per cent of the last good copy, `weight` how much a hit speaks."""

    name: Annotated[str, matching(r"[a-z0-9][a-z0-9-]{0,31}", _A_NAME)]
    path: FilePath
    format: Literal["hosts", "domains", "adblock", "jsonl"] = "domains"
    max_age: _MaxAge = written("30d")
    max_change: Int = Field(default=30, ge=1, le=1_000_000)
    weight: Int = Field(default=1, ge=1, le=100)


def _names_differ(feeds: tuple[FeedTable, ...]) -> tuple[FeedTable, ...]:
    name, times = max(Counter(feed.name for feed in feeds).items(), key=lambda item: item[1], default=("", 0))
    if times > 1:
        raise Unfit(whole=Text(f'hai bảng [[portals.feeds]] có cùng name "{name}"', f'two tables [[portals.feeds]] have the same name "{name}"'))
    return feeds


class Portals(Table):
    """How portals are watched, where any is declared. Lengths of time in ns; `jitter` in per cent of a period; budgets in requests a portal and day."""

    enabled: Bool = True
    vantage: Annotated[str, matching(r"[A-Za-z0-9._-]{0,64}", _A_VANTAGE)] = ""
    dns: Annotated[str, AfterValidator(_server)] = ""
    concurrency: Int = Field(default=32, ge=1, le=1000)
    pace: _Pace = written("2s")
    deadline: _Deadline = written("20s")
    period_province: _Period = written("30m")
    period_commune: _Period = written("6h")
    jitter: Int = Field(default=10, ge=0, le=50)
    samples: Int = Field(default=20, ge=0, le=1000)
    missing: Int = Field(default=2, ge=0, le=100)
    budget_province: Int = Field(default=4000, ge=10, le=100_000)
    budget_commune: Int = Field(default=1000, ge=10, le=100_000)
    render: Literal["never", "suspicion", "daily"] = "suspicion"
    chromium: FilePath = written("/usr/bin/chromium")
    browser_uid: Int = Field(default=65534, ge=1, le=2**32 - 2)
    evidence_dir: FilePath = written("state/evidence")
    evidence_max_bytes: Int = Field(default=1024 * 1024 * 1024, ge=16 * 1024 * 1024)
    feeds_dir: FilePath = written("state/feeds")
    feeds: Annotated[tuple[FeedTable, ...], AfterValidator(_names_differ)] = ()
