"""Port mappings asked of a router by UPnP (InternetGatewayDevice:1 and 2: WANIPConnection:1-2, WANPPPConnection:1). Routers ask nobody who they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Literal

from collector.decode.flows.head import Head
from collector.decode.flows.http import Request, may_be_request, requests, statuses
from collector.decode.flows.requests import LIMIT
from collector.decode.wire import clean
from model.wirefacts import MappingSeen

STARTS = (b"POST ", b"M-POST ")
# An answer that tells of a mapping is some 1.2 kB long.
ANSWER_LIMIT = 2048

_ACTION = re.compile(r":service:WAN(?:IP|PPP)Connection:\d+#(\w{1,64})")
_ASKS = {"AddPortMapping", "AddAnyPortMapping", "DeletePortMapping"}
# The router answers with what it lets in.
_LISTS = {"GetGenericPortMappingEntry", "GetSpecificPortMappingEntry"}
_ELEMENT = re.compile(rb"<(?:\w{1,32}:)?New(\w{1,32})(?:\s[^>]{0,256})?>([^<]{0,256})<")
_PROTOCOLS: dict[str, Literal["tcp", "udp"]] = {"TCP": "tcp", "UDP": "udp"}
# Some routers speak of a lease longer than any clock of ours.
_MOST = 0xFFFFFFFF


def decode(head: Head) -> Sequence[MappingSeen] | None:
    """The mappings asked for, taken back or listed in this head; None while they may still come."""
    found = list(requests(head.data))
    if not found:
        return None if may_be_request(head.data) else ()
    codes = statuses(head.answer)
    facts = []
    for number, request in enumerate(found):
        action = _action(request)
        code = codes[number] if number < len(codes) else None
        if action in _LISTS and len(found) == 1:
            return _listed(head, action, request, code)
        if action not in _ASKS:
            continue
        told = _elements(request.body)
        if not told.keys() >= {"ExternalPort", "Protocol"} and not request.whole and len(head.data) < LIMIT:
            return None
        facts += _facts(head, action, told, code)
    return facts


def _action(request: Request) -> str:
    """The second method of HTTP extensions, M-POST, puts a number before the header's name (UPnP 1.0 §3.2.2)."""
    told = next((value for name, value in request.headers.items() if name.endswith("soapaction")), "")
    found = _ACTION.search(told)
    return found[1] if found else ""


def _listed(head: Head, action: str, request: Request, code: int | None) -> Sequence[MappingSeen] | None:
    """What a router told of one mapping; of one that was asked for by its outside port, that port stands in the question."""
    if not request.whole and len(head.data) < LIMIT:
        return None
    told = {**_elements(request.body), **_elements(head.answer)}
    if "InternalClient" not in told:
        return None if code in (None, 200) and len(head.answer) < ANSWER_LIMIT else ()
    return _facts(head, action, told, code)


def _elements(text: bytes) -> dict[str, str]:
    return {clean(name): clean(value) for name, value in _ELEMENT.findall(text)}


def _facts(head: Head, action: str, told: dict[str, str], code: int | None) -> list[MappingSeen]:
    protocol = _PROTOCOLS.get(told.get("Protocol", "").upper())
    if protocol is None or "ExternalPort" not in told:
        return []
    packet = head.packet
    return [
        MappingSeen(
            at=head.at,
            mac=packet.mac,
            ip=packet.ip,
            vlan=packet.vlan,
            via="upnp",
            protocol=protocol,
            client_ip=_address(told.get("InternalClient", "")),
            client_port=_number(told, "InternalPort", 0xFFFF),
            outside_port=_number(told, "ExternalPort", 0xFFFF),
            router_ip=packet.peer_ip,
            router_mac=packet.peer_mac,
            lease=_number(told, "LeaseDuration", _MOST),
            deleted=action == "DeletePortMapping",
            accepted=None if code is None else code == 200,
            description=told.get("PortMappingDescription", "")[:64],
        )
    ]


def _address(text: str) -> str:
    """An address in its usual form; a name, which the protocol allows too, says nothing to us."""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def _number(told: dict[str, str], name: str, most: int) -> int:
    text = told.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 11 else 0
