"""Hostile answers of screens: every reader on the same bytes."""

import plistlib

from collector.decode.screens import airplay, cast, greetings, json, plist, roku, upnp
from collector.decode.screens.told import Told
from collector.decode.wire import clean
from tests.fuzz.checks import MAX_TEXT

SEEDS = (
    b"PJLINK 1 498e4a67\r",
    b"NTCONTROL 0\r",
    b"RTSP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    plistlib.dumps({"statusFlags": 0x20004, "features": 2**40, "name": "TV", "pw": True, "l": [1, {"a": b"x"}]}, fmt=plistlib.FMT_BINARY),
    b"<s:E xmlns:s='x'><CurrentTransportState>PLAYING</CurrentTransportState><CurrentURI>http://h/a</CurrentURI></s:E>",
    b"<e><LastChange>&lt;E&gt;&lt;TransportState val=&quot;PLAYING&quot;/&gt;&lt;/E&gt;</LastChange></e>",
    b"<root><device><friendlyName>x</friendlyName><service><serviceType>urn:schemas-upnp-org:service:AVTransport:1</serviceType></service></device></root>",
    b'<active-app><app id="1">x</app></active-app>',
    b'{"jsonrpc":"2.0","result":[{"type":"video"}],"device":{"TokenAuthSupport":"true"},"name":"x","build_version":"1"}',
    cast.frame(cast.Message(cast.RECEIVER, '{"type":"RECEIVER_STATUS","status":{"applications":[{"displayName":"x"}]}}'))[4:],
)


def fuzz_one(data: bytes) -> None:
    message = cast.message(data)
    said = [
        greetings.pjlink(data), greetings.ntcontrol(data), airplay.info(200, data), upnp.transport(200, data), upnp.event(data),
        upnp.application(200, data), roku.device(200, data), roku.active(200, data), json.eureka(200, data), json.samsung(200, data),
        json.kodi(200, data), cast.status(message.payload if message else data.decode("utf-8", "replace")),
    ]  # fmt: skip
    airplay.head(data)
    assert all(isinstance(value, (str, int)) for value in plist.top(data).values())
    texts = [upnp.media(200, data), *(upnp.description(data) or ())]
    for told in said:
        assert told is None or isinstance(told, Told)
        texts += [told.what, told.name, told.model, told.guard] if told else []
    assert all(clean(text) == text and len(text) <= 300 for told in said if told for text in (told.what, told.name, told.model, told.guard))
    assert all(len(text) <= MAX_TEXT for text in texts)
