"""Real screens in the laboratory, asked and listened to by the sensor itself, from a box on a plain port."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
import screens
from asking import MODULES, ask, needed, within
from lab import Host, Net, Segment

from collector.decode.screens.told import Told
from collector.sensors.screens import castline, gena
from collector.sensors.screens.questions import Heard, Means
from collector.sensors.screens.road import OffLinkError, Road
from collector.sensors.screens.targets import Question
from collector.sensors.screens.web import UnansweredError, Web, lax
from collector.sockets import SocketReader, path_of
from model.verdict import Verdict

pytestmark = pytest.mark.root

HERE = Path(__file__).parent
LAUNCH = "import sys, urllib.request as r; print(r.urlopen(r.Request(sys.argv[1], data=b'v=1', method='POST')).status)"

# The location that a renderer answers a search with.
SEARCH = """
import socket, sys
asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.settimeout(1)
asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(sys.argv[1]))
words = ('M-SEARCH * HTTP/1.1', 'HOST: 239.255.255.250:1900', 'MAN: "ssdp:discover"', 'MX: 1', 'ST: urn:schemas-upnp-org:device:MediaRenderer:1', '', '')
answer = b''
for _ in range(15):
    asker.sendto('\\r\\n'.join(words).encode(), ('239.255.255.250', 1900))
    try:
        answer = asker.recv(2000)
        break
    except TimeoutError:
        pass
print(next(line.split(None, 1)[1] for line in answer.decode().splitlines() if line.lower().startswith('location')))
"""


@pytest.fixture
def segment(net: Net) -> Segment:
    return net.segment("display", flooding=False)


@pytest.fixture
def box(net: Net, segment: Segment) -> Host:
    return net.host("box", segment, "192.168.10.2/24", gateway="192.168.10.1")


@pytest.fixture
def tv(net: Net, segment: Segment) -> Host:
    return net.host("tv", segment, "192.168.10.31/24", mac="00:e0:4c:10:20:31")


@pytest.fixture
def phone(net: Net, segment: Segment) -> Host:
    return net.host("phone", segment, "192.168.10.51/24", mac="6a:5f:2e:10:20:51")


def described(tv: Host, port: int, path: str = "/description.xml") -> Question:
    return Question("dlna", str(tv.ip), port, f"http://{tv.ip}:{port}{path}")


# Roads


def test_a_road_leads_to_stations_of_its_own_network_alone(box: Host, tv: Host) -> None:
    async def own() -> list[str]:
        road, told = Road("eth0"), []
        for ip in ("192.168.10.31", "192.168.10.2", "192.168.10.255", "192.168.10.0", "192.168.11.31", "8.8.8.8", "127.0.0.1", "224.0.0.1", "::1", "tv"):
            try:
                told.append(road.own(ip))
            except OffLinkError:
                told.append("")
        return told

    assert within(box, own) == ["192.168.10.2"] + [""] * 9
    assert tv.ip == "192.168.10.31"


def test_nobody_answering_and_a_shut_port_are_told_apart(box: Host, tv: Host) -> None:
    with pytest.raises(ConnectionRefusedError):
        ask(box, Question("pjlink", str(tv.ip), 4352))
    with pytest.raises(OSError, match="Connect call failed") as nobody:
        ask(box, Question("pjlink", "192.168.10.77", 4352))
    assert not isinstance(nobody.value, ConnectionRefusedError)


# Questions


def test_a_projector_greets_and_is_known_by_its_mac(box: Host, tv: Host) -> None:
    screens.peer(tv, "pjlink", tv.mac)
    assert ask(box, Question("pjlink", str(tv.ip), 4352)) == ([Heard("greeting", Told(protected=False, picture=True))], tv.mac)


def test_roku_tells_what_it_is_and_which_application_is_in_front(box: Host, tv: Host) -> None:
    screens.peer(tv, "roku", "Roku khu chờ", str(tv.ip))
    heard, mac = ask(box, Question("roku", str(tv.ip), 8060))
    assert mac == tv.mac
    assert heard[0] == Heard("description", Told(name="Roku khu chờ", model="Roku 4", picture=True))
    # emulated_roku always shows its home screen.
    assert heard[1] == Heard("application", Told(playing=False))


def test_gmediarender_tells_its_state(box: Host, tv: Host) -> None:
    needed("gmediarender")
    screens.gmediarender(tv, "TV-Sảnh")
    heard, _ = ask(box, described(tv, 49494))
    assert [(each.asked, each.told.playing, each.told.name) for each in heard] == [("description", None, "TV-Sảnh"), ("transport", False, "TV-Sảnh")]


def test_rygel_tells_its_state(box: Host, tv: Host, phone: Host) -> None:
    needed("rygel")
    screens.rygel(tv, "Màn hình Rygel")
    location = phone.run([sys.executable, "-c", SEARCH, str(phone.ip)]).strip()
    heard, mac = ask(box, Question("dlna", str(tv.ip), int(location.split(":")[2].split("/")[0]), location))
    assert mac == tv.mac
    assert [(each.asked, each.told.playing, each.told.name) for each in heard] == [
        ("description", None, "Màn hình Rygel"),
        ("transport", False, "Màn hình Rygel"),
    ]


def test_uxplay_tells_its_flags(box: Host, tv: Host) -> None:
    needed("uxplay", "avahi-daemon")
    screens.avahi(tv)
    screens.uxplay(tv, "Màn hình họp")
    heard, _ = ask(box, Question("airplay", str(tv.ip), 7000))
    told = heard[0].told
    assert (told.protected, told.playing, told.name, told.model, told.picture) == (False, False, "Màn hình họp", "AppleTV3,2", True)


def test_an_old_sound_receiver_has_no_info(box: Host, tv: Host) -> None:
    needed("shairport-sync", "avahi-daemon")
    screens.avahi(tv)
    screens.shairport(tv, "Loa")
    with pytest.raises(UnansweredError):
        ask(box, Question("airplay", str(tv.ip), 5000))


def test_dial_tells_whether_the_application_runs(box: Host, tv: Host, phone: Host) -> None:
    needed("node", module="peer-dial")
    screens.dial(tv, "TV box", MODULES)
    question = Question("dial", str(tv.ip), 8008, f"http://{tv.ip}:8008/dial/ssdp/device-desc.xml")
    assert ask(box, question)[0][1] == Heard("application", Told(playing=False))
    phone.run([sys.executable, "-c", LAUNCH, f"http://{tv.ip}:8008/dial/apps/YouTube"])
    assert ask(box, question)[0][1] == Heard("application", Told(playing=True, what="YouTube"))


def test_a_cast_receiver_names_itself_and_its_application(box: Host, tv: Host, phone: Host) -> None:
    needed("node", module="castv2")
    screens.cast(tv, "TV khu chờ", MODULES)
    assert ask(box, Question("cast", str(tv.ip), 8008)) == ([Heard("eureka_info", Told(name="TV khu chờ"))], tv.mac)
    status = Question("cast-status", str(tv.ip), 8009)
    assert ask(box, status)[0] == [Heard("status", Told(playing=False))]
    sender = phone.popen([sys.executable, HERE / "castpush.py", str(tv.ip), "8009", "http://192.168.10.51:8090/a.mp4"])
    sender.wait_for("playing")
    assert ask(box, status)[0] == [Heard("status", Told(playing=True, what="Default Media Receiver"))]


# What screens tell by themselves


@asynccontextmanager
async def turn(_ip: str):
    async with asyncio.timeout(30):
        yield


def test_a_renderer_tells_that_it_begins_to_play_and_what(box: Host, tv: Host, phone: Host, tmp_path: Path) -> None:
    needed("gmediarender")
    screens.gmediarender(tv, "TV-Sảnh")
    media = f"http://{phone.ip}:8090/anh-vui.wav"

    async def listened() -> list[Told]:
        heard: list[Told] = []
        news = asyncio.Event()

        def hear(told: Told) -> None:
            heard.append(told)
            news.set()

        road = Road("eth0")
        listener = gena.Listener(road.own(str(tv.ip)), 0)
        await listener.start()
        async with Web(road) as web:
            task = asyncio.create_task(gena.subscribed(described(tv, 49494), Means(road, web, lax()), listener, hear, turn))
            # The first event gives everything as it is.
            async with asyncio.timeout(30):
                await news.wait()
            pusher = asyncio.create_task(asyncio.to_thread(pushed, phone, tv, media))
            async with asyncio.timeout(20):
                while not (any(told.playing for told in heard) and heard[-1].playing is False):
                    news.clear()
                    await news.wait()
            await pusher
            task.cancel()
            await asyncio.wait([task])
            await listener.stop()
        return heard

    heard = within(box, listened)
    playing = [told for told in heard if told.playing]
    assert heard[0].playing is False
    assert {told.what for told in playing} == {media}
    assert (heard[-1].playing, heard[-1].what) == (False, "")


def pushed(phone: Host, tv: Host, media: str) -> None:
    """A second of silence, served and pushed by the phone, to its end."""
    silence = phone.folder / Path(media).name
    samples = bytes([128]) * 8_000
    header = b"RIFF" + (36 + len(samples)).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    silence.write_bytes(
        header + b"\x01\x00\x01\x00" + (8000).to_bytes(4, "little") * 2 + b"\x01\x00\x08\x00data" + len(samples).to_bytes(4, "little") + samples
    )
    phone.run(["sh", "-c", f"{sys.executable} -m http.server 8090 --directory {phone.folder} & server=$!; sleep 0.5; "
               f"{sys.executable} {HERE / 'push.py'} http://{tv.ip}:49494/description.xml {media}; kill $server"])  # fmt: skip


def test_a_cast_receiver_tells_every_change(box: Host, tv: Host, phone: Host) -> None:
    needed("node", module="castv2")
    screens.cast(tv, "TV khu chờ", MODULES)

    async def followed() -> list[Told]:
        heard = []
        async with castline.opened(Road("eth0"), str(tv.ip), 8009, lax()) as line, aclosing(line.told()) as states, asyncio.timeout(30):
            async for told in states:
                heard.append(told)
                if len(heard) == 1:
                    sender = await asyncio.to_thread(playing, phone, tv)
                if told.playing and len(heard) > 1:
                    sender.popen.send_signal(signal.SIGTERM)
                if len(heard) > 1 and not told.playing:
                    return heard
        return heard

    heard = within(box, followed)
    assert heard[0] == heard[-1] == Told(playing=False)
    assert Told(playing=True, what="Default Media Receiver") in heard


def playing(phone: Host, tv: Host):
    return phone.popen([sys.executable, HERE / "castpush.py", str(tv.ip), "8009", "http://192.168.10.51:8090/a.mp4"])


# The whole service

CONFIGURATION = """
[[legs]]
interface = "eth0"
[web]
port = 0
[screens]
ask = ["pjlink", "dlna"]
subscribe = ["dlna"]
period = "1m"
"""


async def verdicts(folder: Path, holds: Callable[[Verdict], bool]) -> Verdict:
    """The first verdict of VG-NET-02 that does, as the page would read it."""
    reader = SocketReader(path_of(folder / "state" / "sockets", "read"))
    try:
        async with asyncio.timeout(60):
            version = -1
            while True:
                version = await reader.wait(version, 5)
                for verdict in await reader.verdicts():
                    if verdict.detector == "VG-NET-02" and holds(verdict):
                        return verdict
    finally:
        await reader.close()


def said(verdict: Verdict) -> str:
    return " ".join(piece.value for piece in verdict.evidence if piece.kind in ("read", "session"))


def test_from_a_plain_port_the_whole_service_sees_that_a_screen_plays_and_what(box: Host, tv: Host, phone: Host, tmp_path: Path) -> None:
    needed("gmediarender")
    (tmp_path / "config.toml").write_text(CONFIGURATION)
    (tmp_path / "declared").mkdir()
    (tmp_path / "declared" / "site.toml").write_text('site = "xa-a"\n[[zones]]\nleg = "lan"\nrole = "citizen"\n')
    # The phone is declared as a source of media; else its address would be told by a code.
    (tmp_path / "declared" / "screens.csv").write_text(f"mac,name,media_hosts\n{tv.mac},TV-Sảnh,{phone.ip}\n")
    service = box.popen([Path(sys.executable).with_name("vonggac"), "run", "--config", tmp_path / "config.toml"])
    service.wait_for("Trang theo dõi", 30)
    screens.gmediarender(tv, "TV-Sảnh")
    # Once subscribed, the first event tells that nothing plays.
    idle = asyncio.run(verdicts(tmp_path, lambda verdict: "event" in said(verdict)))
    assert dict(idle.state)["in_session"] == "no"
    push = threading.Thread(target=pushed, args=(phone, tv, f"http://{phone.ip}:8090/anh-vui.wav"))
    push.start()
    playing = asyncio.run(verdicts(tmp_path, lambda verdict: dict(verdict.state)["in_session"] == "yes"))
    assert f"what=hxxp://{phone.ip}:8090/anh-vui.wav" in said(playing)
    push.join(30)
    asyncio.run(verdicts(tmp_path, lambda verdict: dict(verdict.state)["in_session"] == "no"))
    assert service.stop() == 0
    assert "Traceback" not in service.said()
