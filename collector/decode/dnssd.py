"""Names and TXT records of DNS-SD (RFC 6763): pure text, no messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from collector.decode.wire import clean

if TYPE_CHECKING:
    from model.facts import Pairs

# RFC 6763 §9: asking for this name lists the types of services on the link.
META = "_services._dns-sd._udp.local."

_ENDINGS = ("._tcp.local.", "._udp.local.")
_ENDING = len(_ENDINGS[0])
_SUBTYPE = "._sub"


class Service(msgspec.Struct):
    """One instance as far as one message tells; `listed` is the TTL of its PTR, `described` the longest of its SRV and TXT."""

    service: str
    instance: str
    listed: int | None = None
    described: int = 0
    host: str | None = None
    port: int | None = None
    text: Pairs | None = None

    @property
    def ttl(self) -> int:
        """The PTR's where there is one: withdrawing it alone already ends the service (RFC 6762 §10.1)."""
        return self.described if self.listed is None else self.listed


def split(name: str) -> tuple[str, str] | None:
    """`Phòng họp._airplay._tcp.local.` -> (`_airplay._tcp.local.`, `Phòng họp`); the instance is empty for a bare type, None for other names.

    Cut from the right, since an instance may hold dots (RFC 6763 §4.1.1).
    """
    if name[-_ENDING:].lower() not in _ENDINGS:
        return None
    head, _, label = name[:-_ENDING].rpartition(".")
    if not label.startswith("_"):
        return None
    instance = "" if head.endswith(_SUBTYPE) else head
    return clean(label + name[-_ENDING:]).lower(), instance


def service_type(name: str) -> str:
    """The service type that a question is about; empty where it is about none."""
    if name.lower() == META:
        return META
    parts = split(name)
    return parts[0] if parts else ""


def pairs(raw: bytes) -> Pairs:
    """A TXT record's pairs, keys in lower case. Strings without a key, and all but the first of one key, do not count (§6.4)."""
    found: dict[str, str] = {}
    offset = 0
    while offset < len(raw):
        end = offset + 1 + raw[offset]
        key, _, value = raw[offset + 1 : end].partition(b"=")
        name = clean(key).lower()
        if name and name not in found:
            found[name] = clean(value)
        offset = end
    return tuple(found.items())
