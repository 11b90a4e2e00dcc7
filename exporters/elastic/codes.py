"""What ECS makes of a rule's id and ATT&CK codes, and of addresses. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from exporters.elastic.shapes import Subtechnique, Technique, Threat

_CATEGORIES = {"NET": "network", "WEB": "web", "END": "host", "COV": "host"}
_TECHNIQUE = re.compile(r"T\d{4}(?:\.\d{3})?")
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")


class Attack(NamedTuple):
    """A rule's ATT&CK codes. Techniques are a threat; mitigations (M...) name what to do against none in particular and are kept apart."""

    threat: Threat | None
    mitigations: list[str]


@lru_cache(maxsize=256)
def attack_of(codes: tuple[str, ...]) -> Attack:
    """What its codes are; there are as many as rules."""
    techniques = [code for code in codes if _TECHNIQUE.fullmatch(code)]
    mitigations = [code for code in codes if code.startswith("M")]
    if not techniques:
        return Attack(None, mitigations)
    deeper = [code for code in techniques if "." in code]
    ids = distinct(*(code.partition(".")[0] for code in techniques))
    return Attack(Threat(framework="MITRE ATT&CK", technique=Technique(id=ids, subtechnique=Subtechnique(id=deeper) if deeper else None)), mitigations)


@lru_cache(maxsize=256)
def category_of(detector: str) -> str:
    """`VG-NET-02` is about the network."""
    return _CATEGORIES.get(detector.split("-")[1] if detector.count("-") else "", "host")


def addresses(ips: Iterable[str]) -> list[str]:
    """Addresses as the engine's type `ip` takes them; anything else would refuse the whole document, so it is left out."""
    kept: list[str] = []
    for ip in ips:
        if _IPV4.fullmatch(ip):
            kept.append(ip)
            continue
        # A zone (`fe80::1%eth0`, RFC 4007 §11) means something on this box alone.
        plain = ip.partition("%")[0]
        try:
            kept.append(str(ipaddress.ip_address(plain)))
        except ValueError:
            continue
    return distinct(*kept)


def distinct(*values: str) -> list[str]:
    """Each once, in their order, none empty."""
    return list(dict.fromkeys(value for value in values if value))
