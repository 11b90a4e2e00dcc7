"""How a persona looks to a page: the headers it sends and what scripts are told of its device."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from collector.sensors.portals.personas import Persona, first_arrival, headers

# A brand list as browsers send it: "Google Chrome";v="156", "Not?A_Brand";v="24"
_BRAND: Final = re.compile(r'"([^"]{1,64})";\s*v="([\d.]{1,20})"')
_VERSION: Final = re.compile(r"Chrome/([\d.]{1,20})")
# Sent by the browser itself, each at its own requests; forced onto all of them they would give us away or break pages.
_BY_THE_BROWSER: Final = re.compile(
    r"(?:accept|accept-encoding|accept-language|cache-control|connection|cookie|content-.*|dnt|host|origin|pragma|priority|range|referer|sec-.*|te|user-agent"
    r"|upgrade-insecure-requests|if-.*|proxy-.*|transfer-encoding)",
    re.IGNORECASE,
)
PHONE: Final = (412, 915, 2.625)
DESK: Final = (1366, 768, 1.0)


class Face(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser shows of itself. `width`, `height` in CSS pixels; `brands` (name, major version), none: no client hints are sent.

    `extra`: headers that every request carries (an app's own, `X-Requested-With`).
    """

    agent: str
    languages: str = "vi-VN,vi;q=0.9,en-US;q=0.6,en;q=0.5"
    referer: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    brands: tuple[tuple[str, str], ...] = ()
    platform: str = ""
    mobile: bool = False
    width: int = DESK[0]
    height: int = DESK[1]
    scale: float = DESK[2]

    def override(self) -> dict[str, object]:
        """Parameters of Emulation.setUserAgentOverride."""
        named: dict[str, object] = {"userAgent": self.agent, "acceptLanguage": _names(self.languages), "platform": _navigator_platform(self.agent)}
        if self.brands:
            full = match[1] if (match := _VERSION.search(self.agent)) else "156.0.0.0"
            named["userAgentMetadata"] = {
                "brands": [{"brand": name, "version": version} for name, version in self.brands],
                "fullVersion": full,
                "platform": self.platform,
                "platformVersion": "",
                "architecture": "" if self.mobile else "x86",
                "model": "",
                "mobile": self.mobile,
            }
        return named

    def metrics(self) -> dict[str, object]:
        """Parameters of Emulation.setDeviceMetricsOverride."""
        return {"width": self.width, "height": self.height, "deviceScaleFactor": self.scale, "mobile": self.mobile}


def persona_face(persona: Persona) -> Face:
    """The face of one of our personas, coming to its first address."""
    width, height = persona.browser.viewport
    face = face_of(headers(persona, "", first_arrival(persona), secure=True))
    return msgspec.structs.replace(face, width=width, height=height, mobile=persona.browser.mobile, scale=PHONE[2] if persona.browser.mobile else DESK[2])


def face_of(sent_lines: Iterable[tuple[str, str]]) -> Face:
    """The face of whatever sends these header lines (names in any case)."""
    sent = {name.lower(): value for name, value in sent_lines}
    agent = sent.get("user-agent", "")
    mobile = sent.get("sec-ch-ua-mobile", "") == "?1" or "Mobile" in agent
    width, height, scale = PHONE if mobile else DESK
    return Face(
        agent=agent,
        languages=sent.get("accept-language", ""),
        referer=sent.get("referer", ""),
        extra=tuple((name, value) for name, value in sent.items() if not _BY_THE_BROWSER.fullmatch(name)),
        brands=tuple(_BRAND.findall(sent.get("sec-ch-ua", "")))[:8],
        platform=sent.get("sec-ch-ua-platform", "").strip('"'),
        mobile=mobile,
        width=width,
        height=height,
        scale=scale,
    )


def _names(languages: str) -> str:
    """The languages without their weights: the browser adds those in the header, and tells scripts the names alone."""
    return ",".join(part.partition(";")[0].strip() for part in languages.split(","))


def _navigator_platform(agent: str) -> str:
    for mark, platform in (("Windows", "Win32"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Macintosh", "MacIntel"), ("Android", "Linux armv81")):
        if mark in agent:
            return platform
    return "Linux x86_64"
