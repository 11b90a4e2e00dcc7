"""DNS-SD adverts of screens: which service types are screens, and what their TXT records say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from model.episodes import Session, running
from model.facts import Pairs
from model.rows import Asset, Service
from model.screens import airplay
from model.screens.lamps import Lamps, Tri, tri
from model.text import shown
from model.times import rfc3339
from model.verdict import Evidence, Grade

_EVIDENCE_LENGTH = 400


class Reading(NamedTuple):
    """What one TXT record says: what guards the screen (None: not said), whether it shows pictures, whether it is in use."""

    protection: str | None
    picture: Tri
    in_session: Tri


class Family(NamedTuple):
    """One kind of screen by its DNS-SD type. `open_grade` is how sure an open reading is."""

    name: str
    read: Callable[[Mapping[str, str]], Reading]
    open_grade: Grade


def _airplay(text: Mapping[str, str]) -> Reading:
    return Reading(airplay.protection(text), airplay.picture(text), airplay.in_session(text))


def _raop(text: Mapping[str, str]) -> Reading:
    # The RAOP service itself carries sound; a picture comes by _airplay, which has its own advert.
    return Reading(airplay.protection(text), "no", airplay.in_session(text))


def _cast(text: Mapping[str, str]) -> Reading:
    # Cast asks no PIN of senders on the same network (network §2.2): open by design. ca bit 0 is video out.
    try:
        video = bool(int(text["ca"]) & 1)
    except (KeyError, ValueError):
        return Reading("", "unknown", _busy(text))
    return Reading("", tri(video), _busy(text))


def _busy(text: Mapping[str, str]) -> Tri:
    return {"0": "no", "1": "yes"}.get(text.get("st", ""), "unknown")  # type: ignore[return-value]  # values of the table are Tri


def _silent(_text: Mapping[str, str]) -> Reading:
    return Reading(None, "yes", "unknown")


def _paired(_text: Mapping[str, str]) -> Reading:
    return Reading("pin", "yes", "unknown")


def _sound_open(_text: Mapping[str, str]) -> Reading:
    return Reading("", "no", "unknown")


def _sound(_text: Mapping[str, str]) -> Reading:
    return Reading(None, "no", "unknown")


# Types and their meaning: network §2.1-2.6, home-assistant's generated zeroconf table for the names.
FAMILIES: Mapping[str, Family] = {
    "_airplay._tcp.local.": Family("AirPlay", _airplay, Grade.LIKELY),
    "_raop._tcp.local.": Family("AirPlay (âm thanh)", _raop, Grade.LIKELY),
    "_googlecast._tcp.local.": Family("Google Cast", _cast, Grade.BY_DESIGN),
    "_display._tcp.local.": Family("Miracast (MS-MICE)", _silent, Grade.LIKELY),
    "_androidtvremote2._tcp.local.": Family("Android TV", _paired, Grade.LIKELY),
    "_androidtvremote._tcp.local.": Family("Android TV", _paired, Grade.LIKELY),
    "_amzn-wplay._tcp.local.": Family("Fire TV", _silent, Grade.LIKELY),
    "_viziocast._tcp.local.": Family("Vizio SmartCast", _silent, Grade.LIKELY),
    "_samsungmsf._tcp.local.": Family("Samsung", _silent, Grade.LIKELY),
    "_xbmc-jsonrpc._tcp.local.": Family("Kodi", _silent, Grade.LIKELY),
    "_xbmc-jsonrpc-h._tcp.local.": Family("Kodi", _silent, Grade.LIKELY),
    "_roku-rcp._tcp.local.": Family("Roku", _silent, Grade.LIKELY),
    "_mediaremotetv._tcp.local.": Family("Apple TV", _paired, Grade.LIKELY),
    "_appletv-v2._tcp.local.": Family("Apple TV", _paired, Grade.LIKELY),
    "_eshare._tcp.local.": Family("EShare", _silent, Grade.LIKELY),
    "_pjlink._tcp.local.": Family("PJLink", _silent, Grade.LIKELY),
    "_sonos._tcp.local.": Family("Sonos", _sound_open, Grade.BY_DESIGN),
    "_spotify-connect._tcp.local.": Family("Spotify Connect", _sound_open, Grade.BY_DESIGN),
    "_soundtouch._tcp.local.": Family("Bose SoundTouch", _sound, Grade.LIKELY),
    "_heos-audio._tcp.local.": Family("HEOS", _sound, Grade.LIKELY),
    "_musc._tcp.local.": Family("BluOS", _sound, Grade.LIKELY),
}


# Services whose records say whether content is shown now.
_PLAYING: Mapping[str, Callable[[Mapping[str, str]], bool | None]] = {
    "_airplay._tcp.local.": airplay.playing,
    "_raop._tcp.local.": airplay.playing,
    "_googlecast._tcp.local.": lambda text: {"0": False, "1": True}.get(text.get("st", "")),
}


def tells_playing(service: str) -> bool:
    """Whether this type's records say if content is shown: then a goodbye ends what was."""
    return service in _PLAYING


def playing(service: str, text: Pairs) -> bool | None:
    """Whether the record says that content is shown; None when it does not say."""
    read = _PLAYING.get(service)
    return read(lowered(text)) if read else None


def application(text: Pairs) -> str:
    """What is shown, by the receiver's own words (Cast: `rs`); empty when it names nothing."""
    return shown(lowered(text).get("rs", ""))


def asks_nothing(service: str, text: Pairs) -> bool:
    """Whether this record of a screen says that nothing guards it."""
    family = FAMILIES.get(service)
    return family is not None and family.read(lowered(text)).protection == ""


def lowered(text: Pairs) -> dict[str, str]:
    """The record as a mapping, keys in lower case (RFC 6763 §6.4: case does not matter)."""
    return {key.lower(): value for key, value in text}


def read_services(asset: Asset) -> Iterator[Lamps]:
    """Lamps of every DNS-SD service of the asset that is a screen's."""
    named = {service.service for service in asset.services.values() if service.instance}
    for key in sorted(asset.services):
        service = asset.services[key]
        family = FAMILIES.get(service.service)
        # A bare type, as a browser's enumeration lists it, says nothing that the instance does not say better.
        if family is not None and (service.instance or service.service not in named):
            yield _lamps(asset, service, family)


def _lamps(asset: Asset, service: Service, family: Family) -> Lamps:
    # A type that was only listed carries no record: nothing is known of its protection unless the protocol has none to offer.
    reading = family.read(service.text)
    alive = service.alive.value
    closed = _refused(asset, service)
    protection = reading.protection
    grade = family.open_grade if protection == "" or protection is None else Grade.LIKELY
    session = running(service.playing) if alive else None
    return Lamps(
        family=family.name,
        enabled="yes" if alive else "no" if closed else "unknown",
        open=tri(None if protection is None else not protection),
        in_session=reading.in_session if alive else "no",
        picture=reading.picture,
        grade=grade,
        evidence=(Evidence("mdns", advert(service), service.alive.stamp.at), *_told_of(session)),
        seen=service.seen,
        protection=protection or "",
        was_open=service.opened is not None,
        session=session,
        left=not alive,
        closed=closed,
    )


def _told_of(session: Session | None) -> tuple[Evidence, ...]:
    return () if session is None else (Evidence("session", f"{rfc3339(session.first.at)} {session.what}".strip(), session.last.at),)


def _refused(asset: Asset, service: Service) -> bool:
    port = asset.ports.get(service.port)
    return port is not None and not port.accepted.value and port.accepted.stamp >= service.alive.stamp


def advert(service: Service) -> str:
    """The raw advert on one line, as evidence."""
    record = " ".join(f"{key}={value}" for key, value in (service.texts[-1].value if service.texts else ()))
    said = "" if service.alive.value else " (TTL=0)"
    name = f"{service.instance}.{service.service}" if service.instance else service.service
    return shown(f"{name}{said} port={service.port or '?'} {record}", _EVIDENCE_LENGTH)
