"""UPnP of renderers: the device description, answers of AVTransport, events (LastChange), and DIAL's application state (network §2.4, §2.5)."""

from __future__ import annotations

from typing import Final, NamedTuple

from collector.decode.screens.told import Told, place_of, short
from collector.decode.screens.xmltexts import Element, elements, text_of

AV_TRANSPORT: Final = "urn:schemas-upnp-org:service:avtransport:"
# UPnP AV 1.0 AVTransport §2.2.1. A paused picture still stands on the screen.
_PLAYING: Final = {
    "PLAYING": True,
    "TRANSITIONING": True,
    "PAUSED_PLAYBACK": True,
    "STOPPED": False,
    "NO_MEDIA_PRESENT": False,
}
# UPnP DeviceProtection: "action not authorized"; AVTransport has 715 and 801 of makers' own for the same.
_REFUSALS: Final = ("606", "801")
_LONGEST_ADDRESS: Final = 1_024


class Description(NamedTuple):
    """A device: names as it gives them; where its AVTransport is told and listened to (addresses as written); the version of that service."""

    name: str
    model: str
    control: str = ""
    events: str = ""
    service: str = ""
    base: str = ""


def description(body: bytes) -> Description | None:
    """A UPnP device description; None for what is none."""
    found = elements(body)
    if not any(element.name == "device" for element in found):
        return None
    maker, model = text_of(found, "manufacturer"), text_of(found, "modelname")
    named = Description(short(text_of(found, "friendlyname")), short(f"{maker} {model}".strip()), base=text_of(found, "urlbase")[:_LONGEST_ADDRESS])
    for service in _services(found):
        kind = service.get("servicetype", "")
        if kind.lower().startswith(AV_TRANSPORT):
            return named._replace(control=service.get("controlurl", ""), events=service.get("eventsuburl", ""), service=kind[:100])
    return named


def _services(found: tuple[Element, ...]) -> list[dict[str, str]]:
    """The texts of each `service`, whose children end before it."""
    services, texts = [], dict[str, str]()
    for element in found:
        if element.name == "service":
            services.append(texts)
            texts = {}
        elif element.around[-1:] == ("service",):
            texts[element.name] = element.text[:_LONGEST_ADDRESS]
    return services


def transport(status: int, body: bytes) -> Told | None:
    """The answer to GetTransportInfo; one that refuses to tell strangers is guarded."""
    found = elements(body)
    if status in (401, 403) or text_of(found, "errorcode") in _REFUSALS:
        return Told(protected=True, guard="approval")
    state = text_of(found, "currenttransportstate")
    return Told(playing=_PLAYING.get(state.upper())) if status == 200 and state else None


def media(status: int, body: bytes) -> str:
    """The address that GetMediaInfo or GetPositionInfo name, as far as it may be kept."""
    found = elements(body) if status == 200 else ()
    address = text_of(found, "currenturi") or text_of(found, "trackuri")
    return "" if address == "NOT_IMPLEMENTED" else place_of(address)


def event(body: bytes) -> Told | None:
    """A NOTIFY with AVTransport's LastChange: state and address, of which an event names what changed."""
    changes = text_of(elements(body), "lastchange")
    found = elements(changes) if changes else ()
    values = {element.name: element.attributes.get("val", "") for element in reversed(found)}
    state = values.get("transportstate", "").upper()
    address = values.get("avtransporturi") or values.get("currenttrackuri") or ""
    if not (state or address):
        return None
    return Told(playing=_PLAYING.get(state), what="" if address == "NOT_IMPLEMENTED" else place_of(address))


def application(status: int, body: bytes) -> Told | None:
    """DIAL 2.2 §6.1.2: whether the application runs. None for one that is not there."""
    found = elements(body) if status == 200 else ()
    state = text_of(found, "state").lower()
    if not state:
        return None
    # "hidden": it runs, and shows nothing now.
    return Told(playing=state == "running", what=short(text_of(found, "name")) if state == "running" else "")
