"""WS-Discovery over UDP (OASIS WS-Discovery 1.1, and the 2005 draft that Windows, printers and ONVIF cameras speak).

The XML comes from strangers and is read by a scanner of our own, in one pass, with every part bounded (docs/decisions/007): an XML library,
hardened or not, writes a namespace out in full before every name. What is lost is strictness: a document that an XML parser would refuse may
give a fact here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from collector.decode.error import DecodeError
from collector.decode.wire import clean
from model.facts import NameSeen, WsdAdvertised, WsdAsked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from collector.decode.packet import Packet
    from model.fact import StationFact

PORT = 3702
CLAUSES = ("udp port 3702",)

# SOAP-over-UDP 1.1 §3.1 allows a datagram of any size; real messages stay below 4 KiB.
_LONGEST = 16_384
_MAX_ENDPOINTS = 8
_MAX_WORDS = 32
_MAX_WORD = 256

# A comment, a whole tag, or the text before the next one: each byte is looked at a bounded number of times, since no alternative can
# match what another did.
_TOKEN = re.compile(r"<!--.*?(?:-->|\Z)|<([^<>]*)>|([^<]+)", re.DOTALL)
_NAMESPACE = re.compile(r"""xmlns:([\w.-]{1,64})\s*=\s*["']([^"'<>]{1,256})["']""")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))

_KEPT = frozenset({"Action", "Address", "Types", "Scopes", "XAddrs"})
_ENDPOINT = frozenset({"Hello", "Bye", "ProbeMatch", "ResolveMatch"})
# The namespaces of types in use, under the prefix that their specifications write.
_PREFIXES: Mapping[str, str] = {
    "http://schemas.xmlsoap.org/ws/2006/02/devprof": "wsdp",
    "http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01": "wsdp",
    "http://schemas.microsoft.com/windows/pub/2005/07": "pub",
    "http://schemas.microsoft.com/windows/2006/08/wdp/print": "wprt",
    "http://schemas.microsoft.com/windows/2006/08/wdp/scan": "wscn",
    "http://www.onvif.org/ver10/network/wsdl": "dn",
    "http://www.onvif.org/ver10/device/wsdl": "tds",
    "http://schemas.xmlsoap.org/ws/2005/04/discovery": "wsd",
    "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01": "wsd",
}
_NAME_SCOPE = "onvif://www.onvif.org/name/"

# Element -> its words, of one endpoint or of the message.
_Part = dict[str, tuple[str, ...]]


def decode(packet: Packet) -> tuple[StationFact, ...]:
    """One fact an endpoint that says hello, goodbye or answers, one for a probe; nothing for resolves and for what is no discovery."""
    data, start = packet.data, packet.start
    if packet.end - start > _LONGEST:
        raise DecodeError("WS-Discovery message is longer than 16 KiB")
    raw = data[start : packet.end]
    if not raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return ()
    document = raw.decode("utf-8", "replace")
    # SOAP 1.2 §5: a message must hold no document type declaration.
    if "<!DOCTYPE" in document or "<!ENTITY" in document:
        raise DecodeError("WS-Discovery message with a document type declaration")
    prefixes = {prefix: _PREFIXES.get(space, f"{{{space}}}") for prefix, space in _NAMESPACE.findall(document)}
    head, endpoints = _parts(document)
    action = head.get("Action", ("",))[0].rpartition("/")[2]
    if action == "Probe":
        return (WsdAsked(at=packet.at, mac=packet.mac, ip=packet.ip, vlan=packet.vlan, types=_types(head, prefixes)),)
    if action not in {"Hello", "Bye", "ProbeMatches", "ResolveMatches"}:
        return ()
    facts = tuple(fact for part in endpoints for fact in _endpoint(packet, part, prefixes, alive=action != "Bye"))
    if action in {"Hello", "Bye"} and not facts:
        raise DecodeError("WS-Discovery announcement without an endpoint")
    return facts


def _parts(document: str) -> tuple[_Part, list[_Part]]:
    """What stands outside the endpoints' elements (the action, and what a probe looks for), and each endpoint's own."""
    head: _Part = {}
    endpoints: list[_Part] = []
    part, kept = head, ""
    for tag, text in _TOKEN.findall(document):
        if not tag:
            if kept and (words := text.split(None, _MAX_WORDS)[:_MAX_WORDS]):
                part.setdefault(kept, tuple(_word(word) for word in words))
            continue
        name = tag.split(None, 1)[0] if tag.strip() else ""
        local = name.rpartition(":")[2].strip("/")
        kept = local if local in _KEPT and name[0] != "/" and tag[-1] != "/" else ""
        if local in _ENDPOINT and name[0] != "/" and len(endpoints) < _MAX_ENDPOINTS:
            part = {}
            endpoints.append(part)
        elif local in _ENDPOINT:
            part = head
    return head, endpoints


def _word(raw: str) -> str:
    for entity, character in _ENTITIES:
        raw = raw.replace(entity, character)
    return clean(raw[:_MAX_WORD])


def _types(part: _Part, prefixes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_qualified(word, prefixes) for word in part.get("Types", ()))


def _qualified(word: str, prefixes: Mapping[str, str]) -> str:
    """A type under the prefix its namespace usually has, whatever prefix the sender chose."""
    prefix, colon, local = word.partition(":")
    known = prefixes.get(prefix, prefix) if colon else ""
    return clean(known + local if known.startswith("{") or not known else f"{known}:{local}") if colon else word


def _endpoint(packet: Packet, part: _Part, prefixes: Mapping[str, str], *, alive: bool) -> Iterator[StationFact]:
    address = part.get("Address", ("",))[0]
    if not address:
        return
    at, mac, ip, vlan = packet.at, packet.mac, packet.ip, packet.vlan
    scopes = part.get("Scopes", ())
    types = _types(part, prefixes)
    yield WsdAdvertised(at=at, mac=mac, ip=ip, vlan=vlan, endpoint=address, types=types, scopes=scopes, locations=part.get("XAddrs", ()), alive=alive)
    # ONVIF core §7.3.2.2: a camera's name is one of its scopes.
    name = next((scope[len(_NAME_SCOPE) :] for scope in scopes if scope.startswith(_NAME_SCOPE)), "")
    if alive and name:
        yield NameSeen(at=at, mac=mac, ip=ip, vlan=vlan, name=name.replace("%20", " "), via="wsd")
