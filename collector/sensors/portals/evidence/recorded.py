"""What evidence is made of: exchanges as they went over the wire, and the story of the look they belong to."""

from __future__ import annotations

from typing import Any

import msgspec

from model.webfacts import Hop, HopKind, LookFailed, PageLooked, Sign

_MOST_SIGNS = 100


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One request and what came back.

    `started` and `finished` in ns. Header values as received: bytes that are no UTF-8 as surrogate escapes. `status` 0: nothing came back, `trouble` says why.
    `body` without chunk sizes; `inflated`: and without its Content-Encoding; `truncated`: and cut. `address` is the one connected to. `certificate`: SHA-256 of
    the server's certificate in hex.
    """

    url: str
    started: int
    finished: int = 0
    how: HopKind = "asked"
    method: str = "GET"
    request_headers: tuple[tuple[str, str], ...] = ()
    status: int = 0
    reason: str = ""
    response_headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    inflated: bool = True
    truncated: bool = False
    address: str = ""
    trouble: str = ""
    issuer: str = ""
    subject: str = ""
    certificate: str = ""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """Who looked, as whom, at what, when, and what was made of it; the words are those of the facts. `failed` is the reason of a look that failed."""

    at: int
    url: str
    persona: str
    box: str = ""
    vantage: str = ""
    part: str = ""
    round: str = ""
    attempt: int = 0
    title: str = ""
    rendered: bool = False
    failed: str = ""
    detail: str = ""
    hops: tuple[Hop, ...] = ()
    offered: tuple[Hop, ...] = ()
    signs: tuple[Sign, ...] = ()
    unfolded: tuple[str, ...] = ()


def story_of(look: PageLooked | LookFailed, box: str = "") -> Story:
    """The story that a fact tells; `box` is the code of the box that looked."""
    common = {name: getattr(look, name) for name in ("at", "url", "persona", "vantage", "part", "round", "attempt", "hops")}
    if isinstance(look, LookFailed):
        return Story(**common, box=box, failed=look.reason, detail=look.detail)
    return Story(
        **common,
        box=box,
        title=look.title,
        rendered=look.rendered,
        offered=look.offered,
        signs=look.signs[:_MOST_SIGNS],
        unfolded=look.unfolded[:_MOST_SIGNS],
    )


def raw(text: str) -> bytes:
    """Text as the bytes it came from. What never was bytes (a lone surrogate that a script made) becomes a question mark."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def as_json(whole: msgspec.Struct) -> bytes:
    """As JSON, whatever strangers put into its texts."""
    try:
        return msgspec.json.encode(whole)
    except UnicodeEncodeError:
        return msgspec.json.encode(_clean(msgspec.to_builtins(whole)))


def _clean(value: Any) -> Any:  # noqa: ANN401 - any tree that JSON can be made of
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case dict():
            return {_clean(key): _clean(each) for key, each in value.items()}
        case list() | tuple():
            return [_clean(each) for each in value]
    return value
