"""Addresses made unreadable in output: `replay --private`. The same address gives the same word within one run, and no other run's."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import secrets
from collections.abc import Callable, Collection

_MAC = re.compile(r"\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b")
_BARE_MAC = re.compile(r"[0-9A-Fa-f]{12}(?![0-9A-Fa-f])")
_IP = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?<![0-9A-Za-z:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z:])")


def hider(macs: Collection[str] = ()) -> Callable[[bytes], bytes]:
    """A function that hides every MAC and IP address in a line of JSON, under a key of its own.

    `macs` are those known to be in the capture: names of services hold them without separators, where they look like any other number.
    """
    key = secrets.token_bytes(16)
    known = {mac.replace(":", "") for mac in macs}

    def word(kind: str, value: str) -> str:
        return f"{kind}-{hashlib.blake2s(value.encode(), key=key, digest_size=4).hexdigest()}"

    def mac(found: re.Match[str]) -> str:
        return word("mac", re.sub("[:-]", "", found[0]).lower())

    def bare(found: re.Match[str]) -> str:
        return mac(found) if found[0].lower() in known else found[0]

    def ip(found: re.Match[str]) -> str:
        try:
            return word("ip", str(ipaddress.ip_address(found[0])))
        except ValueError:  # a version number or a time of day looks alike
            return found[0]

    return lambda line: _IP.sub(ip, _BARE_MAC.sub(bare, _MAC.sub(mac, line.decode()))).encode()
