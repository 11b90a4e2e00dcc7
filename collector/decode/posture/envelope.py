"""What comes from a PC, whichever way it came, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from model.endpointfacts import PcAnswered, Source


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one topic. `status` 0: the query ran; `message`: osquery's own word on a failure, read for what kind it is and never kept."""

    status: int = 0
    rows: Sequence[Mapping[str, Any]] = ()
    message: str = ""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """Answers of one PC. `host` is what the tool calls it, kept nowhere; `collected_at` ns by the PC's clock less its known skew, 0: on receipt."""

    host: str = ""
    collected_at: int = 0
    tool: str = "osquery"
    tool_version: str = ""
    catalogue_version: str = ""
    results: Mapping[str, Result] = {}


class Context(NamedTuple):
    """Whose answers they are: the PC by its certificate, its site, when the box got them (ns), which way, and the site's keyed hash."""

    pc: str
    site: str
    at: int
    source: Source
    mark: Callable[[str], str]


class Answers(NamedTuple):
    """`dropped`: cells and columns that may not travel; `refused`: rows and topics that could not be read. `facts` carry no sensor and no sequence yet."""

    facts: tuple[PcAnswered, ...] = ()
    dropped: int = 0
    refused: int = 0
