"""The questions, family by family. Each reads and changes nothing; what comes back goes through `collector.decode.screens`."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Final, NamedTuple

from yarl import URL

from collector.decode.screens import airplay, greetings, json, roku, upnp
from collector.decode.screens.told import Told
from collector.sensors.screens import castline
from collector.sensors.screens.road import Way, connect
from collector.sensors.screens.targets import Question
from collector.sensors.screens.web import Answer, UnansweredError, Web, beside
from model.wirefacts import ScreenFamily

_SOAP: Final = (
    '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
    's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:{action} xmlns:u="{service}">'
    "<InstanceID>0</InstanceID></u:{action}></s:Body></s:Envelope>"
)
_ACTIVE_PLAYERS: Final = b'{"jsonrpc":"2.0","method":"Player.GetActivePlayers","id":1}'
# DIAL has no list of applications: the one that every television has stands for whether the port answers strangers.
_APPLICATION: Final = "YouTube"


class Heard(NamedTuple):
    """What one question brought: `asked` as in `model.wirefacts.ScreenTold`."""

    asked: str
    told: Told


class Means(NamedTuple):
    """What a question is asked with."""

    road: Way
    web: Web
    tls: ssl.SSLContext


Ask = Callable[[Question, Means], Awaitable[list[Heard]]]


async def _greeting(question: Question, means: Means) -> list[Heard]:
    """The projector speaks first; nothing is said to it."""
    reader, writer = await connect(means.road, question.ip, question.port)
    try:
        line = await reader.readuntil(b"\r")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise UnansweredError(question.family) from error
    finally:
        writer.transport.abort()
    read = greetings.pjlink if question.family == "pjlink" else greetings.ntcontrol
    return _one("greeting", read(line[: greetings.LONGEST]))


async def _airplay(question: Question, means: Means) -> list[Heard]:
    reader, writer = await connect(means.road, question.ip, question.port)
    try:
        writer.write(airplay.REQUEST)
        status, body = await _rtsp(reader)
    finally:
        writer.transport.abort()
    return _one("info", airplay.info(status, body))


async def _rtsp(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """An answer's status and body. Raises UnansweredError."""
    data = b""
    while (head := airplay.head(data)) is None or len(data) < head.begins + head.length:
        chunk = await reader.read(8_192)
        data += chunk
        if not chunk or (head is None and len(data) > airplay.LONGEST_HEAD) or len(data) > airplay.LONGEST:
            raise UnansweredError("airplay")
    return head.status, data[head.begins : head.begins + head.length]


async def _dlna(question: Question, means: Means) -> list[Heard]:
    """Description, then state, and what plays only while something does."""
    device, url = await described(question, means)
    heard = [Heard("description", Told(name=device.name, model=device.model))]
    if not device.control:
        return heard
    control = place_of(device, url, device.control)

    async def soap(action: str) -> Answer:
        headers = {"Content-Type": 'text/xml; charset="utf-8"', "SOAPAction": f'"{device.service}#{action}"'}
        return await means.web.fetch("POST", control, headers, _SOAP.format(action=action, service=_attribute(device.service)).encode())

    state = await soap("GetTransportInfo")
    told = upnp.transport(state.status, state.body)
    if told is None:
        return heard
    what = ""
    for action in ("GetMediaInfo", "GetPositionInfo"):
        if told.playing and not what:
            answer = await soap(action)
            what = upnp.media(answer.status, answer.body)
    return [*heard, Heard("transport", told._replace(what=what, name=device.name, model=device.model))]


def _attribute(text: str) -> str:
    """The service's type comes from the device: in our own XML it is a value, whatever is in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def place_of(device: upnp.Description, url: URL, written: str) -> URL:
    """Where a service of the device at `url` is. Raises OffLinkError for another station's place."""
    return beside(beside(url, device.base) if device.base else url, written)


async def described(question: Question, means: Means) -> tuple[upnp.Description, URL]:
    """The device description, and where it was. Raises UnansweredError."""
    url = URL(question.location)
    answer = await means.web.fetch("GET", url)
    device = upnp.description(answer.body) if answer.status == 200 else None
    if device is None:
        raise UnansweredError("no device description")
    return device, url


async def _dial(question: Question, means: Means) -> list[Heard]:
    url = URL(question.location)
    answer = await means.web.fetch("GET", url)
    device = upnp.description(answer.body) if answer.status == 200 else None
    applications = answer.headers.get("application-url", "")
    if device is None or not applications:
        raise UnansweredError("no Application-URL")
    heard = [Heard("description", Told(name=device.name, model=device.model))]
    state = await means.web.fetch("GET", beside(url, applications.rstrip("/") + "/" + _APPLICATION))
    return [*heard, *_one("application", upnp.application(state.status, state.body))]


async def _roku(question: Question, means: Means) -> list[Heard]:
    base = _base(question)
    device = await means.web.fetch("GET", base / "query/device-info")
    told = roku.device(device.status, device.body)
    if told is None:
        raise UnansweredError("no device-info")
    front = await means.web.fetch("GET", base / "query/active-app")
    return [Heard("description", told), *_one("application", roku.active(front.status, front.body))]


async def _cast(question: Question, means: Means) -> list[Heard]:
    """In clear on 8008; newer receivers answer on 8443 alone."""
    try:
        answer = await means.web.fetch("GET", _base(question) / "setup/eureka_info")
    except ConnectionRefusedError:
        answer = await means.web.fetch("GET", URL.build(scheme="https", host=question.ip, port=8443) / "setup/eureka_info")
    return _one("eureka_info", json.eureka(answer.status, answer.body))


async def _cast_status(question: Question, means: Means) -> list[Heard]:
    async with castline.opened(means.road, question.ip, question.port, means.tls) as line, aclosing(line.told()) as states:
        return [Heard("status", await anext(states))]


async def _samsung(question: Question, means: Means) -> list[Heard]:
    answer = await means.web.fetch("GET", _base(question) / "api/v2/")
    return _one("info", json.samsung(answer.status, answer.body))


async def _kodi(question: Question, means: Means) -> list[Heard]:
    answer = await means.web.fetch("POST", _base(question) / "jsonrpc", {"Content-Type": "application/json"}, _ACTIVE_PLAYERS)
    return _one("status", json.kodi(answer.status, answer.body))


def _base(question: Question) -> URL:
    return URL.build(scheme="http", host=question.ip, port=question.port)


def _one(asked: str, told: Told | None) -> list[Heard]:
    if told is None:
        raise UnansweredError(asked)
    return [Heard(asked, told)]


# family of the configuration -> how it is asked, and the family of the fact
ASK: Final[Mapping[str, tuple[Ask, ScreenFamily]]] = {
    "pjlink": (_greeting, "pjlink"),
    "ntcontrol": (_greeting, "ntcontrol"),
    "dlna": (_dlna, "dlna"),
    "airplay": (_airplay, "airplay"),
    "cast": (_cast, "cast"),
    "cast-status": (_cast_status, "cast"),
    "dial": (_dial, "dial"),
    "roku": (_roku, "roku"),
    "samsung": (_samsung, "samsung"),
    "kodi": (_kodi, "kodi"),
}
