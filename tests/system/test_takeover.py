"""A takeover lived through: a real renderer pushed to by a real client while `vonggac run` listens on a mirror port, to the closing by a person."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import struct
import sys
from base64 import b64encode
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parents[1] / "lab"))

import screens

from tests.lab.lab import Host, Leg, Net, Process, Segment
from tests.system.program import PATIENCE, Box, address, ran, until
from tests.system.test_kill import ReceiverInSpace

pytestmark = pytest.mark.root

LAB = Path(__file__).parents[1] / "lab"
TV, PHONE, OFFICE, NAS = "1c:a4:10:10:20:34", "6a:5f:2e:10:20:51", "00:06:5b:10:20:21", "00:11:32:10:20:60"
DESCRIPTION = "http://192.168.10.34:49494/description.xml"
HALF_AN_HOUR = 31 * 60
ASK = """
import asyncio, sys
from async_upnp_client.aiohttp import AiohttpRequester
from async_upnp_client.client_factory import UpnpFactory
async def ask(description, service, action, arguments):
    device = await UpnpFactory(AiohttpRequester()).async_create_device(description)
    print(await device.service(service).action(action).async_call(**arguments))
asyncio.run(ask(sys.argv[1], sys.argv[2], sys.argv[3], eval(sys.argv[4])))
"""
TRANSPORT, CONTENT = (f"urn:schemas-upnp-org:service:{name}:1" for name in ("AVTransport", "ContentDirectory"))


@dataclass
class Hall:
    """A hall with a screen, a box at a mirror port, and the on-call."""

    net: Net
    segment: Segment
    box: Box
    leg: Leg
    receiver: ReceiverInSpace
    keys: Path

    def host(self, name: str, last: int, mac: str) -> Host:
        return self.net.host(name, self.segment, f"192.168.10.{last}/24", mac=mac)

    def started(self, *, ahead: int = 0) -> Process:
        """The program, till it listens."""
        program = [Path(sys.executable).with_name("vonggac"), "run", "--config", self.box.config]
        later = [sys.executable, Path(__file__).with_name("later.py"), self.box.config, str(ahead)]
        process = self.leg.space.popen(later if ahead else program, env={"PYTHONPATH": str(LAB.parents[1])})
        process.wait_for(f"đang nghe trên {self.leg.interface}", PATIENCE)
        return process

    def page(self, process: Process, path: str = "") -> str:
        """A part of the page, from the box's own space."""
        script = f"import urllib.request; print(urllib.request.urlopen('{address(process)}{path}', timeout=30).read().decode())"
        return self.leg.space.run([sys.executable, "-c", script])

    def takeovers(self) -> list[dict[str, Any]]:
        return self.box.findings("VG-NET-03")

    async def alerts(self, holds: Callable[[str], bool]) -> list[str]:
        """Texts of the messages of the takeover, when one that holds has come."""
        count = 0
        while True:
            told = [one.json()["data"] for one in self.receiver.accepted if b"VG-NET-03" in one.body]
            if any(holds(json.dumps(one, ensure_ascii=False)) for one in told):
                return [json.dumps(one, ensure_ascii=False) for one in told]
            count = len(self.receiver.deliveries)
            await self.receiver.received(count + 1, PATIENCE)


@asynccontextmanager
async def hall(net: Net, folder: Path):
    segment = net.segment("lan", flooding=True)
    leg = segment.leg()
    leg.space.shell("ip link set lo up")
    box = Box(folder).site(more='name = "Trung tâm phục vụ hành chính công xã A"\n[[zones]]\nleg = "lan"\nrole = "citizen"\n')
    (folder / "declared" / "screens.csv").write_text(f"mac,name,place,approved_senders\n{TV},TV-Sảnh,Sảnh tầng 1,{OFFICE}\n")
    secret = "whsec_" + b64encode(secrets.token_bytes(24)).decode()
    (folder / "secret").write_text(secret)
    (folder / "secret").chmod(0o600)
    assert ran("evidence", "keygen", "--out", folder / "soc").returncode == 0
    async with ReceiverInSpace(secret, leg) as receiver:
        box.write(
            f'[[legs]]\nname = "lan"\ninterface = "{leg.interface}"\nheartbeat = "2s"\n',
            f'[[sinks]]\ntype = "webhook"\nurl = "{receiver.url}"\nsecret_file = "secret"\nurgencies = ["page"]\n',
            '[evidence]\nsoc_public_key_file = "soc/soc-evidence.pub"\n',
        )
        yield Hall(net, segment, box, leg, receiver, folder / "soc")


def frames(pcap: bytes) -> list[bytes]:
    """The frames of a little-endian pcap file, read by hand."""
    found, place = [], 24
    while place < len(pcap):
        (size,) = struct.unpack_from("<I", pcap, place + 8)
        found.append(pcap[place + 16 : place + 16 + size])
        place += 16 + size
    return found


async def test_a_takeover_is_told_shown_sealed_opened_and_closed(net: Net, short_path: Path) -> None:
    async with hall(net, short_path) as made:
        screens.gmediarender(made.host("tv-sanh", 34, TV), "TV-Sảnh")
        phone = made.host("dien-thoai", 51, PHONE)
        process = await asyncio.to_thread(made.started)
        push = phone.popen([sys.executable, LAB / "push.py", DESCRIPTION, "http://192.168.10.51:8080/la.mp4?k=1"])
        told = await made.alerts(lambda text: "critical" in text)
        assert "TV-Sảnh" in told[0]
        assert "Sảnh tầng 1" in "".join(told)
        for secret in (PHONE, "192.168.10.51"):
            assert secret not in "".join(told)
        (finding,) = await asyncio.to_thread(made.takeovers)
        shown(made, process, finding)
        opened(made, finding)
        close = ("findings", "close", finding["id"], "--by", "Trần Văn B", "--why", "đã rút điện, tắt DLNA")
        refused = await asyncio.to_thread(ran, *close, "--config", made.box.config)
        assert (refused.returncode, "còn đang diễn ra" in refused.stderr) == (1, True), refused
        push.stop()
        process.stop()
        assert "Traceback" not in process.said()
        later = await asyncio.to_thread(made.started, ahead=HALF_AN_HOUR)
        (still,) = await asyncio.to_thread(made.takeovers)
        assert still["state"] == "open", "nobody has closed it"
        await asyncio.to_thread(until, lambda: ran(*close, "--config", made.box.config).returncode == 0, "the closing")
        (over,) = await asyncio.to_thread(made.takeovers)
        assert over["state"] == "resolved"
        later.stop()


def shown(made: Hall, process: Process, finding: dict[str, Any]) -> None:
    """The page has it at the top; the screen's page says by which device, what, since when."""
    overview, screen = made.page(process), made.page(process, f"thiet-bi/{finding['subject']['id']}")
    titles = re.findall(r'class="finding-title"><a[^>]*>([^<]*)', overview)
    assert "TV-Sảnh" in titles[0]
    assert "phát nội dung" in titles[0]
    assert "một thiết bị lạ đã phát nội dung lên màn hình “TV-Sảnh” (Sảnh tầng 1) qua DLNA: hxxp://[thiết bị gửi]:8080/la.mp4" in screen, screen
    raw = made.page(process, f"phat-hien/{finding['id']}")
    assert re.search(r"DLNA SetAVTransportURI hxxp://\[thiết bị gửi\]:8080/la.mp4 ← #[0-9a-f]{8}", raw), raw
    assert 'class="since"' in screen
    for secret in (PHONE, "192.168.10.51"):
        assert secret not in overview + screen + raw


def opened(made: Hall, finding: dict[str, Any]) -> None:
    """The SOC gets the sender's true address and the very frames back."""
    (name,) = {piece["value"] for piece in finding["evidence"] if piece["kind"] == "capture"}
    sealed = made.box.folder / "state" / "sealed" / f"{name}.vgseal"
    until(sealed.exists, "the sealed file")
    assert PHONE.encode() not in sealed.read_bytes()
    out = made.box.folder / "vu"
    arguments = ["evidence", "open", sealed, "--key", made.keys / "soc-evidence.key", "--by", "Trần Văn B", "--why", "thử", "--out", out]
    done = ran(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    story = json.loads(next(out.glob("*.json")).read_text())
    assert (story["sender_mac"], story["sender_ip"], story["screen_mac"]) == (PHONE, "192.168.10.51", TV)
    assert any(push["url"] == "http://192.168.10.51:8080/la.mp4?k=1" for push in story["pushes"])
    sent = [frame for frame in frames(next(out.glob("*.pcap")).read_bytes()) if b"#SetAVTransportURI" in frame]
    assert sent
    assert all(frame[6:12] == bytes.fromhex(PHONE.replace(":", "")) for frame in sent)


async def test_what_only_looks_like_a_takeover_wakes_nobody(net: Net, short_path: Path) -> None:
    """A phone asks a screen how it is and browses a media server; the office's own PC, which may, shows something."""
    async with hall(net, short_path) as made:
        screens.gmediarender(made.host("tv-sanh", 34, TV), "TV-Sảnh")
        screens.minidlna(made.host("nas", 60, NAS), "Kho phim")
        phone, office = made.host("dien-thoai", 51, PHONE), made.host("may-hop", 21, OFFICE)
        process = await asyncio.to_thread(made.started)
        (phone.folder / "ask.py").write_text(ASK)
        asked = [sys.executable, phone.folder / "ask.py"]
        poll = phone.run([*asked, DESCRIPTION, TRANSPORT, "GetTransportInfo", "{'InstanceID': 0}"])
        browse = "{'ObjectID': '0', 'BrowseFlag': 'BrowseDirectChildren', 'Filter': '*', 'StartingIndex': 0, 'RequestedCount': 0, 'SortCriteria': ''}"
        listed = phone.run([*asked, "http://192.168.10.60:8200/rootDesc.xml", CONTENT, "Browse", browse])
        assert "CurrentTransportState" in poll
        assert "Result" in listed
        push = office.popen([sys.executable, LAB / "push.py", DESCRIPTION, "http://192.168.10.21:8080/hop.mp4"])
        await asyncio.to_thread(until, lambda: "đang được thiết bị đã khai báo" in said(made), "the office's session")
        assert await asyncio.to_thread(made.takeovers) == []
        assert [one for one in made.receiver.deliveries if b"VG-NET-03" in one.body] == []
        assert list((made.box.folder / "state" / "sealed").glob("*.vgseal")) == []
        push.stop()
        process.stop()
        assert "Traceback" not in process.said()


def said(made: Hall) -> str:
    """What the rule says of the screen now; nothing before it has judged it."""
    return ran("explain", "VG-NET-03", "TV-Sảnh", "--config", made.box.config).stdout
