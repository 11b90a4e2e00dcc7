"""Roku's External Control Protocol: what the device is, how it is set, and which application is in front."""

from __future__ import annotations

from typing import Final

from collector.decode.screens.told import Told, short
from collector.decode.screens.xmltexts import elements, text_of

# "Control by mobile apps": since OS 14.1 the two first refuse keys and starts of applications.
_MODES: Final = {"disabled": True, "limited": True, "enabled": False, "permissive": False}


def device(status: int, body: bytes) -> Told | None:
    """`query/device-info`."""
    found = elements(body) if status == 200 else ()
    if not any(element.name == "device-info" for element in found):
        return None
    guarded = _MODES.get(text_of(found, "ecp-setting-mode").lower())
    name = text_of(found, "user-device-name") or text_of(found, "friendly-device-name")
    return Told(protected=guarded, guard="setting" if guarded else "", name=short(name), model=short(text_of(found, "model-name")), picture=True)


def active(status: int, body: bytes) -> Told | None:
    """`query/active-app`: the home screen is an `app` without an id."""
    found = elements(body) if status == 200 else ()
    front = next((element for element in found if element.name == "app" and element.around[-1:] == ("active-app",)), None)
    if front is None:
        return None
    playing = bool(front.attributes.get("id"))
    return Told(playing=playing, what=short(front.text) if playing else "")
