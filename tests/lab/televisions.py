"""Programs standing in for televisions and projectors of makers that no installable software plays, built from the published descriptions of their protocols.

python televisions.py samsung IP              HTTP and remote-control channel on 8001 (2016: no token); accepts everybody
python televisions.py lg IP                   SSAP on 3000, advert by SSDP; lets everybody in as if somebody had agreed on the screen
python televisions.py panasonic [PASSWORD]    NTCONTROL on TCP 1024
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import sys
from collections.abc import Callable

from aiohttp import WSMsgType, web

NTCONTROL_PORT = 1024
_NONCE = "0b3e4d2f"
_GROUP = ("239.255.255.250", 1900)
_SAMSUNG = {"device": {"type": "Samsung SmartTV", "modelName": "UE40KU6000", "TokenAuthSupport": "false"}, "name": "[TV] Sảnh", "type": "Samsung SmartTV"}
# Whatever is asked is answered with all of these: who asks takes what is meant for him.
_LG = {
    "returnValue": True, "volume": 9, "mute": False, "muteStatus": False, "appId": "com.webos.app.livetv", "state": "Active", "apps": [], "launchPoints": [],
    "devices": [], "soundOutput": "tv_speaker", "foregroundAppInfo": [], "volumeStatus": {"volume": 9, "muteStatus": False, "soundOutput": "tv_speaker"},
    "wiredInfo": {}, "wifiInfo": {}, "modelName": "43UK6340",
}  # fmt: skip


async def served(app: web.Application, ip: str, port: int) -> None:
    """The application, for ever."""
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, ip, port).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


async def samsung(ip: str) -> None:
    """A set of 2016: what it is, applications by REST, keys by a channel that asks for no token."""

    async def told(_: web.Request) -> web.Response:
        return web.json_response(_SAMSUNG)

    async def application(_: web.Request) -> web.Response:
        return web.json_response({"ok": True}, status=201)

    async def channel(request: web.Request) -> web.WebSocketResponse:
        line = web.WebSocketResponse()
        await line.prepare(request)
        await line.send_json({"event": "ms.channel.connect", "data": {"clients": [], "id": "1"}})
        async for _ in line:
            pass
        return line

    app = web.Application()
    app.router.add_get("/api/v2/", told)
    app.router.add_get("/api/v2/channels/{channel}", channel)
    app.router.add_route("*", "/api/v2/applications/{id}", application)
    await served(app, ip, 8001)


async def lg(ip: str) -> None:
    """webOS: hello, registration after a prompt, then every request is granted; keys go to a second connection."""

    async def control(request: web.Request) -> web.WebSocketResponse:
        line = web.WebSocketResponse()
        await line.prepare(request)
        async for message in line:
            if message.type is not WSMsgType.TEXT:
                break
            asked = json.loads(message.data)
            for answer in _answers(asked, ip):
                await line.send_json({"id": asked.get("id"), **answer})
        return line

    _announce(ip)
    app = web.Application()
    app.router.add_get("/", control)
    app.router.add_get("/keys", control)
    await served(app, ip, 3000)


def _answers(asked: dict[str, object], ip: str) -> list[dict[str, object]]:
    if asked["type"] == "hello":
        return [{"type": "hello", "payload": {"deviceType": "tv", "deviceOS": "webOS"}}]
    if asked["type"] == "register":
        prompt = {"type": "response", "payload": {"pairingType": "PROMPT", "returnValue": True}}
        return [prompt, {"type": "registered", "payload": {"client-key": "5f3e8a1c0d"}}]
    return [{"type": "response", "payload": {**_LG, "socketPath": f"ws://{ip}:3000/keys"}}]


def _announce(ip: str) -> None:
    kind = "urn:lge-com:service:webos-second-screen:1"
    usn = f"uuid:8b1d0c0e-2a55-4e0c-9f5e-1d2a3b4c5d39::{kind}"
    lines = ["NOTIFY * HTTP/1.1", "HOST: 239.255.255.250:1900", "CACHE-CONTROL: max-age=1800", f"LOCATION: http://{ip}:1754/", f"NT: {kind}"]
    text = "\r\n".join([*lines, "NTS: ssdp:alive", "SERVER: WebOS/4.1.0 UPnP/1.0", f"USN: {usn}", "", ""])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.sendto(text.encode(), _GROUP)


async def panasonic(password: str = "") -> None:
    """A projector that greets, obeys and says each command again; with a password only whoever knows it (user admin1)."""
    digest = hashlib.md5(f"admin1:{password}:{_NONCE}".encode()).hexdigest() if password else ""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"NTCONTROL 1 {_NONCE}\r".encode() if password else b"NTCONTROL 0\r")
        said = (await reader.readuntil(b"\r")).decode()
        writer.write((said.removeprefix(digest) if said.startswith(digest) else "ERRA\r").encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "0.0.0.0", NTCONTROL_PORT)
    print("ready", flush=True)
    await server.serve_forever()


KINDS: dict[str, Callable[..., object]] = {"samsung": samsung, "lg": lg, "panasonic": panasonic}

if __name__ == "__main__":
    asyncio.run(KINDS[sys.argv[1]](*sys.argv[2:]))  # type: ignore[arg-type]
