"""What an asset was heard to say, as texts that rules can be searched in. Only what was said for itself: a proxied answer is another's word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from model.classes.kinds import Sign
from model.rows import Asset, Service, Signs, Upnp
from model.screens import airplay
from model.verdict import EvidenceKind

# A TXT record may be long; what a device is stands in short values.
_MAX_VALUE = 120
_LOCAL = re.compile(r"\.local\.?$", re.IGNORECASE)
_VIA: dict[str, EvidenceKind] = {
    "dhcp": "dhcp", "mdns": "mdns", "llmnr": "llmnr", "nbns": "netbios", "upnp": "ssdp", "wsd": "wsd", "lldp": "lldp", "cdp": "lldp",
}  # fmt: skip
# A CUPS server lists the queues it shares as if each were a printer (rp=printers/NAME); the printer is elsewhere.
_SHARED_QUEUE = "printers/"
# What people type in: a name, no word of the device about itself.
_FREE_TEXT = frozenset({"fn", "n", "name", "friendlyname", "note", "cn", "nm", "room"})


def signs_of(asset: Asset) -> Iterator[Sign]:
    """Every sign in the asset's rows, in their order."""
    yield from _addresses(asset)
    yield from _dhcp(asset)
    yield from _names(asset)
    for service in asset.services.values():
        if not service.proxied:
            yield from _service(service)
    for upnp in asset.upnp.values():
        yield from _upnp(upnp)
    for wanted, seen in asset.asked.items():
        yield Sign("ssdp.ask" if ":" in wanted else "mdns.ask", wanted, "ssdp" if ":" in wanted else "mdns", seen.last)
    yield from _roles(asset)
    yield from _lesser(asset.signs)


def _addresses(asset: Asset) -> Iterator[Sign]:
    for mac, vendor in asset.vendors.items():
        # The lowest blocks of all are what made-up addresses are taken from; their owners stopped making things for the wire long ago.
        if mac.startswith("00:00:0"):
            continue
        yield Sign("vendor", vendor, "vendor", asset.macs[mac].last if mac in asset.macs else asset.seen.last)
    # IEEE 802c: the locally administered bit. Phones hide behind such addresses, and so do virtual machines.
    if asset.macs and all(mac[1:2] in "26ae" for mac in asset.macs):
        yield Sign("address", "U/L=1", "mac", asset.seen.last)


def _dhcp(asset: Asset) -> Iterator[Sign]:
    if asset.dhcp is not None:
        profile, at = asset.dhcp.value, asset.dhcp.stamp.at
        if profile.vendor_class:
            yield Sign("dhcp.class", profile.vendor_class, "dhcp", at)
        if profile.parameters:
            yield Sign("dhcp.list", ",".join(map(str, profile.parameters)), "dhcp", at)
        if profile.ttl:
            yield Sign("ttl", str(profile.ttl), "ttl", at)
        if name := _as_text(profile.client_id):
            yield Sign("dhcp.id", name, "dhcp", at)
    if asset.signs.dhcp6 is not None:
        told, at = asset.signs.dhcp6.value, asset.signs.dhcp6.stamp.at
        if told.enterprise or told.vendor_class:
            yield Sign("dhcp6.class", f"{told.enterprise} {told.vendor_class}".strip(), "dhcp", at)


def _as_text(client_id: str) -> str:
    """A client identifier of type 0 (RFC 2132 §9.14) that holds printable text."""
    try:
        raw = bytes.fromhex(client_id.replace(":", ""))
    except ValueError:
        # No decoder of ours writes such; whoever holds a sensor can.
        return ""
    return raw[1:].decode() if raw[:1] == b"\0" and len(raw) > 3 and raw[1:].isascii() and raw[1:].decode().isprintable() else ""


def _names(asset: Asset) -> Iterator[Sign]:
    spoken: set[str] = set()
    for key, seen in asset.names.items():
        via, _, name = key.partition(":")
        yield Sign("name", _LOCAL.sub("", name), _VIA.get(via, "mdns"), seen.last)
        if via in ("llmnr", "nbns") and via not in spoken:
            spoken.add(via)
            yield Sign("netbios.speaks", via, _VIA[via], seen.last)


def _service(service: Service) -> Iterator[Sign]:
    kind, at = service.service.removesuffix(".local.").rstrip("."), service.seen.last
    text = service.text
    if text.get("rp", "").startswith(_SHARED_QUEUE):
        yield Sign("mdns.type", f"{kind} rp={_SHARED_QUEUE}", "mdns", at)
        return
    if service.instance:
        yield Sign("mdns.type", kind, "mdns", at)
        yield Sign("name", service.instance, "mdns", at)
    for key, value in text.items():
        if key in _FREE_TEXT:
            yield Sign("name", value[:_MAX_VALUE], "mdns", at)
            continue
        yield Sign("mdns.text", f"{kind} {key}={value[:_MAX_VALUE]}", "mdns", at)
    if kind in ("_airplay._tcp", "_raop._tcp") and text:
        yield Sign("mdns.text", f"{kind} picture={airplay.picture(text)}", "mdns", at)
    if kind == "_googlecast._tcp" and text.get("ca", "").isascii() and text.get("ca", "").isdigit():
        # Cast's capability bit 0: video out (network §2.2).
        yield Sign("mdns.text", f"{kind} picture={'yes' if int(text['ca'][:9]) & 1 else 'no'}", "mdns", at)


def _upnp(upnp: Upnp) -> Iterator[Sign]:
    at = upnp.seen.last
    yield Sign("ssdp.type", upnp.target, "ssdp", at)
    if upnp.server:
        yield Sign("ssdp.server", upnp.server, "ssdp", at)
    if place := _path(upnp.location):
        yield Sign("ssdp.place", place, "ssdp", at)
    for name, value in upnp.headers:
        yield Sign("ssdp.header", f"{name}: {value[:_MAX_VALUE]}", "ssdp", at)


def _path(location: str) -> str:
    """The path of `http://host:port/path`, as sent."""
    _, slash, path = location.partition("://")[2].partition("/")
    return (slash + path)[:_MAX_VALUE]


def _roles(asset: Asset) -> Iterator[Sign]:
    if asset.offer is not None:
        offer, at = asset.offer.value, asset.offer.stamp.at
        mine = [router for router in offer.routers if router in asset.ips]
        # A relay passes on what a server elsewhere gives out: it is a router by that alone, and the offer is not its own.
        yield Sign("role", "DHCP giaddr=self" if offer.relay in asset.ips else "DHCP router=self" if mine else "DHCP", "dhcp", at)
    if asset.router is not None and asset.router.value.lifetime:
        yield Sign("role", "RA", "ra", asset.router.stamp.at)
    if asset.pjlink:
        held = max(asset.pjlink.values(), key=lambda held: held.stamp)
        yield Sign("pjlink", held.value or "PJLINK", "pjlink", held.stamp.at)


def _lesser(signs: Signs) -> Iterator[Sign]:
    for group, held in signs.groups.items():
        yield Sign("group", group, "address", held.stamp.at)
    for name, held in signs.netbios.items():
        yield Sign("netbios.name", name, "netbios", held.stamp.at)
    for held_announcement in signs.browser.values():
        told, at = held_announcement.value, held_announcement.stamp.at
        if told.name:
            yield Sign("browser", f"types={told.server_type:08x} version={told.version} {told.comment}".strip(), "netbios", at)
    for endpoint in signs.wsd.values():
        if endpoint.told is not None:
            at = endpoint.told.stamp.at
            yield from (Sign("wsd.type", text, "wsd", at) for text in endpoint.told.value.types)
            yield from (Sign("wsd.scope", text, "wsd", at) for text in endpoint.told.value.scopes)
    for held_neighbour in signs.neighbour.values():
        box, at = held_neighbour.value, held_neighbour.stamp.at
        if box.capabilities:
            yield Sign("lldp.able", ",".join(sorted(box.capabilities)), "lldp", at)
        if box.model or box.description:
            yield Sign("lldp.text", f"{box.model} {box.description}".strip(), "lldp", at)
