"""Names of hosts as people and lists write them, brought to the one form that facts have: lower case, ASCII, no dot at the end."""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tldextract import TLDExtract

# RFC 1035 2.3.4. The underscore is no letter of a host name, yet browsers look such names up and lists hold them.
_NAME = re.compile(r"(?=.{3,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST = 253


def host_name(given: str) -> str:
    """`given` as facts have it; empty for what is no full name of a host (addresses and names without a dot are none)."""
    name = given.strip().lower().removesuffix(".")
    if _NAME.fullmatch(name):
        return name
    if name.isascii() or len(name) > _LONGEST:
        return ""
    try:
        name = name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return name if _NAME.fullmatch(name) else ""


def host_or_address(given: str) -> str:
    """As `host_name`, IP addresses too (IPv6 without brackets)."""
    try:
        return str(ipaddress.ip_address(given.strip().removeprefix("[").removesuffix("]")))
    except ValueError:
        return host_name(given)


def is_public_suffix(name: str) -> bool:
    """Whether strangers can have names below this one (`com`, `gov.vn`, `pages.dev`); a single label always counts."""
    return "." not in name or not _extract()(name).domain


def name_and_parents(name: str) -> Iterator[str]:
    """`name` and what it stands below, down to the name its owner registered; nothing for a public suffix.

    `a.b.example.com.vn`, `b.example.com.vn`, `example.com.vn`. Where the last label is none that is known, two labels are taken as registered.
    """
    if is_public_suffix(name):
        return
    found = _extract()(name)
    last = found.suffix.count(".") + 2 if found.suffix else 2
    labels = name.split(".")
    for first in range(max(0, len(labels) - last) + 1):
        yield ".".join(labels[first:])


@functools.cache
def _extract() -> TLDExtract:
    """The suffix list that the library carries, never fetched: names must not be judged differently from one day to the next."""
    from tldextract import TLDExtract  # noqa: PLC0415 - 0.2 s, only where names are really judged

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
